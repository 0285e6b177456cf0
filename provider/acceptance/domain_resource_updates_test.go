//go:build acceptance

package acceptance

import "fmt"

// resourceCases returns the cases of virtual CPUs, memory and the guest's share of the host.
func resourceCases() map[string]update {
	group := []string{"update", "update"}
	limits := func(a attrs) attrs { return attrs{"maximum": attrs{"memory": 65536}.with(a)} }
	slots := func(a attrs) attrs { return limits(attrs{"memory_slots": 2, "memory_with_devices": 1 << 20}.with(a)) }
	dimm := func(a attrs) attrs {
		return slots(nil).with(attrs{"memory_devices": attrs{"first": attrs{"size": 131072}.with(a)}})
	}
	device := func(a attrs) attrs { return slots(nil).with(attrs{"memory_devices": attrs{"first": a}}) }
	elastic := func(a attrs) attrs {
		return device(attrs{"model": "virtio-mem", "size": 131072, "requested": 65536}.with(a))
	}
	store := func(a attrs) attrs {
		return device(attrs{"model": "nvdimm", "size": 131072, "path": "/srv/store"}.with(a))
	}
	seeDIMM := "devices/memory/target/"
	cases := map[string]update{
		"maximum": {see: together("vcpu", "vcpu@current", "memory", "currentMemory"), actions: group, steps: []step{
			{nil, "1  32768 32768"}, {limits(attrs{"vcpu": 3}), "3 1 65536 32768"}, {nil, "1  32768 32768"}}},
		"maximum.vcpu": {see: together("vcpu", "vcpu@current", "vcpus?"), steps: []step{
			{limits(attrs{"vcpu": 1}), "1  true"}, {limits(attrs{"vcpu": 4}), "4 1 true"}, {limits(nil), "1  false"}}},
		"maximum.memory": {see: together("memory", "currentMemory"), steps: []step{
			{limits(attrs{"memory": 65536, "vcpu": 2}), "65536 32768"}, {limits(attrs{"memory": 32768, "vcpu": 2}), "32768 32768"}, {limits(attrs{"memory": nil, "vcpu": 2}), "32768 32768"}}},
		"maximum.memory_slots": {see: together("maxMemory@slots", "cpu/numa?"), steps: []step{
			{slots(nil), "2 true"}, {slots(attrs{"memory_slots": 3}), "3 true"}, {limits(nil), " false"}}},
		"maximum.memory_with_devices": {see: together("maxMemory", "cpu/numa/cell@memory"), steps: []step{
			{slots(nil), "1048576 65536"}, {slots(attrs{"memory_with_devices": 2 << 20}), "2097152 65536"}, {limits(nil), " "}}},
		"memory_devices": {see: together(seeDIMM+"size", "devices/memory/alias@name", "memory", "currentMemory"), actions: group, steps: []step{
			{slots(nil), "  65536 32768"}, {dimm(nil), "131072 ua-first 196608 163840"}, {slots(nil), "  65536 32768"}}},
		"memory_devices.size": {see: together(seeDIMM+"size", "memory", "currentMemory"), steps: []step{
			{dimm(nil), "131072 196608 163840"}, {dimm(attrs{"size": 262144}), "262144 327680 294912"}}},
	}
	of := func(in func(attrs) attrs, name, where string, first, second any, shown ...string) {
		cases["memory_devices."+name] = update{see: defined("devices/memory" + where), steps: []step{
			{in(attrs{name: first}), shown[0]}, {in(attrs{name: second}), shown[1]}, {in(nil), shown[2]}}}
	}
	cases["memory_devices.model"] = update{see: defined("devices/memory@model"), steps: []step{{store(nil), "nvdimm"}, {elastic(nil), "virtio-mem"}, {dimm(nil), "dimm"}}}
	cases["memory_devices.requested"] = update{see: together(seeDIMM+"requested", "memory", "currentMemory"), steps: []step{
		{elastic(nil), "65536 196608 32768"}, {elastic(attrs{"requested": 131072}), "131072 196608 32768"}, {dimm(nil), " 196608 163840"}}}
	cases["memory_devices.path"] = update{see: defined("devices/memory/source/path"), steps: []step{
		{store(nil), "/srv/store"}, {store(attrs{"path": "/srv/other"}), "/srv/other"}, {dimm(nil), ""}}}
	of(elastic, "block", "/target/block", 4096, 8192, "4096", "8192", "2048")
	of(store, "label_size", "/target/label/size", 2048, 4096, "2048", "4096", "")
	of(store, "readonly", "/target/readonly?", true, false, "true", "false", "false")
	of(store, "pmem", "/source/pmem?", true, false, "true", "false", "false")
	of(store, "align", "/source/alignsize", 2048, 4096, "2048", "4096", "")
	of(dimm, "page_size", "/source/pagesize", 2048, 1<<20, "2048", "1048576", "")
	of(dimm, "host_nodes", "/source/nodemask", "0", "0-1", "0", "0-1", "")
	of(dimm, "access", "@access", "shared", "private", "shared", "private", "")
	of(dimm, "discard", "@discard", true, false, "yes", "no", "")
	tune := func(group, name, where string, values ...any) {
		rest := attrs{"shares": 2000}
		switch {
		case group == "memtune":
			rest = attrs{"soft_limit": 2 << 20}
		case name == "shares":
			rest = attrs{"period": 50000}
		}
		if name == "soft_limit" {
			rest = attrs{"hard_limit": 4 << 20}
		}
		u := update{see: defined(group + "/" + where)}
		for _, v := range values {
			u.steps = append(u.steps, step{attrs{group: rest.with(attrs{name: v})}, fmt.Sprint(v)})
		}
		u.steps = append(u.steps, step{attrs{group: rest}, ""})
		cases[group+"."+name] = u
	}
	tune("cputune", "shares", "shares", 512, 4096)
	tune("cputune", "period", "period", 20000, 30000)
	tune("cputune", "quota", "quota", 20000, 30000)
	tune("cputune", "emulator_period", "emulator_period", 20000, 30000)
	tune("cputune", "emulator_quota", "emulator_quota", 20000, 30000)
	tune("cputune", "emulatorpin", "emulatorpin@cpuset", "0", "1")
	tune("cputune", "global_period", "global_period", 20000, 30000)
	tune("cputune", "global_quota", "global_quota", 20000, 30000)
	tune("cputune", "iothread_period", "iothread_period", 20000, 30000)
	tune("cputune", "iothread_quota", "iothread_quota", 20000, 30000)
	tune("memtune", "hard_limit", "hard_limit", 3<<20, 4<<20)
	tune("memtune", "soft_limit", "soft_limit", 1<<20, 2<<20)
	tune("memtune", "swap_hard_limit", "swap_hard_limit", 3<<20, 4<<20)
	pins := func(cpus any) attrs { return attrs{"cputune": attrs{"vcpupin": attrs{"0": attrs{"cpuset": cpus}}}} }
	weight := func(n int) attrs { return attrs{"blkiotune": attrs{"weight": n}} }
	disk := func(a attrs) attrs { return attrs{"blkiotune": attrs{"weight": 200, "devices": attrs{"/dev/null": a}}} }
	for _, name := range []string{"weight", "read_bytes_sec", "write_bytes_sec", "read_iops_sec", "write_iops_sec"} {
		rest := attrs{"read_bytes_sec": 1 << 20, "write_iops_sec": 100}.with(attrs{name: nil})
		cases["blkiotune.devices."+name] = update{see: defined("blkiotune/device/" + name), steps: []step{
			{disk(rest.with(attrs{name: 300})), "300"}, {disk(rest.with(attrs{name: 400})), "400"}, {disk(rest), ""}}}
	}
	seePin := defined("cputune/vcpupin@cpuset")
	for path, u := range map[string]update{
		"memory_devices.node":    {see: defined(seeDIMM + "node"), steps: []step{{dimm(attrs{"node": 0}), "0"}, {dimm(attrs{"node": 0}), "0"}, {dimm(nil), "0"}}},
		"cputune":                {see: defined("cputune/shares"), actions: group, steps: []step{{nil, ""}, {attrs{"cputune": attrs{"shares": 10}}, "10"}, {nil, ""}}},
		"cputune.vcpupin":        {see: seePin, steps: []step{{pins("0"), "0"}, {pins("1"), "1"}, {attrs{"cputune": attrs{"shares": 10}}, ""}}},
		"cputune.vcpupin.cpuset": {see: seePin, steps: []step{{pins("1,0"), "0-1"}, {pins("1"), "1"}}},
		"memtune":                {see: defined("memtune/hard_limit"), actions: group, steps: []step{{nil, ""}, {attrs{"memtune": attrs{"hard_limit": 4 << 20}}, fmt.Sprint(4 << 20)}, {nil, ""}}},
		"blkiotune":              {see: defined("blkiotune/weight"), actions: group, steps: []step{{nil, ""}, {weight(200), "200"}, {nil, ""}}},
		"blkiotune.devices":      {see: defined("blkiotune/device/weight"), actions: group, steps: []step{{weight(200), ""}, {disk(attrs{"weight": 300}), "300"}, {weight(200), ""}}},
		"blkiotune.weight":       {see: defined("blkiotune/weight"), steps: []step{{weight(200), "200"}, {weight(300), "300"}, {nil, ""}}},
	} {
		cases[path] = u
	}
	return cases
}

// metadataCases returns the cases of metadata. libvirt puts the prefix before every name, and whitespace between the elements.
func metadataCases() map[string]update {
	const team = "https://example.org/team"
	note := func(prefix, xml string) attrs {
		return attrs{"metadata": attrs{team: attrs{"prefix": prefix, "xml": xml}}}
	}
	see := together("metadata/owner@group", "metadata/owner/mail")
	first, second := `<owner group="storage"><mail>a@example.org</mail></owner>`, `<owner group="network"><mail>b@example.org</mail></owner>`
	return map[string]update{
		"metadata": {see: see, actions: []string{"update", "update"}, steps: []step{{nil, " "}, {note("team", first), "storage a@example.org"}, {nil, " "}}},
		"metadata.prefix": {see: together("metadata/team:owner?", "metadata/squad:owner?"), steps: []step{
			{note("team", first), "true false"}, {note("squad", first), "false true"}}},
		"metadata.xml": {see: see, steps: []step{{note("team", first), "storage a@example.org"}, {note("team", second), "network b@example.org"}}},
	}
}
