//go:build acceptance

package acceptance

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// truthGuests returns guests whose tests run in parallel. Each has as many changes as can be made together.
func truthGuests(t *testing.T) map[string]truthGuest {
	t.Helper()
	guest := func(a attrs) attrs {
		return sectorGuest(t, alpha(), tallySector).with(attrs{"shutdown": attrs{"timeout": 0}}).with(a)
	}
	whole := put(tunedGuest(guest(nil)), []string{"graphics", "port"}, 5961)
	boots := guest(attrs{"type": "qemu", "cpu": attrs{"mode": "maximum"}, "graphics": attrs{"type": "vnc", "password": "first", "password_version": 1}})
	log, older := filepath.Dir(diskOf(boots))+"/second.log", alpha().older(t, "pc-q35", "q35")
	kernel := guest(nil)
	file := filepath.Dir(diskOf(kernel)) + "/kernel"
	if err := os.WriteFile(alpha().path(file), linuxHeader(), 0o600); err != nil {
		t.Fatal(err)
	}
	return map[string]truthGuest{
		"tuned":   {base: whole, changes: slices.Concat(tunedTruths, pinTruths(alpha().cpus(t)), runTruths, moveTruths)},
		"devices": devicesGuest(t, guest(nil)),
		"wired":   wiredGuest(t, guest(nil)),
		"less":    {base: tunedGuest(guest(nil)), changes: lessTruths(alpha().cpus(t))},
		"boots": {base: boots, changes: []truth{
			{path: "cpu.mode", value: "custom", where: "cpu@mode", is: "custom"},
			{path: "cpu.model", value: "kvm64", where: "cpu/model", is: "kvm64"},
			{path: "machine", value: older, where: "os/type@machine", is: older},
			{path: "firmware", value: "efi", where: "os/loader@type", running: "pflash"},
			{path: "graphics.type", value: "spice", where: "devices/graphics@type", is: "spice"},
			{path: "graphics.password", value: "second"},
			{path: "graphics.password_version", value: 2, where: "devices/graphics@passwd", is: "second"},
			{path: "serial.log_file", value: log, where: "devices/serial/log@file", is: log},
			{path: "serial.log_append", value: false, where: "devices/serial/log@append", is: "off"},
			{path: "guest_agent", value: true, where: "devices/channel/target@name", is: "org.qemu.guest_agent.0"},
			{path: "memory", value: 64 << 10, where: "memory", is: "65536"},
			{path: "vcpu", value: 2, where: "vcpu", is: "2"},
		}},
		"kernel": {base: kernel, changes: []truth{
			{path: "kernel", value: file, where: "os/kernel", is: file},
			{path: "initrd", value: file, where: "os/initrd", is: file},
			{path: "cmdline", value: "quiet", where: "os/cmdline", is: "quiet"},
		}},
		"software": {base: guest(attrs{"type": "qemu", "vcpu": 2, "maximum": attrs{"vcpu": 4}}), changes: []truth{
			{path: "vcpu", value: 1, where: "vcpu@current", is: "1"},
		}},
		"kvm": {lacking: withoutKVM(), base: guest(attrs{"type": "qemu"}), changes: []truth{
			{path: "type", value: "kvm", where: "@type", is: "kvm"},
		}},
	}
}

const team = "urn:example:team"

// tunedGuest sets a value for each attribute that can change live.
func tunedGuest(a attrs) attrs {
	return a.with(attrs{
		"title": "one", "memory": 32 << 10, "maximum": attrs{"vcpu": 4, "memory": 64 << 10, "memory_slots": 3, "memory_with_devices": 1 << 20},
		"memory_devices": attrs{"first": attrs{"size": 128 << 10}},
		"metadata":       attrs{team: attrs{"prefix": "team", "xml": `<owner group="storage"/>`}},
		"cputune": attrs{"shares": 512, "period": 50000, "quota": 40000, "emulator_period": 50000, "emulator_quota": 40000, "emulatorpin": "0",
			"vcpupin": attrs{"0": attrs{"cpuset": "0"}}},
		"memtune":   attrs{"soft_limit": 2 << 20},
		"blkiotune": attrs{"weight": 200},
		"graphics":  attrs{"type": "vnc", "password": "first", "password_version": 1},
	})
}

