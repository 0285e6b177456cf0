package schema

import (
	"slices"
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

type m = table.Model

func TestWhatAChangeOfSizeCosts(t *testing.T) {
	guest := func(typ string, vcpu, memory int64, maximum m) m {
		g := m{"type": typ, "vcpu": vcpu, "memory": memory}
		if maximum != nil {
			g["maximum"] = maximum
		}
		return g
	}
	room := m{"vcpu": int64(4), "memory": int64(65536)}
	slots := m{"memory_slots": int64(2), "memory_with_devices": int64(1 << 20)}
	plugged := func(maximum m) m {
		g := guest("kvm", 1, 32768, maximum)
		g["memory_devices"] = m{"a": m{"model": "dimm", "size": int64(131072)}}
		return g
	}
	device := func(of m) m {
		g := guest("kvm", 1, 32768, slots)
		g["memory_devices"] = m{"a": of}
		return g
	}
	elastic := func(size, requested int64) m {
		return device(m{"model": "virtio-mem", "size": size, "requested": requested})
	}
	none := guest("kvm", 1, 32768, slots)
	threaded := func(key string, thread m, ofDisk int64) m {
		g := guest("kvm", 1, 32768, nil)
		g["cputune"] = m{"iothreads": m{key: thread}}
		if ofDisk > 0 {
			g["disks"] = m{"vda": m{"bus": "virtio", "options": m{"iothread": ofDisk}}}
		}
		return g
	}
	for what, c := range map[string]struct {
		from, to m
		want     []string
	}{
		"more processors":                 {guest("kvm", 1, 32768, room), guest("kvm", 4, 32768, room), []string{"vcpu live"}},
		"fewer":                           {guest("kvm", 4, 32768, room), guest("kvm", 1, 32768, room), []string{"vcpu live"}},
		"fewer in software":               {guest("qemu", 4, 32768, room), guest("qemu", 1, 32768, room), []string{"vcpu next boot"}},
		"more than there is room for":     {guest("kvm", 1, 32768, room), guest("kvm", 5, 32768, m{"vcpu": int64(8), "memory": int64(65536)}), []string{"maximum.vcpu next boot", "vcpu next boot"}},
		"more, and more room":             {guest("kvm", 1, 32768, room), guest("kvm", 2, 32768, m{"vcpu": int64(8), "memory": int64(65536)}), []string{"maximum.vcpu next boot", "vcpu live"}},
		"less room than there is":         {guest("kvm", 4, 32768, room), guest("kvm", 2, 32768, m{"vcpu": int64(2), "memory": int64(65536)}), []string{"maximum.vcpu next boot", "vcpu next boot"}},
		"no room":                         {guest("kvm", 1, 32768, nil), guest("kvm", 2, 65536, nil), []string{"memory next boot", "vcpu next boot"}},
		"fewer where nothing can go":      {guest("kvm", 2, 65536, nil), guest("kvm", 1, 32768, nil), []string{"memory next boot", "vcpu next boot"}},
		"memory":                          {guest("kvm", 1, 32768, room), guest("kvm", 1, 65536, room), []string{"memory live"}},
		"memory beyond":                   {guest("kvm", 1, 32768, room), guest("kvm", 1, 65537, m{"vcpu": int64(4), "memory": int64(1 << 20)}), []string{"maximum.memory next boot", "memory next boot"}},
		"a device where there are slots":  {guest("kvm", 1, 32768, slots), plugged(slots), []string{`memory_devices["a"] live`}},
		"a device where there were none":  {guest("kvm", 1, 32768, nil), plugged(slots), []string{"maximum.memory_slots next boot", "maximum.memory_with_devices next boot", `memory_devices["a"] next boot`}},
		"a device that leaves":            {plugged(slots), none, []string{`memory_devices["a"] live`}},
		"an elastic one that comes":       {none, elastic(8192, 0), []string{`memory_devices["a"] live`}},
		"an elastic one that leaves":      {elastic(8192, 0), none, []string{`memory_devices["a"] next boot`}},
		"another request":                 {elastic(8192, 0), elastic(8192, 4096), []string{`memory_devices["a"].requested live`}},
		"a request beyond the size":       {elastic(8192, 0), elastic(16384, 16384), []string{`memory_devices["a"].requested next boot`, `memory_devices["a"].size next boot`}},
		"persistent memory on the bus":    {none, device(m{"model": "virtio-pmem"}), []string{`memory_devices["a"] live`}},
		"an NVDIMM":                       {none, device(m{"model": "nvdimm"}), []string{`memory_devices["a"] next boot`}},
		"an I/O thread":                   {guest("kvm", 1, 32768, nil), threaded("1", m{}, 0), []string{`cputune.iothreads["1"] live`}},
		"one that is not used":            {threaded("1", m{}, 2), guest("kvm", 1, 32768, nil), []string{`cputune.iothreads["1"] live`, `disks["vda"] live`}},
		"one that a disk uses":            {threaded("1", m{}, 1), guest("kvm", 1, 32768, nil), []string{`cputune.iothreads["1"] next boot`, `disks["vda"] live`}},
		"one with a scheduler":            {guest("kvm", 1, 32768, nil), threaded("1", m{"scheduler": "idle"}, 0), []string{`cputune.iothreads["1"] next boot`}},
		"one with a pool":                 {guest("kvm", 1, 32768, nil), threaded("1", m{"pool_max": int64(8)}, 0), []string{`cputune.iothreads["1"] live`}},
		"another pool":                    {threaded("1", m{"pool_min": int64(1)}, 1), threaded("1", m{"pool_min": int64(2), "poll_max": int64(0)}, 1), []string{`cputune.iothreads["1"].poll_max live`, `cputune.iothreads["1"].pool_min live`}},
		"no pool any more":                {threaded("1", m{"pool_min": int64(1)}, 1), threaded("1", m{}, 1), []string{`cputune.iothreads["1"].pool_min next boot`}},
		"one on other CPUs":               {threaded("1", m{"cpuset": "0"}, 0), threaded("1", m{"cpuset": "1"}, 0), []string{`cputune.iothreads["1"].cpuset live`}},
		"the last device, with the slots": {plugged(slots), guest("kvm", 1, 32768, nil), []string{"maximum.memory_slots next boot", "maximum.memory_with_devices next boot", `memory_devices["a"] next boot`}},
	} {
		var got []string
		for _, change := range table.Changes(Table.Attrs, c.from, c.to) {
			got = append(got, table.PathString(change.Path)+" "+change.Cost.String())
		}
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", what, got, c.want)
		}
	}
}

