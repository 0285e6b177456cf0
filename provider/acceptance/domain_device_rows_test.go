//go:build acceptance

package acceptance

import (
	"fmt"
	"strings"
	"testing"
)

// otherDeviceCases returns the cases of devices other than disks, interfaces and consoles.
func otherDeviceCases(t *testing.T) map[string]update {
	t.Helper()
	group := []string{"update", "update"}
	cases := map[string]update{}
	device := func(name string, d any) attrs { return attrs{"devices": attrs{name: d}} }
	// row adds a case for a device that exists in all steps: two values, then none, which shows as rest.
	row := func(device, name string, others attrs, where, first, second, rest string, values ...any) {
		with := func(v any) attrs { return attrs{"devices": attrs{device: others.with(attrs{name: v})}} }
		cases["devices."+device+"."+name] = update{see: defined(where), steps: []step{{with(values[0]), first}, {with(values[1]), second}, {with(nil), rest}}}
	}
	whole := func(name, where string, d attrs) {
		cases["devices."+name] = update{see: defined(where + "?"), actions: group, steps: []step{{nil, "false"}, {device(name, d), "true"}, {nil, "false"}}}
	}
	const video, tpm, rng, watchdog, balloon = "devices/video/model", "devices/tpm", "devices/rng", "devices/watchdog", "devices/memballoon"

	// A q35 machine has a watchdog of its own from libvirt 9.1 on, and no ISA bus for the model ib700: see TestDomainWatchdog.
	pc := attrs{"machine": alpha().versioned(t, "pc-i440fx")[0]}
	guarded := func(d attrs) attrs { return pc.with(device("watchdog", d)) }
	alone := update{see: defined(watchdog + "?"), actions: group, steps: []step{{pc, "false"}, {guarded(attrs{"model": "ib700"}), "true"}, {pc, "false"}}}
	cases["devices"], cases["devices.watchdog"] = alone, alone
	whole("video", video, attrs{"model": "vga"})
	cases["devices.video.model"] = update{see: defined(video + "@type"), steps: []step{
		{device("video", attrs{"model": "qxl"}), "qxl"}, {device("video", attrs{"model": "none"}), "none"}}}
	cases["devices.video.vram"] = update{see: defined(video + "@vram"), steps: []step{
		{device("video", attrs{"model": "vga", "vram": 32768}), "32768"}, {device("video", attrs{"model": "vga", "vram": 65536}), "65536"}, {device("video", attrs{"model": "vga"}), "65536"}}}
	row("video", "heads", attrs{"model": "virtio"}, video+"@heads", "2", "3", "1", 2, 3)
	row("video", "accel3d", attrs{"model": "virtio"}, video+"/acceleration@accel3d", "", "yes", "", false, true)

	whole("tpm", tpm, attrs{})
	row("tpm", "model", attrs{}, tpm+"@model", "tpm-crb", "tpm-tis", "tpm-tis", "tpm-crb", "tpm-tis")
	cases["devices.tpm.backend"] = update{see: defined(tpm + "/backend@type"), steps: []step{
		{device("tpm", attrs{"backend": "emulator"}), "emulator"}, {device("tpm", attrs{"backend": "passthrough"}), "passthrough"}, {device("tpm", attrs{}), "emulator"}}}
	row("tpm", "version", attrs{"model": "tpm-tis"}, tpm+"/backend@version", "2.0", "1.2", "2.0", "2.0", "1.2")
	row("tpm", "device", attrs{"backend": "passthrough"}, tpm+"/backend/device@path", "/dev/tpm1", "/dev/tpm2", "/dev/tpm2", "/dev/tpm1", "/dev/tpm2")
	row("tpm", "persistent_state", attrs{}, tpm+"/backend@persistent_state", "", "yes", "", false, true)
	secrets := []string{"4a1ddc74-5f3b-4d3e-9d49-52d5ff7f3b01", "4a1ddc74-5f3b-4d3e-9d49-52d5ff7f3b02"}
	row("tpm", "encryption_secret_uuid", attrs{}, tpm+"/backend/encryption@secret", secrets[0], secrets[1], "", secrets[0], secrets[1])

	cases["devices.rng"] = update{see: together(rng+"?", rng+"/backend"), actions: group, steps: []step{
		{nil, "true /dev/urandom"}, {device("rng", attrs{"model": "none"}), "false "}, {nil, "false "}}}
	row("rng", "model", attrs{}, rng+"@model", "virtio-non-transitional", "", "virtio", "virtio-non-transitional", "none")
	row("rng", "backend", attrs{}, rng+"/backend@model", "random", "builtin", "random", "random", "builtin")
	row("rng", "device", attrs{}, rng+"/backend", "/dev/hwrng", "/dev/random", "/dev/random", "/dev/hwrng", "/dev/random")
	row("rng", "rate_bytes", attrs{"device": "/dev/hwrng"}, rng+"/rate@bytes", "1000", "2000", "", 1000, 2000)
	row("rng", "rate_period", attrs{"rate_bytes": 1000}, rng+"/rate@period", "500", "600", "", 500, 600)

	cases["devices.watchdog.model"] = update{see: defined(watchdog + "@model"), steps: []step{
		{guarded(attrs{"model": "i6300esb"}), "i6300esb"}, {guarded(attrs{"model": "ib700"}), "ib700"}}}
	cases["devices.watchdog.action"] = update{see: defined(watchdog + "@action"), steps: []step{
		{guarded(attrs{"model": "ib700", "action": "pause"}), "pause"}, {guarded(attrs{"model": "ib700", "action": "inject-nmi"}), "inject-nmi"},
		{guarded(attrs{"model": "ib700"}), "reset"}}}
	whole("vsock", "devices/vsock", attrs{})
	row("vsock", "cid", attrs{}, "devices/vsock/cid@address", "5", "6", "", 5, 6)
	whole("panic", "devices/panic", attrs{"model": "isa"})
	cases["devices.panic.model"] = update{see: defined("devices/panic@model"), steps: []step{
		{device("panic", attrs{"model": "isa"}), "isa"}, {device("panic", attrs{"model": "hyperv"}), "hyperv"}}}

	cases["devices.balloon"] = update{see: defined(balloon + "@model"), actions: group, steps: []step{
		{nil, "virtio"}, {device("balloon", attrs{"model": "none"}), "none"}, {nil, "virtio"}}}
	row("balloon", "model", attrs{"stats_period": 5}, balloon+"@model", "virtio-non-transitional", "none", "virtio", "virtio-non-transitional", "none")
	row("balloon", "autodeflate", attrs{"stats_period": 5}, balloon+"@autodeflate", "on", "off", "", true, false)
	row("balloon", "free_page_reporting", attrs{"stats_period": 5}, balloon+"@freePageReporting", "on", "off", "", true, false)
	row("balloon", "stats_period", attrs{"autodeflate": true}, balloon+"/stats@period", "5", "10", "", 5, 10)
	for name, others := range map[string]attrs{"video": {"model": "vga"}, "rng": {"device": "/dev/hwrng"}, "vsock": {"cid": 5}, "balloon": {"stats_period": 5}} {
		element := map[string]string{"video": "devices/video", "rng": rng, "vsock": "devices/vsock", "balloon": balloon}[name]
		row(name, "address", others, element+"/address@bus", "0x05", "0x06", "0x06", "0000:05:00.0", "0000:06:00.0")
	}
	cases["devices.watchdog.address"] = update{see: defined(watchdog + "/address@slot"), steps: []step{
		{guarded(attrs{"model": "i6300esb", "address": "0000:00:0a.0"}), "0x0a"}, {guarded(attrs{"model": "i6300esb", "address": "0000:00:0b.0"}), "0x0b"},
		{guarded(attrs{"model": "i6300esb"}), "0x0b"}}}
	word := func(name, where, first, second string) {
		cases["devices."+name] = update{see: defined(where), steps: []step{{device(name, first), first}, {device(name, second), second}, {device("vsock", attrs{}), ""}}}
	}
	word("sound", "devices/sound@model", "ich9", "ac97")
	word("tablet", "devices/input[@type='tablet']@bus", "usb", "virtio")
	return cases
}