const (
	firstDIMM  = "devices/memory/alias[@name='ua-first']/../target/"
	secondDIMM = "devices/memory/alias[@name='ua-second']/../target/"
)

var tunedTruths = []truth{
	{path: "title", value: "two", where: "title", is: "two"},
	{path: "description", value: "new", where: "description", is: "new"},
	{path: "metadata.urn:example:more", value: attrs{"prefix": "more", "xml": "<note/>"}, where: "metadata/more:note?", is: "true"},
	{path: "metadata." + team + ".prefix", value: "squad", where: "metadata/squad:owner?", is: "true"},
	{path: "metadata." + team + ".xml", value: `<owner group="network"/>`, where: "metadata/squad:owner@group", is: "network"},
	{path: "autostart", value: true},
	{path: "vcpu", value: 3, where: "vcpu@current", is: "3"},
	{path: "maximum.vcpu", value: 5, where: "vcpu", is: "5"},
	{path: "maximum.memory", value: 96 << 10, where: "cpu/numa/cell@memory", is: "98304"},
	{path: "maximum.memory_slots", value: 4, where: "maxMemory@slots", is: "4"},
	{path: "maximum.memory_with_devices", value: 2 << 20, where: "maxMemory", is: "2097152"},
	{path: "memory_devices.first.size", value: 256 << 10, where: firstDIMM + "size", is: "262144"},
	{path: "memory_devices.second", value: attrs{"size": 128 << 10}, where: secondDIMM + "size", is: "131072"},
	{path: "cputune.shares", value: 2048, where: "cputune/shares", is: "2048"},
	{path: "cputune.period", value: 60000, where: "cputune/period", is: "60000"},
	{path: "cputune.quota", value: 45000, where: "cputune/quota", is: "45000"},
	{path: "cputune.emulator_period", value: 60000, where: "cputune/emulator_period", is: "60000"},
	{path: "cputune.emulator_quota", value: 45000, where: "cputune/emulator_quota", is: "45000"},
	{path: "cputune.global_period", value: 60000, where: "cputune/global_period", is: "60000"},
	{path: "cputune.global_quota", value: 45000, where: "cputune/global_quota", is: "45000"},
	{path: "cputune.iothreads.7", value: attrs{"cpuset": "0"}, where: "cputune/iothreadpin[@iothread='7']@cpuset", is: "0"},
	{path: "cputune.vcpusched.0", value: attrs{"scheduler": "batch"}, where: "cputune/vcpusched[@vcpus='0']@scheduler", is: "batch"},
	{path: "memtune.soft_limit", value: 3 << 20, where: "memtune/soft_limit", is: "3145728"},
	{path: "blkiotune.weight", value: 300, where: "blkiotune/weight", is: "300"},
	{path: "graphics.password", value: "second"},
	{path: "graphics.password_version", value: 2, where: "devices/graphics@passwd", is: "second"},
	{path: "graphics.listen", value: "0.0.0.0", where: "devices/graphics/listen@address", is: "0.0.0.0"},
	{path: "graphics.port", value: 5962, where: "devices/graphics@port", is: "5962"},
}

// pinTruths returns changes that pin threads to other CPUs of the host.
func pinTruths(cpus []string) []truth {
	first, last, lacking := cpus[0], cpus[len(cpus)-1], ""
	if len(cpus) == 1 {
		lacking = "second CPU"
	}
	both := first + "," + last
	if len(cpus) == 2 {
		both = first + "-" + last // libvirt writes neighbours as a range
	}
	return []truth{
		{path: "cputune.emulatorpin", value: last, where: "cputune/emulatorpin@cpuset", is: last, lacking: lacking},
		{path: "cputune.vcpupin.2", value: attrs{"cpuset": last}, where: "cputune/vcpupin[@vcpu='2']@cpuset", is: last, lacking: lacking},
		{path: "cputune.vcpupin.0.cpuset", value: first + "," + last, where: "cputune/vcpupin[@vcpu='0']@cpuset", is: both, lacking: lacking},
	}
}

