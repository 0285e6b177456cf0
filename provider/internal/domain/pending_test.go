package domain

import (
	"slices"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// The two definitions of a domain that runs, as libvirt 9.0 gives them. They differ more than what waits: in the first the guest was given
// memory, and a processor, of which QEMU in software never says that it is gone; its CPU is a host-model, and its firmware is chosen when
// it starts.
const (
	uefi, uefiLive = "running-uefi.xml", "running-uefi.live.xml"
	bios, biosLive = "running-bios.xml", "running-bios.live.xml"
)

func TestWhatWaits(t *testing.T) {
	for _, c := range []struct {
		name, live, defined string
		change              func(m table.Model) table.Model
		want                []string
	}{
		{"a processor in software", uefiLive, uefi, nil, []string{"vcpu"}},
		{"nothing", uefiLive, uefi, change("vcpu", int64(2)), nil},
		{"nothing", biosLive, bios, nil, nil},
		{"texts", biosLive, bios, change("title", "other", "description", "other"), nil},
		{"another mode", biosLive, bios, change("cpu.mode", "host-passthrough"), []string{"cpu.mode"}},
		{"a model", biosLive, bios, change("cpu", table.Model{"mode": "custom", "model": "Nehalem"}), []string{"cpu.mode", "cpu.model"}},
		{"the host's own CPU in place of its model", uefiLive, uefi, change("vcpu", int64(2), "cpu.mode", "host-passthrough"), []string{"cpu.mode", "cpu.model"}},
		{"the firmware", uefiLive, uefi, change("vcpu", int64(2), "firmware", "bios"), []string{"firmware"}},
		{"the firmware", biosLive, bios, change("firmware", "efi"), []string{"firmware"}},
		{"the machine type", biosLive, bios, change("machine", "pc-q35-7.1"), []string{"machine"}},
		{"a kernel", biosLive, bios, change("kernel", "/boot/vmlinuz", "cmdline", "quiet"), []string{"cmdline", "kernel"}},
		{"no agent", biosLive, bios, change("guest_agent", false), []string{"guest_agent"}},
		{"a fixed port", biosLive, bios, change("graphics.port", int64(5999)), []string{"graphics.port"}},
		{"another address", biosLive, bios, change("graphics.listen", "0.0.0.0"), []string{"graphics.listen"}},
		{"another console", biosLive, bios, change("graphics.type", "spice"), []string{"graphics.type"}},
		{"no console", biosLive, bios, change("graphics", nil), []string{"graphics.listen", "graphics.type"}},
		{"a disk that came while it was saved", biosLive, bios, change("disks.vdb", table.Model{"file": "/srv/b.img", "format": "raw", "device": "disk", "bus": "virtio"}), []string{`disks["vdb"]`}},
		{"a disk that somebody attached", biosLive, bios, change("disks.vda", nil), nil},
		{"a disk that can't be unplugged", biosLive, bios, change("disks.sda", nil), []string{`disks["sda"]`}},
		{"another log", biosLive, bios, change("serial.log_file", "/var/log/other"), []string{"serial.log_file"}},
		{"a disk's bus", biosLive, bios, change("disks.sda.bus", "usb"), []string{`disks["sda"].bus`}},
		{"an interface's model", biosLive, bios, change("interfaces.lan.model", "e1000e"), []string{`interfaces["lan"].model`}},
		{"one without a name's model", biosLive, bios, change("interfaces.net1.model", "virtio"), []string{`interfaces["net1"].model`}},
		{"more memory than there is room for", biosLive, bios, change("maximum.memory", int64(1<<20)), []string{"maximum.memory"}},
		{"more processors than there is room for", biosLive, bios, change("maximum.vcpu", int64(4)), []string{"maximum.vcpu"}},
	} {
		defined := read(t, c.defined)
		if c.change != nil {
			var err error
			prior := model(t, defined)
			if defined, err = patched(defined, prior, c.change(prior)); err != nil {
				t.Fatal(err)
			}
		}
		got := compare(parse(t, read(t, c.live)), parse(t, defined)).waiting()
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s (%s): got %q, want %q", c.name, c.defined, got, c.want)
		}
	}
}

// change sets values by path.
func change(values ...any) func(table.Model) table.Model {
	return func(m table.Model) table.Model { return later(m, values...) }
}

func TestWhatWaitsIsListedAlike(t *testing.T) {
	if got := listed([]string{"machine", "cpu.mode", "machine"}); got != "cpu.mode, machine" {
		t.Errorf("got %v", got)
	}
	if got := listed(nil); got != nil {
		t.Errorf("nothing is %v", got)
	}
	if got := unlisted(listed([]string{"b", "a"})); !slices.Equal(got, []string{"a", "b"}) || unlisted(nil) != nil {
		t.Errorf("back: %v", got)
	}
}