// givenCases returns the cases of directories and devices of the host. The devices need not exist as long as the guest does not start.
func givenCases() map[string]update {
	group := []string{"update", "update"}
	cases := map[string]update{}
	const fs, dev = "devices/filesystem", "devices/hostdev"
	shares := attrs{"memory_backing": attrs{"source": "memfd", "access": "shared"}}
	share := func(a attrs) attrs {
		return shares.with(attrs{"devices": attrs{"filesystems": attrs{"data": attrs{"source": "/srv/one"}.with(a)}}})
	}
	give := func(a attrs) attrs { return attrs{"devices": attrs{"hostdevs": attrs{"it": a}}} }
	cases["devices.filesystems"] = update{see: defined(fs + "/target@dir"), actions: group, steps: []step{{shares, ""}, {share(nil), "data"}, {shares, ""}}}
	cases["devices.filesystems.source"] = update{see: defined(fs + "/source@dir"), steps: []step{{share(nil), "/srv/one"}, {share(attrs{"source": "/srv/two"}), "/srv/two"}}}
	optional := func(name, where string, others attrs, first, second any, shown ...string) {
		with := func(v any) attrs { return share(others.with(attrs{name: v})) }
		cases["devices.filesystems."+name] = update{see: defined(fs + where), steps: []step{{with(first), shown[0]}, {with(second), shown[1]}, {with(nil), shown[2]}}}
	}
	optional("driver", "/driver@type", nil, "9p", "virtiofs", "", "virtiofs", "virtiofs")
	optional("read_only", "/readonly?", attrs{"driver": "9p"}, true, false, "true", "false", "false")
	optional("access_mode", "@accessmode", attrs{"driver": "9p"}, "mapped", "squash", "mapped", "squash", "passthrough")
	optional("cache", "/binary/cache@mode", nil, "none", "always", "none", "always", "")
	optional("address", "/address@bus", nil, "0000:05:00.0", "0000:06:00.0", "0x05", "0x06", "0x06")
	optional("queue", "/driver@queue", nil, 512, 1024, "512", "1024", "")

	nic := attrs{"pci": "0000:05:1f.1"}
	cases["devices.hostdevs"] = update{see: defined(dev + "/alias@name"), actions: group, steps: []step{{nil, ""}, {give(nic), "ua-it"}, {nil, ""}}}
	kind := func(name string, see func(*update), first, second, rest attrs, shown ...string) {
		u := update{steps: []step{{give(first), shown[0]}, {give(second), shown[1]}, {give(rest), shown[2]}}}
		see(&u)
		cases["devices.hostdevs."+name] = u
	}
	seen := func(places ...string) func(*update) {
		return func(u *update) {
			for i := range places {
				places[i] = dev + places[i]
			}
			u.see = together(places...)
		}
	}
	stick := attrs{"usb": "1d6b:0002"}
	kind("pci", seen("@type", "/source/address@bus"), nic, attrs{"pci": "0000:06:00.0"}, stick, "pci 0x05", "pci 0x06", "usb ")
	kind("usb", seen("@type", "/source/vendor@id", "/source/product@id"), stick, attrs{"usb": "1d6b:0003"}, nic, "usb 0x1d6b 0x0002", "usb 0x1d6b 0x0003", "pci  ")
	kind("usb_address", seen("/source/address@bus", "/source/address@device", "/source/vendor?"), attrs{"usb_address": "1:4"}, attrs{"usb_address": "2:5"}, stick, "1 4 false", "2 5 false", "  true")
	part := func(i int) attrs { return attrs{"mdev": fmt.Sprintf("4a1ddc74-5f3b-4d3e-9d49-52d5ff7f3c0%d", i)} }
	kind("mdev", seen("@model", "/source/address@uuid"), part(1), part(2), nic, "vfio-pci "+part(1)["mdev"].(string), "vfio-pci "+part(2)["mdev"].(string), " ")
	kind("managed", seen("@managed"), nic.with(attrs{"managed": false}), nic.with(attrs{"managed": true}), nic, "no", "yes", "yes")
	kind("boot", seen("/boot@order"), nic.with(attrs{"boot": 1}), nic.with(attrs{"boot": 2}), nic, "1", "2", "")
	kind("address", seen("/address@bus"), nic.with(attrs{"address": "0000:05:00.0"}), nic.with(attrs{"address": "0000:06:00.0"}), nic, "0x05", "0x06", "0x06")
	kind("rom_bar", seen("/rom@bar"), nic.with(attrs{"rom_bar": true}), nic.with(attrs{"rom_bar": false}), nic, "on", "off", "")
	kind("rom_file", seen("/rom@file"), nic.with(attrs{"rom_file": "/srv/one.rom"}), nic.with(attrs{"rom_file": "/srv/two.rom"}), nic, "/srv/one.rom", "/srv/two.rom", "")
	return cases
}