func TestCPUSets(t *testing.T) {
	for _, same := range [][2]string{{"0,1,2,3", "0-3"}, {"0-3,^2", "0-1,3"}, {"5", "5"}, {" 1 , 0", "0-1"}} {
		if !sameCPUs(same[0], same[1]) {
			t.Errorf("%q is not %q", same[0], same[1])
		}
	}
	for _, bad := range []string{"", "a", "3-1", "0-", "-1", "0,,1", "1,^1", "0-99999"} {
		if err := cpusetForm(bad); err == nil || !strings.Contains(err.Error(), "must be CPUs of the host like") {
			t.Errorf("%q: %v", bad, err)
		}
	}
	set, _ := ParseCPUs("0,9")
	if bits, err := set.Bitmap(10); err != nil || !slices.Equal(bits, []byte{1, 2}) {
		t.Errorf("got %v, %v", bits, err)
	}
	if _, err := set.Bitmap(8); err == nil || err.Error() != "the host has no CPU 9, only 0 to 7" {
		t.Errorf("got %v", err)
	}
}

func TestMetadataIsComparedByWhatItMeans(t *testing.T) {
	const host = `<owner group="a" of="b"><mail>x y</mail></owner>`
	for config, same := range map[string]bool{
		host: true,
		"<owner of='b' group='a'>\n  <mail>x y</mail>\n</owner>":                               true,
		`<t:owner xmlns:t="urn:t" of="b" group="a"><t:mail>x y</t:mail></t:owner>`:             true,
		`<owner xmlns="urn:t" of="b" group="a"><mail>x y</mail></owner>`:                       true,
		`<owner group="a" of="b"><mail>x  y</mail></owner>`:                                    false,
		`<owner group="a"><mail>x y</mail></owner>`:                                            false,
		`<owner group="a" of="b"><mail>x y</mail><mail/></owner>`:                              false,
		`<owner group="a" of="b"><o:mail xmlns:o="urn:other">x y</o:mail></owner>`:             false,
		`<other group="a" of="b"><mail>x y</mail></other>`:                                     false,
		`<owner group="a" of="b"><!-- for people --><mail>x y</mail></owner><second></second>`: false,
	} {
		if xmlmodel.SameElement(config, host) != same {
			t.Errorf("%s: want %v", config, same)
		}
	}
}