// lessTruths returns changes that unset what tunedGuest has. libvirt can't unset a value of a running guest, so the running guest shows the default.
func lessTruths(cpus []string) []truth {
	return []truth{
		{path: "title", where: "title"},
		{path: "metadata", where: "metadata/team:owner?", is: "false"},
		{path: "cputune.shares", where: "cputune/shares", running: "1024"},
		{path: "cputune.period", where: "cputune/period", running: "100000"},
		{path: "cputune.emulator_quota", where: "cputune/emulator_quota", running: "-1"},
		{path: "cputune.vcpupin", where: "cputune/vcpupin@cpuset", running: allCPUs(cpus)},
		{path: "blkiotune", where: "blkiotune/weight", running: "100"},
		{path: "memtune.soft_limit", where: "memtune/soft_limit"},
		// This guest is not restarted: libvirt would then lock as much memory, which a host in a container may not allow.
		{path: "memtune.swap_hard_limit", value: 9 << 20, where: "memtune/swap_hard_limit", is: "9437184"},
		{path: "memtune.hard_limit", value: 5 << 20, where: "memtune/hard_limit", is: "5242880"},
	}
}

// allCPUs returns how libvirt writes that a thread may run on every CPU of the host.
func allCPUs(cpus []string) string {
	if len(cpus) == 1 {
		return cpus[0]
	}
	return cpus[0] + "-" + cpus[len(cpus)-1]
}

// runTruths are changes of attributes that libvirt does not know.
var runTruths = []truth{
	{path: "on_change", value: "defer"},
	{path: "shutdown.timeout", value: 60},
	{path: "shutdown.mode", value: "acpi"},
	{path: "shutdown.on_timeout", value: "fail"},
}

var moveTruths = []truth{
	{path: "migration.bandwidth", value: 100},
	{path: "migration.downtime", value: 500},
	{path: "migration.auto_converge", value: true},
	{path: "migration.post_copy", value: true},
	{path: "migration.compression", value: "zstd"},
	{path: "migration.parallel_connections", value: 2},
	{path: "migration.tls", value: false},
	{path: "migration.timeout", value: 60},
	{path: "migration.on_timeout", value: "force"},
	{path: "migration.storage", value: "copy"},
	{path: "disks.vda.target_pool", value: "default"},
}

// linuxHeader returns an empty kernel with the header that QEMU requires.
//
// https://docs.kernel.org/arch/x86/boot.html
func linuxHeader() []byte {
	kernel := make([]byte, 1<<16)
	copy(kernel[0x202:], "HdrS\x00\x02") // boot protocol 2.00
	return kernel
}