// machineCases returns the cases of the clock, the features and the memory backing.
func machineCases() map[string]update {
	group := []string{"update", "update"}
	cases := map[string]update{}
	// row adds a case for a group whose other attributes stay: two values, then none.
	row := func(path string, in func(name string, v any) attrs, where string, first, second any, shown ...string) {
		name := path[strings.LastIndex(path, ".")+1:]
		cases[path] = update{see: defined(where), steps: []step{{in(name, first), shown[0]}, {in(name, second), shown[1]}, {in(name, nil), shown[2]}}}
	}
	within := func(group string, others attrs) func(string, any) attrs {
		return func(name string, v any) attrs { return attrs{group: others.with(attrs{name: v})} }
	}
	backing := func(others attrs) func(string, any) attrs { return within("memory_backing", others) }
	cases["memory_backing"] = update{see: defined("memoryBacking?"), actions: group, steps: []step{{nil, "false"}, {attrs{"memory_backing": attrs{"nosharepages": true}}, "true"}, {nil, "false"}}}
	kept := attrs{"nosharepages": true}
	row("memory_backing.source", backing(kept), "memoryBacking/source@type", "memfd", "file", "memfd", "file", "")
	row("memory_backing.access", backing(kept), "memoryBacking/access@mode", "shared", "private", "shared", "private", "")
	row("memory_backing.hugepages", backing(kept), "memoryBacking/hugepages?", true, false, "true", "false", "false")
	row("memory_backing.hugepage_size", backing(attrs{"hugepages": true}), "memoryBacking/hugepages/page@size", 2048, 1<<20, "2048", "1048576", "")
	row("memory_backing.locked", backing(kept), "memoryBacking/locked?", true, false, "true", "false", "false")
	row("memory_backing.nosharepages", backing(attrs{"source": "memfd"}), "memoryBacking/nosharepages?", true, false, "true", "false", "false")
	row("memory_backing.discard", backing(kept), "memoryBacking/discard?", true, false, "true", "false", "false")
	row("memory_backing.allocation", backing(kept), "memoryBacking/allocation@mode", "immediate", "ondemand", "immediate", "ondemand", "")

	clock := func(others attrs) func(string, any) attrs { return within("clock", others) }
	cases["clock"] = update{see: defined("clock@offset"), actions: group, steps: []step{{nil, "utc"}, {attrs{"clock": attrs{"offset": "localtime"}}, "localtime"}, {nil, "utc"}}}
	row("clock.offset", clock(attrs{"timers": attrs{"pit": attrs{"tickpolicy": "delay"}}}), "clock@offset", "localtime", "variable", "localtime", "variable", "utc")
	cases["clock.timezone"] = update{see: defined("clock@timezone"), steps: []step{{attrs{"clock": attrs{"offset": "timezone", "timezone": "Europe/Zurich"}}, "Europe/Zurich"},
		{attrs{"clock": attrs{"offset": "timezone", "timezone": "Europe/Rome"}}, "Europe/Rome"}, {attrs{"clock": attrs{"offset": "localtime"}}, ""}}}
	row("clock.adjustment", clock(attrs{"offset": "variable"}), "clock@adjustment", 60, -60, "60", "-60", "0")
	row("clock.basis", clock(attrs{"offset": "variable"}), "clock@basis", "localtime", "utc", "localtime", "utc", "utc")
	local := attrs{"offset": "localtime"}
	cases["clock.timers"] = update{see: defined("clock/timer@name"), actions: group, steps: []step{{attrs{"clock": local}, ""}, {attrs{"clock": local.with(attrs{"timers": attrs{"hpet": attrs{"present": false}}})}, "hpet"}, {attrs{"clock": local}, ""}}}
	timer := func(timer string) func(string, any) attrs {
		return func(name string, v any) attrs {
			return attrs{"clock": attrs{"timers": attrs{timer: attrs{name: v}.with(nil)}}}
		}
	}
	row("clock.timers.present", timer("hpet"), "clock/timer@present", false, true, "no", "yes", "")
	row("clock.timers.tickpolicy", timer("pit"), "clock/timer@tickpolicy", "delay", "discard", "delay", "discard", "")
	row("clock.timers.track", timer("rtc"), "clock/timer@track", "wall", "guest", "wall", "guest", "")
	row("clock.timers.frequency", timer("tsc"), "clock/timer@frequency", 1000000000, 2000000000, "1000000000", "2000000000", "")
	row("clock.timers.mode", timer("tsc"), "clock/timer@mode", "native", "emulate", "native", "emulate", "")

	features := within("features", attrs{"vmcoreinfo": true})
	cases["features"] = update{see: defined("features/pmu?"), actions: group, steps: []step{{nil, "false"}, {attrs{"features": attrs{"pmu": false}}, "true"}, {nil, "false"}}}
	for _, name := range []string{"acpi", "apic"} {
		row("features."+name, features, "features/"+name+"?", false, true, "false", "true", "true")
	}
	row("features.pae", features, "features/pae?", true, false, "true", "false", "false")
	for _, name := range []string{"smm", "vmport", "pmu"} {
		row("features."+name, features, "features/"+name+"@state", true, false, "on", "off", "")
	}
	row("features.vmcoreinfo", within("features", attrs{"pmu": false}), "features/vmcoreinfo@state", false, true, "off", "on", "")
	row("features.ioapic", features, "features/ioapic@driver", "qemu", "kvm", "qemu", "kvm", "")
	row("features.kvm_hidden", features, "features/kvm/hidden@state", true, false, "on", "off", "")
	hyperv := func(others attrs) func(string, any) attrs {
		return func(name string, v any) attrs { return attrs{"features": attrs{"hyperv": others.with(attrs{name: v})}} }
	}
	cases["features.hyperv"] = update{see: defined("features/hyperv?"), actions: group, steps: []step{
		{features("hyperv", nil), "false"}, {features("hyperv", attrs{"relaxed": true}), "true"}, {features("hyperv", nil), "false"}}}
	row("features.hyperv.mode", hyperv(nil), "features/hyperv@mode", "passthrough", "custom", "passthrough", "custom", "custom")
	const flags = "features/hyperv/"
	for _, name := range []string{"relaxed", "vapic", "vpindex", "runtime", "synic", "stimer", "reset", "frequencies", "reenlightenment", "tlbflush", "ipi", "evmcs"} {
		row("features.hyperv."+name, hyperv(attrs{"spinlocks": 8191}), flags+name+"@state", true, false, "on", "off", "")
	}
	row("features.hyperv.spinlocks", hyperv(attrs{"relaxed": true}), flags+"spinlocks@retries", 8191, 4096, "8191", "4096", "")
	row("features.hyperv.vendor_id", hyperv(attrs{"relaxed": true}), flags+"vendor_id@value", "one", "two", "one", "two", "")
	return cases
}
