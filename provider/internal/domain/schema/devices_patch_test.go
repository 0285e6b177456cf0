package schema

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/domaintest"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// station has something of every device, feature and timer.
const (
	station = "devices-q35.xml"
	zoned   = "zoned-q35.xml"
	escaped = "escaped-pc.xml"
)

var (
	utc      = table.Model{"offset": "utc", "adjustment": int64(0), "basis": "utc"}
	balloon  = table.Model{"model": "virtio"}
	noRNG    = table.Model{"model": "none", "backend": "random"}
	plainPC  = table.Model{"acpi": true, "apic": true, "pae": false}
	noDevice = table.Model{"balloon": balloon, "rng": noRNG}
)

func card(model string, vram int64) table.Model {
	v := table.Model{"model": model, "heads": int64(1), "accel3d": false}
	if vram > 0 {
		v["vram"] = vram
	}
	return v
}

// otherWants are what stands in the definitions beside disks, interfaces, consoles and resources.
var otherWants = map[string]table.Model{
	server: {
		"clock":    table.Model{"offset": "utc", "adjustment": int64(0), "basis": "utc", "timers": table.Model{"rtc": table.Model{"tickpolicy": "catchup"}, "pit": table.Model{"tickpolicy": "delay"}, "hpet": table.Model{"present": false}}},
		"features": table.Model{"acpi": true, "apic": true, "pae": false, "vmport": false},
		"devices":  table.Model{"balloon": balloon, "video": card("virtio", 0), "tablet": "usb", "rng": table.Model{"model": "virtio", "backend": "random", "device": "/dev/urandom"}},
	},
	legacy: {
		"clock": utc, "features": table.Model{"acpi": true, "apic": true, "pae": true},
		"devices": table.Model{"balloon": balloon, "rng": noRNG, "video": card("cirrus", 16384), "watchdog": table.Model{"model": "i6300esb", "action": "reset"}},
	},
	windows: {
		"clock": table.Model{"offset": "localtime", "adjustment": int64(0), "basis": "utc", "timers": table.Model{"hypervclock": table.Model{"present": true}}},
		"features": table.Model{"acpi": true, "apic": true, "pae": false, "vmport": false,
			"hyperv": table.Model{"mode": "custom", "relaxed": true, "vapic": true, "spinlocks": int64(8191)}},
		"devices": table.Model{"balloon": balloon, "rng": noRNG, "tablet": "usb", "video": card("qxl", 65536)},
	},
	kernel:    {"clock": utc, "features": table.Model{"acpi": true, "apic": false, "pae": false}, "devices": noDevice},
	throttled: {"clock": utc, "features": table.Model{"acpi": false, "apic": false, "pae": false}, "devices": noDevice},
	tuned:     {"clock": utc, "features": plainPC, "devices": table.Model{"balloon": balloon, "rng": noRNG, "video": card("cirrus", 16384)}},
	zoned: {
		"uuid": "8d0ea3bd-0f0f-4d3c-bb39-6a7dcf9b6d09", "type": "kvm", "vcpu": int64(1), "memory": int64(64 << 10), "arch": "x86_64", "machine": "pc-q35-7.2",
		"cpu": table.Model{"mode": "custom", "model": "qemu64", "check": "none"}, "firmware": "bios", "guest_agent": false,
		"clock":    table.Model{"offset": "timezone", "timezone": "Europe/Zurich", "adjustment": int64(0), "basis": "utc"},
		"features": table.Model{"acpi": true, "apic": true, "pae": false, "hyperv": table.Model{"mode": "passthrough"}},
		"devices":  table.Model{"rng": noRNG, "balloon": table.Model{"model": "none"}},
	},
	station: {
		"uuid": "8d0ea3bd-0f0f-4d3c-bb39-6a7dcf9b6d08", "type": "qemu", "vcpu": int64(1), "memory": int64(64 << 10), "arch": "x86_64", "machine": "pc-q35-7.2",
		"cpu": table.Model{"mode": "custom", "model": "qemu64", "check": "none"}, "firmware": "bios", "guest_agent": false,
		"memory_backing": table.Model{"source": "memfd", "access": "shared", "hugepages": true, "hugepage_size": int64(2048), "locked": true, "nosharepages": true, "discard": true, "allocation": "immediate"},
		"clock": table.Model{"offset": "variable", "adjustment": int64(3600), "basis": "localtime", "timers": table.Model{
			"rtc": table.Model{"tickpolicy": "catchup", "track": "wall"}, "tsc": table.Model{"frequency": int64(1000000000), "mode": "native"}, "kvmclock": table.Model{"present": false}}},
		"features": table.Model{"acpi": true, "apic": false, "pae": true, "smm": true, "vmport": false, "pmu": false, "ioapic": "qemu", "vmcoreinfo": true, "kvm_hidden": true,
			"hyperv": table.Model{"mode": "custom", "relaxed": true, "vapic": true, "spinlocks": int64(8191), "vpindex": true, "runtime": true, "synic": true, "stimer": true, "reset": true,
				"vendor_id": "abc", "frequencies": true, "reenlightenment": true, "tlbflush": true, "ipi": true, "evmcs": false}},
		"devices": table.Model{
			"video":    table.Model{"model": "virtio", "vram": int64(32768), "heads": int64(2), "accel3d": true},
			"tpm":      table.Model{"model": "tpm-crb", "backend": "emulator", "version": "2.0", "persistent_state": true, "encryption_secret_uuid": "c7a5fdbd-cdaf-9455-926a-d65c16db1809"},
			"rng":      table.Model{"model": "virtio", "backend": "random", "device": "/dev/hwrng", "rate_bytes": int64(1024), "rate_period": int64(2000)},
			"watchdog": table.Model{"model": "i6300esb", "action": "poweroff"}, "vsock": table.Model{"cid": int64(5)}, "panic": table.Model{"model": "isa"},
			"balloon": table.Model{"model": "virtio", "autodeflate": true, "free_page_reporting": true, "stats_period": int64(5)}, "sound": "ich9", "tablet": "virtio",
			"filesystems": table.Model{
				"shared": table.Model{"source": "/srv/a", "driver": "virtiofs", "read_only": false, "access_mode": "passthrough", "cache": "always", "queue": int64(512)},
				"nine":   table.Model{"source": "/srv/b", "driver": "9p", "read_only": true, "access_mode": "mapped"},
			},
			"hostdevs": table.Model{
				"hostdev0": table.Model{"pci": "0000:05:1f.1", "managed": true, "rom_bar": false, "rom_file": "/srv/rom"}, "stick": table.Model{"usb": "1d6b:0002", "managed": false},
				"hostdev2": table.Model{"usb_address": "1:4", "managed": false}, "gpu": table.Model{"mdev": "c7a5fdbd-cdaf-9455-926a-d65c16db1809", "managed": false},
			},
		},
	},
}

