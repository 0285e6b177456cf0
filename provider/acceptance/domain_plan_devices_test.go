//go:build acceptance

package acceptance

import (
	"os"
	"path/filepath"
	"testing"
)

func init() {
	for row, why := range map[string]string{
		"devices.video.accel3d":               "it takes a host with a graphics card",
		"devices.tpm.backend":                 "it takes a host with a TPM",
		"devices.tpm.device":                  "the same",
		"devices.tpm.encryption_secret_uuid":  "it can't be changed of a TPM that holds something",
		"devices.vsock.cid":                   "it takes a host with vhost_vsock",
		"devices.panic.model":                 "a guest in software has one of them alone",
		"devices.hostdevs":                    "it takes a host with devices to give away",
		"devices.hostdevs.pci":                "the same",
		"devices.hostdevs.address":            "the same",
		"devices.vsock.address":               "it takes a host with vhost-vsock",
		"interfaces.position":                 "TestDomainInterfaceOrder",
		"devices.hostdevs.usb":                "the same",
		"devices.hostdevs.usb_address":        "the same",
		"devices.hostdevs.mdev":               "the same",
		"devices.hostdevs.managed":            "the same",
		"devices.hostdevs.boot":               "the same",
		"devices.hostdevs.rom_bar":            "the same",
		"devices.hostdevs.rom_file":           "the same",
		"clock.adjustment":                    "TestDomainPending",
		"clock.basis":                         "the same",
		"features.hyperv.vapic":               "it takes a host that is not itself virtual",
		"features.hyperv.vpindex":             "the same",
		"features.hyperv.synic":               "the same",
		"features.hyperv.reenlightenment":     "the same",
		"clock.timers.frequency":              "no host has another than its own to give, but for newer processors",
		"memory_backing.hugepages":            "it takes a host that has set huge pages aside",
		"memory_backing.hugepage_size":        "the same",
		"memory_backing.hugepage_nodes":       "the same",
		"memory_backing.hugepage_nodes.nodes": "the same",
		"memory_devices.pmem":                 "it takes persistent memory of the host",
		"blkiotune.devices.weight":            "it takes a disk of the host with the I/O scheduler BFQ",
		"memory_backing.locked":               "a host in a container may not lock memory",
	} {
		told[row] = why
	}
}

