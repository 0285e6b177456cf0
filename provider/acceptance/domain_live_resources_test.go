//go:build acceptance

package acceptance

import (
	"os"
	"testing"
)

// ejectingSector is a guest that greets, and releases each virtual CPU on request. It turns itself off when the power button is pressed, as
// bootSector does.
//
// https://www.qemu.org/docs/master/specs/acpi_cpu_hotplug.html
var ejectingSector = sector(
	0xba, 0x02, 0x06, // mov dx, 0x602      PM1 enable
	0xb8, 0x00, 0x01, 0xef, // mov ax, 0x100; out dx, ax    the power button
	0xba, 0xd8, 0x0c, // mov dx, 0xcd8      the virtual CPUs, at the address of q35
	0x66, 0x31, 0xc0, // xor eax, eax
	0x66, 0xef, // out dx, eax              switch to the interface that supports removal
	0xba, 0xf8, 0x03, // mov dx, 0x3f8      the serial port
	0xb0, greeting[0], 0xee, // mov al, 'K'; out dx, al
	0xfb, 0xf4, // sti; hlt
	0xba, 0x00, 0x06, // mov dx, 0x600      PM1 status
	0xed,             // in ax, dx
	0xf6, 0xc4, 0x01, // test ah, 1         the power button
	0x75, 0x21, // jnz off
	0x66, 0x31, 0xdb, // xor ebx, ebx
	0x43,             // inc bx             the next processor
	0x66, 0x89, 0xd8, // mov eax, ebx
	0xba, 0xd8, 0x0c, // mov dx, 0xcd8
	0x66, 0xef, // out dx, eax              select it
	0xba, 0xdc, 0x0c, // mov dx, 0xcdc
	0xec,       // in al, dx
	0xa8, 0x04, // test al, 4               is its removal requested?
	0x74, 0x06, // jz over the next two
	0xb0, 0x04, 0xee, // mov al, 4; out dx, al      clear the request
	0xb0, 0x08, 0xee, // mov al, 8; out dx, al      eject it
	0x80, 0xfb, 0x03, // cmp bl, 3
	0x72, 0xe4, // jb the next processor
	0xeb, 0xd4, // jmp sti
	0xba, 0x04, 0x06, // mov dx, 0x604      PM1 control
	0xb8, 0x00, 0x20, 0xef, // mov ax, 0x2000; out dx, ax   enter the deepest sleep state
)

// processors returns a guest under KVM with one virtual CPU: only under KVM does QEMU (7.2) report that a virtual CPU is gone.
func processors(t *testing.T, code []byte) *lively {
	t.Helper()
	needsKVM(t)
	a := sectorGuest(t, alpha(), code).with(attrs{"type": "kvm", "maximum": attrs{"vcpu": 4}, "shutdown": attrs{"timeout": 0}})
	g := &lively{t: t, s: newStack(t), a: a}
	g.s.apply(config{aDomain: a})
	booted(t, a)
	g.s.settled()
	g.run = pid(t, a)
	return g
}
func TestDomainVCPULive(t *testing.T) {
	t.Parallel()
	t.Run("virtual CPUs are added and removed live", testVCPULive)
	t.Run("a virtual CPU that the guest does not release stays", testVCPUNotReleased)
}

func testVCPULive(t *testing.T) {
	t.Parallel()
	g := processors(t, ejectingSector)
	g.becomes(attrs{"vcpu": 3}, map[string]string{"vcpu": "4", "vcpu@current": "3"})
	g.becomes(attrs{"vcpu": 2}, map[string]string{"vcpu": "4", "vcpu@current": "2"})
	g.becomes(attrs{"vcpu": 4}, map[string]string{"vcpu": "4", "vcpus/vcpu[@id='3']@enabled": "yes"})
	g.becomes(attrs{"vcpu": 1}, map[string]string{"vcpu": "4", "vcpu@current": "1"})
	expect(t, "the process that runs the guest", pid(t, g.a), g.run)

	// A virtual CPU that the guest booted with can be removed too.
	g.s.apply(config{aDomain: g.a.with(attrs{"state": "stopped", "vcpu": 2})})
	g.s.apply(config{aDomain: g.a.with(attrs{"vcpu": 2})})
	eventually(t, "the guest to greet again", func() bool {
		text, err := os.ReadFile(alpha().path(g.a["serial"].(attrs)["log_file"].(string)))
		return err == nil && string(text) == greeting+greeting
	})
	g.becomes(attrs{"vcpu": 1}, map[string]string{"vcpu": "4", "vcpu@current": "1"})
}

func testVCPUNotReleased(t *testing.T) {
	t.Parallel()
	g := processors(t, tallySector)
	g.becomes(attrs{"vcpu": 2}, map[string]string{"vcpu@current": "2"})
	last := countsOn(t, g.a, 0)
	g.s.applyFails(config{aDomain: g.a.with(attrs{"vcpu": 1})}, `Unable to take virtual CPUs out of domain "`+g.name()+`"`,
		"the guest did not let go of virtual CPU 1; it has 2, and so has the definition", "must support removal")
	g.sees(map[string]string{"vcpu@current": "2"})
	g.s.shows(config{aDomain: g.a.with(attrs{"vcpu": 1})}, "~ vcpu = 2 -> 1")
	countsOn(t, g.a, last)
	expect(t, "the process that runs the guest", pid(t, g.a), g.run)
}
func TestDomainMemoryLive(t *testing.T) {
	t.Parallel()
	t.Run("memory changes live", testMemoryLive)
	t.Run("memory that the guest does not release stays", testMemoryNotReleased)
}