func TestWhatIsReadOfOtherDevices(t *testing.T) {
	for _, name := range []string{station, zoned} {
		if got := said(model(t, domaintest.ReadDefinition(t, name))); !table.Equal(got, otherWants[name]) {
			t.Errorf("%s: got\n%v\nwant\n%v", name, got, otherWants[name])
		}
	}
}

// A new domain that has something of everything is what libvirt's own schema allows.
func TestANewDomainWithAllDevicesIsValid(t *testing.T) {
	validate, err := exec.LookPath("virt-xml-validate")
	if err != nil {
		t.Skip("this machine has no virt-xml-validate")
	}
	for _, name := range []string{station, zoned, escaped} {
		plan := model(t, domaintest.ReadDefinition(t, name))
		plan["name"] = "it"
		xml, err := NewXML(plan)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "domain.xml")
		if err := os.WriteFile(file, []byte(xml), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(validate, file, "domain").CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s\n%s", name, err, out, xml)
		}
	}
}

// otherPatchCases are those of all these.
var otherPatchCases = []patchCase{
	{"memory_backing", station, nil, []string{`- memoryBacking`}},
	{"memory_backing", server, table.Model{"source": "memfd", "access": "shared", "hugepages": true, "locked": false, "nosharepages": false, "discard": false},
		[]string{`+ memoryBacking`, `+ memoryBacking/source`, `+ memoryBacking/source@type=memfd`, `+ memoryBacking/access`, `+ memoryBacking/access@mode=shared`, `+ memoryBacking/hugepages`}},
	{"memory_backing.source", station, nil, []string{`- memoryBacking/source`}},
	{"memory_backing.access", station, "private", []string{`- memoryBacking/access@mode=shared`, `+ memoryBacking/access@mode=private`}},
	{"memory_backing.hugepages", station, false, []string{`- memoryBacking/hugepages`}},
	{"memory_backing.hugepage_size", station, int64(1 << 20), []string{`- memoryBacking/hugepages/page@size=2048`, `+ memoryBacking/hugepages/page@size=1048576`}},
	{"memory_backing.hugepage_size", station, nil, []string{`- memoryBacking/hugepages/page`}},
	{"memory_backing.locked", station, false, []string{`- memoryBacking/locked`}},
	{"memory_backing.nosharepages", station, false, []string{`- memoryBacking/nosharepages`}},
	{"memory_backing.discard", station, false, []string{`- memoryBacking/discard`}},
	{"memory_backing.allocation", station, nil, []string{`- memoryBacking/allocation`}},

	{"clock", server, nil, []string{`- clock/timer`, `- clock/timer`, `- clock/timer`}},
	{"clock", station, nil, []string{`- clock@offset=variable`, `- clock@adjustment=3600`, `- clock@basis=localtime`, `- clock/timer`, `- clock/timer`, `- clock/timer`, `+ clock@offset=utc`}},
	{"clock.offset", server, "localtime", []string{`- clock@offset=utc`, `+ clock@offset=localtime`}},
	{"clock.timezone", zoned, "Europe/Rome", []string{`- clock@timezone=Europe/Zurich`, `+ clock@timezone=Europe/Rome`}},
	{"clock.adjustment", station, int64(60), []string{`- clock@adjustment=3600`, `+ clock@adjustment=60`}},
	{"clock.basis", station, "utc", []string{`- clock@basis=localtime`, `+ clock@basis=utc`}},
	{"clock.timers", server, nil, []string{`- clock/timer`, `- clock/timer`, `- clock/timer`}},
	{"clock.timers.tsc", server, table.Model{"mode": "native"}, []string{`+ clock/timer@name=tsc`, `+ clock/timer@mode=native`}},
	{"clock.timers.kvmclock.present", station, true, []string{`- clock/timer@present=no`, `+ clock/timer@present=yes`}},
	{"clock.timers.rtc.tickpolicy", station, nil, []string{`- clock/timer@tickpolicy=catchup`}},
	{"clock.timers.rtc.track", station, "guest", []string{`- clock/timer@track=wall`, `+ clock/timer@track=guest`}},
	{"clock.timers.tsc.frequency", station, int64(2000000000), []string{`- clock/timer@frequency=1000000000`, `+ clock/timer@frequency=2000000000`}},
	{"clock.timers.tsc.mode", station, "emulate", []string{`- clock/timer@mode=native`, `+ clock/timer@mode=emulate`}},

	{"features", server, nil, []string{`- features/vmport`}},
	{"features", station, nil, []string{`- features/pae`, `- features/hyperv`, `- features/kvm/hidden`, `- features/pmu`, `- features/vmport`, `- features/smm`, `- features/ioapic`, `- features/vmcoreinfo`, `+ features/apic`}},
	{"features.acpi", server, false, []string{`- features/acpi`}},
	{"features.apic", kernel, true, []string{`+ features/apic`}},
	{"features.pae", server, true, []string{`+ features/pae`}},
	{"features.smm", station, false, []string{`- features/smm@state=on`, `+ features/smm@state=off`}},
	{"features.vmport", server, nil, []string{`- features/vmport`}},
	{"features.pmu", server, false, []string{`+ features/pmu`, `+ features/pmu@state=off`}},
	{"features.vmcoreinfo", server, true, []string{`+ features/vmcoreinfo`, `+ features/vmcoreinfo@state=on`}},
	{"features.ioapic", station, "kvm", []string{`- features/ioapic@driver=qemu`, `+ features/ioapic@driver=kvm`}},
	{"features.ioapic", station, nil, []string{`- features/ioapic`}},
	{"features.kvm_hidden", server, true, []string{`+ features/kvm`, `+ features/kvm/hidden`, `+ features/kvm/hidden@state=on`}},
	{"features.kvm_hidden", station, nil, []string{`- features/kvm/hidden`}},
	{"features.hyperv", windows, nil, []string{`- features/hyperv`}},
	{"features.hyperv", server, table.Model{"mode": "passthrough"}, []string{`+ features/hyperv`, `+ features/hyperv@mode=passthrough`}},
	{"features.hyperv.mode", zoned, "custom", []string{`- features/hyperv@mode=passthrough`, `+ features/hyperv@mode=custom`}},
	{"features.hyperv.relaxed", windows, false, []string{`- features/hyperv/relaxed@state=on`, `+ features/hyperv/relaxed@state=off`}},
	{"features.hyperv.vapic", windows, nil, []string{`- features/hyperv/vapic`}},
	{"features.hyperv.spinlocks", windows, int64(4096), []string{`- features/hyperv/spinlocks@retries=8191`, `+ features/hyperv/spinlocks@retries=4096`}},
	{"features.hyperv.spinlocks", windows, nil, []string{`- features/hyperv/spinlocks`}},
	{"features.hyperv.vendor_id", station, "xyz", []string{`- features/hyperv/vendor_id@value=abc`, `+ features/hyperv/vendor_id@value=xyz`}},
	hypervFlag("vpindex"), hypervFlag("runtime"), hypervFlag("synic"), hypervFlag("stimer"), hypervFlag("reset"), hypervFlag("frequencies"),
	hypervFlag("reenlightenment"), hypervFlag("tlbflush"), hypervFlag("ipi"), hypervFlag("evmcs"),

	{"devices", legacy, nil, []string{`- devices/video`, `- devices/watchdog`, `- devices/memballoon`}},
	{"devices.video", kernel, table.Model{"model": "vga", "vram": table.Unknown, "heads": int64(1), "accel3d": false}, []string{`+ devices/video`, `+ devices/video/model`, `+ devices/video/model@type=vga`}},
	{"devices.video", legacy, nil, []string{`- devices/video`}},
	{"devices.video.model", legacy, "none", []string{`- devices/video/model@type=cirrus`, `- devices/video/model@heads=1`, `- devices/video/model@primary=yes`, `- devices/video/address`, `+ devices/video/model@type=none`}},
	{"devices.video.vram", legacy, int64(32768), []string{`- devices/video/model@vram=16384`, `+ devices/video/model@vram=32768`}},
	{"devices.video.heads", server, int64(2), []string{`- devices/video/model@heads=1`, `+ devices/video/model@heads=2`}},
	{"devices.video.accel3d", server, true, []string{`+ devices/video/model/acceleration`, `+ devices/video/model/acceleration@accel3d=yes`}},
	{"devices.tpm", server, table.Model{"backend": "emulator", "version": "2.0", "persistent_state": false}, []string{`+ devices/tpm`, `+ devices/tpm/backend`, `+ devices/tpm/backend@type=emulator`, `+ devices/tpm/backend@version=2.0`}},
	{"devices.tpm", station, nil, []string{`- devices/tpm`}},
	{"devices.tpm.model", station, "tpm-tis", []string{`- devices/tpm@model=tpm-crb`, `+ devices/tpm@model=tpm-tis`}},
	{"devices.tpm.backend", station, "passthrough", []string{`- devices/tpm/backend@type=emulator`, `- devices/tpm/backend@version=2.0`, `- devices/tpm/backend@persistent_state=yes`, `+ devices/tpm/backend@type=passthrough`}},
	{"devices.tpm.version", station, "1.2", []string{`- devices/tpm/backend@version=2.0`, `+ devices/tpm/backend@version=1.2`}},
	{"devices.tpm.persistent_state", station, false, []string{`- devices/tpm/backend@persistent_state=yes`, `+ devices/tpm/backend@persistent_state=no`}},
	{"devices.tpm.encryption_secret_uuid", station, nil, []string{`- devices/tpm/backend/encryption`}},
	{"devices.tpm.device", station, "/dev/tpm1", []string{`+ devices/tpm/backend/device`, `+ devices/tpm/backend/device@path=/dev/tpm1`}},
	{"devices.rng", server, nil, []string{`- devices/rng`}},
	{"devices.rng", legacy, table.Model{"model": "virtio", "backend": "builtin", "device": table.Unknown}, []string{`+ devices/rng`, `+ devices/rng@model=virtio`, `+ devices/rng/backend`, `+ devices/rng/backend@model=builtin`}},
	{"devices.rng.model", server, "virtio-transitional", []string{`- devices/rng@model=virtio`, `- devices/rng/address`, `+ devices/rng@model=virtio-transitional`}},
	{"devices.rng.backend", server, "builtin", []string{`- devices/rng/backend@model=random`, `- devices/rng/backend=/dev/urandom`, `+ devices/rng/backend@model=builtin`}},
	{"devices.rng.device", server, "/dev/hwrng", []string{`- devices/rng/backend=/dev/urandom`, `+ devices/rng/backend=/dev/hwrng`}},
	{"devices.rng.rate_bytes", station, int64(99), []string{`- devices/rng/rate@bytes=1024`, `+ devices/rng/rate@bytes=99`}},
	{"devices.rng.rate_period", station, nil, []string{`- devices/rng/rate@period=2000`}},
	{"devices.watchdog", legacy, nil, []string{`- devices/watchdog`}},
	{"devices.watchdog", server, table.Model{"model": "ib700", "action": "dump"}, []string{`+ devices/watchdog`, `+ devices/watchdog@model=ib700`, `+ devices/watchdog@action=dump`}},
	{"devices.watchdog.model", legacy, "ib700", []string{`- devices/watchdog@model=i6300esb`, `- devices/watchdog/address`, `+ devices/watchdog@model=ib700`}},
	{"devices.watchdog.action", legacy, "pause", []string{`- devices/watchdog@action=reset`, `+ devices/watchdog@action=pause`}},
	{"devices.vsock", server, table.Model{}, []string{`+ devices/vsock`, `+ devices/vsock@model=virtio`, `+ devices/vsock/cid`, `+ devices/vsock/cid@auto=yes`}},
	{"devices.vsock", station, nil, []string{`- devices/vsock`}},
	{"devices.vsock.cid", station, int64(9), []string{`- devices/vsock/cid@address=5`, `+ devices/vsock/cid@address=9`}},
	{"devices.vsock.cid", station, nil, []string{`- devices/vsock/cid@auto=no`, `- devices/vsock/cid@address=5`, `+ devices/vsock/cid@auto=yes`}},
	{"devices.panic", station, nil, []string{`- devices/panic`}},
	{"devices.panic.model", station, "hyperv", []string{`- devices/panic@model=isa`, `+ devices/panic@model=hyperv`}},
	{"devices.balloon", server, nil, []string{`- devices/memballoon`}},
	{"devices.balloon.model", server, "none", []string{`- devices/memballoon@model=virtio`, `- devices/memballoon/address`, `+ devices/memballoon@model=none`}},
	{"devices.balloon.autodeflate", station, false, []string{`- devices/memballoon@autodeflate=on`, `+ devices/memballoon@autodeflate=off`}},
	{"devices.balloon.free_page_reporting", station, nil, []string{`- devices/memballoon@freePageReporting=on`}},
	{"devices.balloon.stats_period", station, nil, []string{`- devices/memballoon/stats`}},
	{"devices.sound", server, "ac97", []string{`+ devices/sound`, `+ devices/sound@model=ac97`}},
	{"devices.sound", station, "ich6", []string{`- devices/sound@model=ich9`, `- devices/sound/address`, `+ devices/sound@model=ich6`}},
	{"devices.sound", station, nil, []string{`- devices/sound`}},
	{"devices.tablet", kernel, "usb", []string{`+ devices/input@type=tablet`, `+ devices/input@bus=usb`}},
	{"devices.tablet", station, "usb", []string{`- devices/input@bus=virtio`, `- devices/input/address`, `+ devices/input@bus=usb`}},
	{"devices.tablet", server, nil, []string{`- devices/input@type=tablet`, `- devices/input@bus=usb`, `- devices/input/address`}},
	{"devices.filesystems", station, nil, []string{`- devices/filesystem[shared]`, `- devices/filesystem[nine]`}},
	{"devices.filesystems.more", station, table.Model{"source": "/srv/c", "driver": "9p", "read_only": false, "access_mode": "squash"}, []string{`+ devices/filesystem[more]`, `+ devices/filesystem[more]@type=mount`, `+ devices/filesystem[more]@accessmode=squash`, `+ devices/filesystem[more]/target`, `+ devices/filesystem[more]/target@dir=more`, `+ devices/filesystem[more]/source`, `+ devices/filesystem[more]/source@dir=/srv/c`}},
	{"devices.filesystems.shared.source", station, "/srv/c", []string{`- devices/filesystem[shared]/source@dir=/srv/a`, `+ devices/filesystem[shared]/source@dir=/srv/c`}},
	{"devices.filesystems.nine.driver", station, "virtiofs", []string{`- devices/filesystem[nine]/address`, `+ devices/filesystem[nine]/driver`, `+ devices/filesystem[nine]/driver@type=virtiofs`}},
	{"devices.filesystems.shared.read_only", station, true, []string{`+ devices/filesystem[shared]/readonly`}},
	{"devices.filesystems.nine.access_mode", station, "squash", []string{`- devices/filesystem[nine]@accessmode=mapped`, `+ devices/filesystem[nine]@accessmode=squash`}},
	{"devices.filesystems.shared.cache", station, nil, []string{`- devices/filesystem[shared]/binary/cache`}},
	{"devices.filesystems.shared.queue", station, nil, []string{`- devices/filesystem[shared]/driver@queue=512`}},
	{"devices.hostdevs.nic", server, table.Model{"pci": "0000:01:02.3", "managed": true}, []string{`+ devices/hostdev[ua-nic]`, `+ devices/hostdev[ua-nic]@mode=subsystem`, `+ devices/hostdev[ua-nic]@type=pci`, `+ devices/hostdev[ua-nic]@managed=yes`, `+ devices/hostdev[ua-nic]/alias`, `+ devices/hostdev[ua-nic]/alias@name=ua-nic`, `+ devices/hostdev[ua-nic]/source`, `+ devices/hostdev[ua-nic]/source/address`, `+ devices/hostdev[ua-nic]/source/address@domain=0x0000`, `+ devices/hostdev[ua-nic]/source/address@bus=0x01`, `+ devices/hostdev[ua-nic]/source/address@slot=0x02`, `+ devices/hostdev[ua-nic]/source/address@function=0x3`}},
	{"devices.hostdevs", station, nil, []string{`- devices/hostdev[pci]`, `- devices/hostdev[ua-stick]`, `- devices/hostdev[usb]`, `- devices/hostdev[ua-gpu]`}},
	{"devices.hostdevs.hostdev0", station, nil, []string{`- devices/hostdev[pci]`, `- devices/hostdev[usb]`, `+ devices/hostdev[ua-hostdev2]`, `+ devices/hostdev[ua-hostdev2]@mode=subsystem`, `+ devices/hostdev[ua-hostdev2]@type=usb`, `+ devices/hostdev[ua-hostdev2]@managed=no`, `+ devices/hostdev[ua-hostdev2]/source`, `+ devices/hostdev[ua-hostdev2]/source/address`, `+ devices/hostdev[ua-hostdev2]/source/address@bus=1`, `+ devices/hostdev[ua-hostdev2]/source/address@device=4`, `+ devices/hostdev[ua-hostdev2]/address`, `+ devices/hostdev[ua-hostdev2]/address@type=usb`, `+ devices/hostdev[ua-hostdev2]/address@bus=0`, `+ devices/hostdev[ua-hostdev2]/address@port=2`, `+ devices/hostdev[ua-hostdev2]/alias`, `+ devices/hostdev[ua-hostdev2]/alias@name=ua-hostdev2`}},
	{"devices.hostdevs.hostdev0.pci", station, "0000:06:00.0", []string{`- devices/hostdev[pci]/source/address@bus=0x05`, `- devices/hostdev[pci]/source/address@slot=0x1f`, `- devices/hostdev[pci]/source/address@function=0x1`, `+ devices/hostdev[pci]/source/address@bus=0x06`, `+ devices/hostdev[pci]/source/address@slot=0x00`, `+ devices/hostdev[pci]/source/address@function=0x0`}},
	{"devices.hostdevs.gpu", station, table.Model{"pci": "0000:06:00.0", "managed": true}, []string{`- devices/hostdev[ua-gpu]@type=mdev`, `- devices/hostdev[ua-gpu]@managed=no`, `- devices/hostdev[ua-gpu]@model=vfio-pci`, `- devices/hostdev[ua-gpu]@display=off`, `- devices/hostdev[ua-gpu]/source/address@uuid=c7a5fdbd-cdaf-9455-926a-d65c16db1809`, `- devices/hostdev[ua-gpu]/address`,
		`+ devices/hostdev[ua-gpu]@type=pci`, `+ devices/hostdev[ua-gpu]@managed=yes`, `+ devices/hostdev[ua-gpu]/source/address@domain=0x0000`, `+ devices/hostdev[ua-gpu]/source/address@bus=0x06`, `+ devices/hostdev[ua-gpu]/source/address@slot=0x00`, `+ devices/hostdev[ua-gpu]/source/address@function=0x0`}},
	{"devices.hostdevs.stick.usb", station, "1d6b:0003", []string{`- devices/hostdev[ua-stick]/source/product@id=0x0002`, `+ devices/hostdev[ua-stick]/source/product@id=0x0003`}},
	{"devices.hostdevs.stick.usb_address", station, "2:5", []string{`- devices/hostdev[ua-stick]/source/vendor`, `- devices/hostdev[ua-stick]/source/product`, `+ devices/hostdev[ua-stick]/source/address`, `+ devices/hostdev[ua-stick]/source/address@bus=2`, `+ devices/hostdev[ua-stick]/source/address@device=5`}},
	{"devices.hostdevs.gpu.mdev", station, "c7a5fdbd-cdaf-9455-926a-d65c16db1800", []string{`- devices/hostdev[ua-gpu]/source/address@uuid=c7a5fdbd-cdaf-9455-926a-d65c16db1809`, `+ devices/hostdev[ua-gpu]/source/address@uuid=c7a5fdbd-cdaf-9455-926a-d65c16db1800`}},
	{"devices.hostdevs.stick.managed", station, true, []string{`- devices/hostdev[ua-stick]@managed=no`, `+ devices/hostdev[ua-stick]@managed=yes`}},
	{"devices.hostdevs.hostdev0.rom_bar", station, true, []string{`- devices/hostdev[pci]/rom@bar=off`, `+ devices/hostdev[pci]/rom@bar=on`}},
	{"devices.hostdevs.hostdev0.rom_file", station, nil, []string{`- devices/hostdev[pci]/rom@file=/srv/rom`}},
	{"devices.hostdevs.hostdev0.boot", station, int64(1), []string{`- os/boot`, `+ devices/hostdev[pci]/boot`, `+ devices/hostdev[pci]/boot@order=1`}},
}

func hypervFlag(name string) patchCase {
	at := "features/hyperv/" + name
	return patchCase{"features.hyperv." + name, windows, true, []string{"+ " + at, "+ " + at + "@state=on"}}
}