// otherTruthGuests returns guests with devices other than disks, interfaces and consoles, and with their own clock, features and memory.
func otherTruthGuests(t *testing.T) map[string]truthGuest {
	t.Helper()
	guest := func(a attrs) attrs {
		return sectorGuest(t, alpha(), tallySector).with(attrs{"type": "qemu", "shutdown": attrs{"timeout": 0}}).with(a)
	}
	of := func(prefix, place string) func(name string, value any, where, is string) truth {
		return func(name string, value any, where, is string) truth {
			return truth{path: prefix + "." + name, value: value, where: place + where, is: is}
		}
	}
	video, tpm, rng := of("devices.video", "devices/video/model"), of("devices.tpm", "devices/tpm"), of("devices.rng", "devices/rng")
	watchdog, balloon := of("devices.watchdog", "devices/watchdog"), of("devices.balloon", "devices/memballoon")
	clock, features := of("clock", "clock"), of("features", "features/")

	first := guest(attrs{
		"devices": attrs{
			"video": attrs{"model": "vga", "vram": 16384}, "tpm": attrs{"model": "tpm-crb"}, "rng": attrs{"device": "/dev/random", "rate_bytes": 1000, "rate_period": 1000},
			"watchdog": attrs{"model": "i6300esb"}, "panic": attrs{"model": "isa"}, "balloon": attrs{"stats_period": 5, "autodeflate": true, "free_page_reporting": true},
			"sound": "ich9", "tablet": "usb",
		},
		"clock":    attrs{"timers": attrs{"hpet": attrs{"present": false}, "rtc": attrs{"tickpolicy": "delay", "track": "wall"}}},
		"features": attrs{"vmport": true, "pmu": true, "vmcoreinfo": false},
	})
	second := guest(attrs{
		"devices":        attrs{"video": attrs{"model": "qxl", "vram": 65536}, "rng": attrs{"device": "/dev/urandom"}, "balloon": attrs{}},
		"clock":          attrs{"offset": "variable", "adjustment": 60, "timers": attrs{"tsc": attrs{"mode": "native"}}},
		"memory_backing": attrs{"source": "memfd", "access": "shared"},
	})
	var ofISA []truth
	if alpha().accepts(t, "<domain type='qemu'><name>isa</name><memory>32768</memory><os><type machine='q35'>hvm</type></os><devices><watchdog model='ib700'/></devices></domain>") {
		ofISA = append(ofISA, watchdog("model", "ib700", "@model", "ib700"))
	}
	return map[string]truthGuest{
		"devices-1": {base: first, changes: append(ofISA, []truth{
			video("vram", 32768, "@vram", "32768"),
			tpm("model", "tpm-tis", "@model", "tpm-tis"),
			tpm("version", "1.2", "/backend@version", "1.2"),
			tpm("persistent_state", true, "/backend@persistent_state", "yes"),
			rng("model", "virtio-non-transitional", "@model", "virtio-non-transitional"),
			rng("device", "/dev/urandom", "/backend", "/dev/urandom"),
			rng("rate_bytes", 2000, "/rate@bytes", "2000"),
			rng("rate_period", 2000, "/rate@period", "2000"),
			watchdog("action", "pause", "@action", "pause"),
			balloon("autodeflate", false, "@autodeflate", "off"),
			balloon("free_page_reporting", false, "@freePageReporting", "off"),
			balloon("stats_period", 10, "/stats@period", "10"),
			{path: "devices.sound", value: "ac97", where: "devices/sound@model", is: "ac97"},
			{path: "devices.tablet", value: "virtio", where: "devices/input[@type='tablet']@bus", is: "virtio"},
			clock("offset", "timezone", "@offset", "timezone"),
			clock("timezone", "Europe/Zurich", "@timezone", "Europe/Zurich"),
			clock("timers.pit", attrs{"tickpolicy": "delay"}, "/timer[@name='pit']@tickpolicy", "delay"),
			clock("timers.hpet.present", true, "/timer[@name='hpet']@present", "yes"),
			clock("timers.rtc.tickpolicy", "catchup", "/timer[@name='rtc']@tickpolicy", "catchup"),
			clock("timers.rtc.track", "guest", "/timer[@name='rtc']@track", "guest"),
			features("acpi", false, "acpi?", "false"),
			features("apic", false, "apic?", "false"),
			features("pae", true, "pae?", "true"),
			features("smm", false, "smm@state", "off"),
			features("vmport", false, "vmport@state", "off"),
			features("pmu", false, "pmu@state", "off"),
			features("vmcoreinfo", true, "vmcoreinfo@state", "on"),
			features("ioapic", "qemu", "ioapic@driver", "qemu"),
			features("kvm_hidden", true, "kvm/hidden@state", "on"),
		}...)},
		"devices-2": {base: second, changes: []truth{
			video("model", "virtio", "@type", "virtio"),
			video("heads", 2, "@heads", "2"),
			rng("backend", "builtin", "/backend@model", "builtin"),
			rng("device", nil, "/backend", ""),
			balloon("model", "none", "@model", "none"),
			clock("timers.tsc.mode", "emulate", "/timer[@name='tsc']@mode", "emulate"),
			{path: "memory_backing.source", value: "file", where: "memoryBacking/source@type", is: "file"},
			{path: "memory_backing.access", value: "private", where: "memoryBacking/access@mode", is: "private"},
			{path: "memory_backing.nosharepages", value: true, where: "memoryBacking/nosharepages?", is: "true"},
			{path: "memory_backing.discard", value: true, where: "memoryBacking/discard?", is: "true"},
			{path: "memory_backing.allocation", value: "immediate", where: "memoryBacking/allocation@mode", is: "immediate"},
		}},
		"shares":  sharesGuest(t, guest(nil)),
		"placed":  placedGuest(t, guest(nil)),
		"escape":  escapeGuest(guest(nil)),
		"windows": windowsGuest(guest(attrs{"type": "kvm"})),
		"passthrough": {lacking: withoutKVM(), base: guest(attrs{"type": "kvm", "features": attrs{"hyperv": attrs{"relaxed": true}}}), changes: []truth{
			features("hyperv.mode", "passthrough", "hyperv@mode", "passthrough"),
			features("hyperv.relaxed", nil, "hyperv/relaxed@state", ""),
		}},
	}
}

// sharesGuest returns a guest that shares directories with its host in both ways.
func sharesGuest(t *testing.T, a attrs) truthGuest {
	t.Helper()
	dir := filepath.Dir(diskOf(a))
	shared := func(name string) string {
		if err := os.MkdirAll(alpha().path(dir+"/"+name), 0o755); err != nil {
			t.Fatal(err)
		}
		return dir + "/" + name
	}
	one, two := shared("one"), shared("two")
	fs := func(tag, name string, value any, where, is string) truth {
		return truth{path: "devices.filesystems." + tag + "." + name, value: value, where: "devices/filesystem/target[@dir='" + tag + "']/.." + where, is: is}
	}
	base := a.with(attrs{
		"memory_backing": attrs{"source": "memfd", "access": "shared"},
		"devices": attrs{"filesystems": attrs{
			"nine": attrs{"source": one, "driver": "9p"}, "turns": attrs{"source": one, "driver": "9p"}, "fast": attrs{"source": one, "cache": "none", "queue": 512},
		}},
	})
	return truthGuest{base: base, changes: []truth{
		{path: "devices.filesystems.new", value: attrs{"source": two, "driver": "9p"}, where: "devices/filesystem/target[@dir='new']?", is: "true"},
		{path: "devices.filesystems.live", value: attrs{"source": two}, where: "devices/filesystem/target[@dir='live']?", is: "true"},
		fs("nine", "source", two, "/source@dir", two),
		fs("nine", "read_only", true, "/readonly?", "true"),
		fs("nine", "access_mode", "squash", "@accessmode", "squash"),
		fs("turns", "driver", "virtiofs", "/driver@type", "virtiofs"),
		fs("fast", "cache", "always", "/binary/cache@mode", "always"),
		fs("fast", "queue", 1024, "/driver@queue", "1024"),
	}}
}