func TestResourceRules(t *testing.T) {
	base := func(more m) m {
		c := m{"vcpu": int64(2), "memory": int64(32768)}
		for k, v := range more {
			c[k] = v
		}
		return c
	}
	device := func(of m) m {
		return base(m{"maximum": m{"memory_slots": int64(2), "memory_with_devices": int64(1 << 20)}, "memory_devices": m{"a": of}})
	}
	pages := func(of m) m {
		return base(m{"memory_backing": m{"hugepages": true, "hugepage_nodes": of}, "cpu": m{"numa": m{"0": m{}, "1": m{}}}})
	}
	for want, config := range map[string]m{
		`'requested' requires 'model' to be "virtio-mem", got "dimm"; change that, or remove 'requested'`:                         device(m{"size": int64(131072), "requested": int64(0)}),
		`'requested' is required with model "virtio-mem"; set it, from 0 to 'size'`:                                               device(m{"model": "virtio-mem", "size": int64(131072)}),
		"'requested' must be at most 'size', 131072 KiB, got 262144; lower it, or raise 'size'":                                   device(m{"model": "virtio-mem", "size": int64(131072), "requested": int64(262144)}),
		"'requested' must be a multiple of 'block', 2048 KiB, got 1024; round it":                                                 device(m{"model": "virtio-mem", "size": int64(131072), "requested": int64(1024)}),
		"'size' must be a multiple of 'block', 4096 KiB, got 6144; round it":                                                      device(m{"model": "virtio-mem", "size": int64(6144), "requested": int64(0), "block": int64(4096)}),
		`'path' is required with model "nvdimm"; set the file of the host that has the content`:                                   device(m{"model": "nvdimm", "size": int64(131072)}),
		"'label_size' must be less than 'size', 131072 KiB, got 131072; lower it":                                                 device(m{"model": "nvdimm", "size": int64(131072), "path": "/p", "label_size": int64(131072)}),
		`'access' is required with model "virtio-pmem"; set it to "shared"`:                                                       device(m{"model": "virtio-pmem", "size": int64(131072), "path": "/p", "access": "private"}),
		`'node' requires 'model' to be "dimm" or "virtio-mem" or "nvdimm", got "virtio-pmem"; change that, or remove 'node'`:      device(m{"model": "virtio-pmem", "size": int64(131072), "path": "/p", "access": "shared", "node": int64(0)}),
		"'node' must be a NUMA node of the guest, from 0 to 0, got 1; change it, or add the node to 'cpu.numa'":                   device(m{"size": int64(131072), "node": int64(1)}),
		"'hugepage_nodes' requires 'hugepages' to be true; change that, or remove 'hugepage_nodes'":                               base(m{"memory_backing": m{"hugepage_nodes": m{}, "source": "memfd"}}),
		"'nodes' must be nodes in 'cpu.numa', got 2; add that node, or remove it here":                                            pages(m{"2048": m{"nodes": "2"}}),
		"'nodes' must not have node 1, which has pages of 1048576 KiB; remove it from one of them":                                pages(m{"1048576": m{"nodes": "1"}, "2048": m{"nodes": "1"}}),
		"'vcpu' must be at least the guest's 'vcpu', 2, got 1; raise it, or remove it":                                            base(m{"maximum": m{"vcpu": int64(1)}}),
		"'memory' must be at least the guest's 'memory', 32768 KiB, got 16384; raise it, or remove it":                            base(m{"maximum": m{"memory": int64(16384)}}),
		"'maximum' must not be empty; set one of its attributes, or remove it":                                                    base(m{"maximum": m{}}),
		"'memory_slots' and 'memory_with_devices' require each other; set both or neither":                                        base(m{"maximum": m{"memory_slots": int64(1)}}),
		"'memory_devices' requires slots; set 'maximum.memory_slots' and 'maximum.memory_with_devices'":                           base(m{"memory_devices": m{"a": m{"size": int64(131072)}}}),
		"'memory_with_devices' must be at least 163840 KiB, the memory with its devices, got 65536; raise it":                     base(m{"maximum": m{"memory_slots": int64(1), "memory_with_devices": int64(65536)}, "memory_devices": m{"a": m{"size": int64(131072)}}}),
		"'cputune' must not be empty; set one of its attributes, or remove it":                                                    base(m{"cputune": m{"vcpupin": m{}}}),
		"a key of 'vcpupin' must be from 0 to 1, got 2; remove it, or raise 'vcpu' or 'maximum.vcpu'":                             base(m{"cputune": m{"vcpupin": m{"2": m{"cpuset": "0"}}}}),
		`'priority' is required with scheduler "fifo"; set it, from 1 to 99`:                                                      base(m{"cputune": m{"emulatorsched": m{"scheduler": "fifo"}}}),
		`'priority' requires 'scheduler' to be "fifo" or "rr", got "idle"; change that, or remove 'priority'`:                     base(m{"cputune": m{"vcpusched": m{"0": m{"scheduler": "idle", "priority": int64(1)}}}}),
		"'priority' requires 'scheduler'; set it, or remove 'priority'":                                                           base(m{"cputune": m{"iothreads": m{"1": m{"priority": int64(1)}}}}),
		"a key of 'vcpusched' must be from 0 to 1, got 2; remove it, or raise 'vcpu' or 'maximum.vcpu'":                           base(m{"cputune": m{"vcpusched": m{"2": m{"scheduler": "idle"}}}}),
		`a key of 'cachetune' must have virtual CPUs from 0 to 1, got "1-2"; correct it, or raise 'vcpu' or 'maximum.vcpu'`:       base(m{"cputune": m{"cachetune": m{"1-2": m{"caches": m{"0/both": m{"size": int64(4096)}}}}}}),
		`a key of 'memorytune' must have virtual CPUs from 0 to 1, got "2"; correct it, or raise 'vcpu' or 'maximum.vcpu'`:        base(m{"cputune": m{"memorytune": m{"2": m{"nodes": m{"0": m{"bandwidth": int64(50)}}}}}}),
		"'swap_hard_limit' must be at least 'hard_limit', 2097152 KiB, got 1048576: it limits memory and swap together; raise it": base(m{"memtune": m{"hard_limit": int64(2 << 20), "swap_hard_limit": int64(1 << 20)}}),
		"'memory_devices' must have at most 1 entries, the 'maximum.memory_slots', got 2; raise 'maximum.memory_slots'":           base(m{"maximum": m{"memory_slots": int64(1), "memory_with_devices": int64(1 << 20)}, "memory_devices": m{"a": m{}, "b": m{}}}),
	} {
		problems := problemsOf(resourceRules, config)
		if len(problems) != 1 || problems[0].Text != want {
			t.Errorf("want %q, got %v", want, problems)
		}
	}
	for what, config := range map[string]m{"nothing known": {"vcpu": table.Unknown, "memory": table.Unknown, "maximum": table.Unknown, "memory_devices": m{"a": m{}}},
		"a pin of one to come": base(m{"maximum": m{"vcpu": int64(4)}, "cputune": m{"vcpupin": m{"3": m{"cpuset": "0"}}}})} {
		if problems := problemsOf(resourceRules, config); len(problems) > 0 {
			t.Errorf("%s: %v", what, problems)
		}
	}
}