// devicesGuest returns a guest with disks and interfaces of every kind.
func devicesGuest(t *testing.T, a attrs) truthGuest {
	t.Helper()
	dir := filepath.Dir(diskOf(a))
	file := func(name string) string { // the firmware may boot any of them
		if err := os.WriteFile(alpha().path(dir+"/"+name), tallySector, 0o600); err != nil {
			t.Fatal(err)
		}
		return dir + "/" + name
	}
	grown := dir + "/grown.qcow2"
	alpha().inside(t, "qemu-img", "create", "-q", "-f", "qcow2", grown, "1M")
	raw := func(name string, more attrs) attrs { return attrs{"file": file(name), "format": "raw"}.with(more) }
	lan, wan := alpha().network(t), alpha().network(t)
	base := a.with(attrs{
		"disks": a["disks"].(attrs).with(attrs{
			"vdb": raw("b.img", nil),
			"vdc": raw("c.img", attrs{"iotune": attrs{"total_bytes_sec": 1 << 20, "total_iops_sec": 100}}),
			"vdd": raw("d.img", attrs{"iotune": attrs{"read_bytes_sec": 1 << 20, "write_bytes_sec": 1 << 20, "read_iops_sec": 100, "write_iops_sec": 100}}),
			"vde": attrs{"file": grown, "format": "raw"},
			"sda": raw("one.iso", attrs{"device": "cdrom", "bus": "sata"}),
			"sdb": raw("f.img", attrs{"bus": "sata"}),
			"sdc": raw("g.img", attrs{"bus": "sata"}),
		}),
		"interfaces": attrs{"lan": attrs{"network": lan, "mac": "52:54:00:00:00:01"}, "other": attrs{"network": lan, "mac": "52:54:00:00:00:02"}},
	})
	disk := func(dev, name string, value any, where, is string) truth {
		return truth{path: "disks." + dev + "." + name, value: value, where: "devices/disk/target[@dev='" + dev + "']/../" + where, is: is}
	}
	const nic = "devices/interface/alias[@name='ua-lan']/../"
	const other = "devices/interface/alias[@name='ua-other']/../"
	changes := []truth{
		{path: "disks.vdg", value: raw("new.img", nil), where: "devices/disk/target[@dev='vdg']?", is: "true"},
		disk("vdb", "file", file("b2.img"), "source@file", dir+"/b2.img"),
		disk("vdb", "cache", "writethrough", "driver@cache", "writethrough"),
		disk("vde", "format", "qcow2", "driver@type", "qcow2"),
		disk("sda", "file", file("two.iso"), "source@file", dir+"/two.iso"),
		{path: "disks.sdb.device", value: "cdrom", where: "devices/disk/target[@dev='sdb']/..@device", is: "cdrom"},
		disk("sdc", "bus", "scsi", "target@bus", "scsi"),
		disk("vdc", "iotune.total_bytes_sec", 2<<20, "iotune/total_bytes_sec", "2097152"),
		disk("vdc", "iotune.total_iops_sec", 200, "iotune/total_iops_sec", "200"),
		disk("vdd", "iotune.read_bytes_sec", 2<<20, "iotune/read_bytes_sec", "2097152"),
		disk("vdd", "iotune.write_bytes_sec", nil, "iotune/write_bytes_sec", ""),
		disk("vdd", "iotune.read_iops_sec", 200, "iotune/read_iops_sec", "200"),
		disk("vdd", "iotune.write_iops_sec", nil, "iotune/write_iops_sec", ""),
		{path: "interfaces.wan", value: attrs{"network": wan}, where: "devices/interface/alias[@name='ua-wan']?", is: "true"},
		{path: "interfaces.lan.network", value: wan, where: nic + "source@network", is: wan},
		{path: "interfaces.lan.link", value: "down", where: nic + "link@state", is: "down"},
		{path: "interfaces.lan.filter", value: "clean-traffic", where: nic + "filterref@filter", is: "clean-traffic"},
		{path: "interfaces.other.mac", value: "52:54:00:00:00:03", where: "devices/interface/mac[@address='52:54:00:00:00:03']?", is: "true"},
		{path: "interfaces.other.model", value: "e1000e", where: other + "model@type", is: "e1000e"},
	}
	limits := map[string]string{"inbound_average": "1000", "inbound_peak": "2000", "inbound_burst": "64", "outbound_average": "1100", "outbound_peak": "2100", "outbound_burst": "65"}
	var noQueue string
	if !alpha().shapes(t, bridgeOf(t, lan)) {
		noQueue = "queue to limit it with"
	}
	for name, limit := range limits {
		direction, what, _ := strings.Cut(name, "_")
		changes = append(changes, truth{path: "interfaces.lan.bandwidth." + name, value: limit, where: nic + "bandwidth/" + direction + "@" + what, is: limit, lacking: noQueue})
	}
	return truthGuest{base: base, changes: changes}
}