// placedGuest returns a guest whose devices move on its bus.
func placedGuest(t *testing.T, a attrs) truthGuest {
	t.Helper()
	dir := filepath.Dir(diskOf(a))
	if err := os.MkdirAll(alpha().path(dir+"/shared"), 0o755); err != nil {
		t.Fatal(err)
	}
	base := a.with(attrs{
		"disks":      a["disks"].(attrs).with(attrs{"sda": attrs{"device": "cdrom", "bus": "sata", "format": "raw"}}),
		"interfaces": attrs{"lan": attrs{"network": alpha().network(t)}},
		"devices": attrs{"video": attrs{"model": "vga"}, "rng": attrs{}, "balloon": attrs{}, "watchdog": attrs{"model": "i6300esb"},
			"filesystems": attrs{"nine": attrs{"source": dir + "/shared", "driver": "9p"}}},
	})
	onBus := func(path, where, bus string) truth {
		return truth{path: path + ".address", value: "0000:" + bus + ":00.0", where: where + "/address@bus", is: "0x" + bus}
	}
	return truthGuest{base: base, changes: []truth{
		onBus("disks.vda", "devices/disk/target[@dev='vda']/..", "0c"),
		{path: "disks.sda.address", value: "0:0:0:3", where: "devices/disk/target[@dev='sda']/../address@unit", is: "3"},
		onBus("interfaces.lan", "devices/interface", "0b"),
		onBus("devices.rng", "devices/rng", "0d"),
		onBus("devices.balloon", "devices/memballoon", "0e"),
		onBus("devices.filesystems.nine", "devices/filesystem", "0a"),
		{path: "devices.video.address", value: "0000:00:1d.0", where: "devices/video/address@slot", is: "0x1d"},
		{path: "devices.watchdog.address", value: "0000:00:1e.0", where: "devices/watchdog/address@slot", is: "0x1e"},
	}}
}

// windowsGuest returns a guest with all Hyper-V features for Windows, which require KVM.
func windowsGuest(a attrs) truthGuest {
	var changes []truth
	said := attrs{"relaxed": true, "spinlocks": 8191, "vendor_id": "one"}
	for _, name := range []string{"runtime", "stimer", "reset", "frequencies", "tlbflush", "ipi"} {
		changes = append(changes, truth{path: "features.hyperv." + name, value: true, where: "features/hyperv/" + name + "@state", is: "on"})
	}
	changes = append(changes,
		truth{path: "features.hyperv.relaxed", value: false, where: "features/hyperv/relaxed@state", is: "off"},
		truth{path: "features.hyperv.evmcs", value: false, where: "features/hyperv/evmcs@state", is: "off"},
		truth{path: "features.hyperv.spinlocks", value: 4096, where: "features/hyperv/spinlocks@retries", is: "4096"},
		truth{path: "features.hyperv.vendor_id", value: "two", where: "features/hyperv/vendor_id@value", is: "two"})
	return truthGuest{lacking: withoutKVM(), base: a.with(attrs{"features": attrs{"hyperv": said}}), changes: changes}
}
func TestDomainPending(t *testing.T) {
	t.Parallel()
	t.Run("a clock that the guest has set is no pending change", testClockSetByGuest)
	t.Run("a change that needs a restart is listed as pending", testPendingListed)
	t.Run("on_change decides what happens to a change that needs a restart", testOnChange)
	t.Run("a saved domain keeps the definition it was saved with", testPendingSaved)
	t.Run("a domain that has just started has no pending changes", testPendingNone)
}

// testClockSetByGuest changes the defined clock of a running guest. The clock that a guest was given can't be told from the one that it
// set, so the provider reports no difference between the definition and the running guest, and pending_restart stays unset.
func testClockSetByGuest(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), domainAttrs(t, alpha())
	with := func(clock attrs) config {
		return config{aDomain: a.with(attrs{"clock": clock.with(attrs{"offset": "variable"})})}
	}
	s.apply(with(attrs{"adjustment": 60}))
	if waits := s.waiting(with(attrs{"adjustment": 120, "basis": "localtime"})); len(waits) != 2 {
		t.Errorf("the plan says that this waits: %v", waits)
	}
	s.apply(with(attrs{"adjustment": 120, "basis": "localtime"}))
	s.settled()
	s.pendingIs(nil)
	xml := definition(t, a)
	expect(t, "the adjustment", at(xml, "clock@adjustment"), "120")
	expect(t, "the basis", at(xml, "clock@basis"), "localtime")
	s.destroy()
}