func testMemoryLive(t *testing.T) {
	t.Parallel()
	g, s := newLinux(t), newStack(t)
	top := attrs{"memory": 256 << 10, "memory_slots": 3, "memory_with_devices": 1 << 20}
	base := g.a.with(attrs{"memory": 192 << 10, "maximum": top})
	l := &lively{t: t, s: s, a: base}
	s.apply(config{aDomain: base})
	g.says(`count 1`)
	run := pid(t, base)

	l.becomes(attrs{"memory": 256 << 10}, map[string]string{"memory": "262144", "currentMemory": "262144"})
	l.becomes(attrs{"memory": 208 << 10}, map[string]string{"memory": "262144", "currentMemory": "212992"})

	// libvirt's memory sizes include the memory device, the attribute 'memory' does not.
	l.becomes(attrs{"memory_devices": attrs{"more": attrs{"size": 128 << 10}}},
		map[string]string{"devices/memory/alias@name": "ua-more", "memory": "393216", "currentMemory": "344064"})
	l.becomes(attrs{"memory": 256 << 10}, map[string]string{"currentMemory": "393216"})
	l.becomes(attrs{"memory_devices": nil}, map[string]string{"devices/memory?": "false", "memory": "262144", "currentMemory": "262144"})

	// The guest takes and returns what is requested of a virtio-mem device; the balloon goes on beside it.
	elastic := func(requested int) attrs {
		return attrs{"memory_devices": attrs{"elastic": attrs{"model": "virtio-mem", "size": 256 << 10, "requested": requested}}}
	}
	has := func(requested string) {
		t.Helper()
		l.sees(map[string]string{"devices/memory/target/requested": requested, "memory": "524288"})
		expect(t, "memory of the device in the guest", at(alpha().xml(t, "dumpxml", l.name()), "devices/memory/target/current"), requested)
	}
	l.becomes(elastic(64<<10), map[string]string{"devices/memory@model": "virtio-mem"})
	l.becomes(elastic(192<<10), nil)
	has("196608")
	l.becomes(attrs{"memory": 224 << 10}, nil)
	l.becomes(elastic(128<<10), nil)
	has("131072")
	expect(t, "the process that runs the guest", pid(t, l.a), run)
	g.uninterrupted()
}

// persistentSince is the first libvirt that starts a guest with persistent memory on the virtio bus.
const persistentSince = 9_001_000

func testMemoryNotReleased(t *testing.T) {
	t.Parallel()
	a := sectorGuest(t, alpha(), tallySector).with(attrs{"shutdown": attrs{"timeout": 0},
		"maximum": attrs{"memory": 64 << 10, "memory_slots": 2, "memory_with_devices": 1 << 20}, "memory_devices": attrs{
			"more": attrs{"size": 128 << 10}, "elastic": attrs{"model": "virtio-mem", "size": 128 << 10, "requested": 0}}})
	s := newStack(t)
	s.apply(config{aDomain: a})
	before, last := alpha().virsh(t, "dumpxml", a["name"].(string), "--inactive"), countsOn(t, a, 0)
	running := alpha().virsh(t, "dumpxml", a["name"].(string))
	s.applyFails(config{aDomain: a.with(attrs{"memory": 48 << 10})}, `Unable to change the memory of domain "`+a["name"].(string)+`"`,
		"the guest did not follow within 30 s; the definition is as it was", "virtio_balloon")
	s.applyFails(config{aDomain: put(a, []string{"memory_devices", "more"}, nil)}, `Unable to take memory_devices["more"] out of domain "`+a["name"].(string)+`"`,
		`the guest did not let go of memory_devices["more"] within 30 s; it is still attached, and the definition is as it was`)
	s.applyFails(config{aDomain: put(a, []string{"memory_devices", "elastic", "requested"}, 64<<10)}, `Unable to change memory_devices["elastic"] of domain "`+a["name"].(string)+`"`,
		"the guest did not follow within 30 s, and has 0 KiB of the device; the definition is as it was", "virtio_mem")
	if alpha().libvirt(t) < persistentSince {
		pmem := attrs{"model": "virtio-pmem", "size": 4096, "path": diskOf(a), "access": "shared"}
		s.planFails(config{aDomain: put(a, []string{"memory_devices", "more"}, pmem)}, `'model' "virtio-pmem" requires libvirt 9.1.0, and alpha has `)
	}
	if now := alpha().virsh(t, "dumpxml", a["name"].(string), "--inactive"); now != before {
		t.Errorf("the definition was\n%s\nand is\n%s", before, now)
	}
	if now := alpha().virsh(t, "dumpxml", a["name"].(string)); now != running {
		t.Errorf("the running guest was\n%s\nand is\n%s", running, now)
	}
	countsOn(t, a, last)
	s.shows(config{aDomain: a.with(attrs{"memory": 48 << 10})}, "~ memory = 32768 -> 49152")
}
