package observe

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/domaintest"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

func TestAnElementThatWaits(t *testing.T) {
	const xml = `<domain><name>it</name><os/><devices><emulator>/usr/bin/qemu</emulator></devices></domain>`
	hub := table.Model{"under": "devices", "element": `<hub type="usb"/>`}
	redirection := table.Model{"under": "devices", "element": `<redirdev bus="usb" type="tcp"/>`}
	live, err := schema.PatchXML(xml, nil, table.Model{"xml": table.Model{"a": hub}})
	if err != nil {
		t.Fatal(err)
	}
	defined, err := schema.PatchXML(xml, nil, table.Model{"xml": table.Model{"a": hub, "b": redirection}})
	if err != nil {
		t.Fatal(err)
	}
	if both := compareDefinitions(domaintest.Parse(t, live), domaintest.Parse(t, defined)); !slices.Equal(both.pending(), []string{`xml["b"]`}) {
		t.Errorf("got %v", both.pending())
	}
}

func TestAnInterfaceThatMovedUpDoesNotWait(t *testing.T) {
	const one = `<interface type="network"><mac address="52:54:00:00:00:0%d"/><source network="lan"/><model type="virtio"/><alias name="%s"/></interface>`
	domain := func(nics ...string) string {
		return "<domain><devices>" + strings.Join(nics, "") + "</devices></domain>"
	}
	for name, c := range map[string]struct {
		live, defined string
		want          []string
	}{
		"the first is gone":     {domain(fmt.Sprintf(one, 2, "net1")), domain(fmt.Sprintf(one, 2, "ua-net1")), nil},
		"one has yet to come":   {domain(fmt.Sprintf(one, 1, "net0")), domain(fmt.Sprintf(one, 1, "x"), fmt.Sprintf(one, 2, "ua-lan")), []string{`interfaces["lan"]`}},
		"one's address changes": {domain(fmt.Sprintf(one, 1, "net0")), domain(fmt.Sprintf(one, 3, "x")), []string{`interfaces["net0"].mac`}},
	} {
		if got := compareDefinitions(domaintest.Parse(t, c.live), domaintest.Parse(t, c.defined)).pending(); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// The two definitions of a domain that runs, as libvirt 9.0 gives them. They differ more than what waits: in the first the guest was given
// memory, and a processor, of which QEMU in software never says that it is gone; its CPU is a host-model, and its firmware is chosen when
// it starts.
const (
	uefi, uefiLive = "running-uefi.xml", "running-uefi.live.xml"
	bios, biosLive = "running-bios.xml", "running-bios.live.xml"
	// Its CPU has features of every kind, which libvirt expands, and a topology.
	named, namedLive = "running-cpu.xml", "running-cpu.live.xml"
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
		{"nothing", namedLive, named, nil, nil},
		{"a feature that the guest has", namedLive, named, change("cpu.features.popcnt", table.Model{"policy": "require"}), nil},
		{"a feature that the guest lacks", namedLive, named, change("cpu.features.vme.policy", "require"), []string{`cpu.features["vme"].policy`}},
		{"a forced feature", namedLive, named, change("cpu.features.vmx", table.Model{"policy": "force"}), []string{`cpu.features["vmx"]`}},
		{"a feature of another policy that says the same", namedLive, named, change("cpu.features.vme.policy", "forbid"), nil},
		{"another vendor", namedLive, named, change("cpu.vendor_id", "AuthenticAMD"), []string{"cpu.vendor_id"}},
		{"threads", namedLive, named, change("cpu.topology.cores", int64(1), "cpu.topology.threads", int64(2)), []string{"cpu.topology.cores", "cpu.topology.threads"}},
		{"another cache", namedLive, named, change("cpu.cache", table.Model{"mode": "disable"}), []string{"cpu.cache.level", "cpu.cache.mode"}},
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
		{"a disk that another program attached", biosLive, bios, change("disks.vda", nil), nil},
		{"a disk that can't be unplugged", biosLive, bios, change("disks.sda", nil), []string{`disks["sda"]`}},
		{"another log", biosLive, bios, change("serial.log_file", "/var/log/other"), []string{"serial.log_file"}},
		{"a disk's bus", biosLive, bios, change("disks.sda.bus", "usb"), []string{`disks["sda"].bus`}},
		{"an interface's model", biosLive, bios, change("interfaces.lan.model", "e1000e"), []string{`interfaces["lan"].model`}},
		{"one without a name's model", biosLive, bios, change("interfaces.net1.model", "virtio"), []string{`interfaces["net1"].model`}},
		{"more memory than there is room for", biosLive, bios, change("maximum.memory", int64(1<<20)), []string{"maximum.memory"}},
		{"more processors than there is room for", biosLive, bios, change("maximum.vcpu", int64(4)), []string{"maximum.vcpu"}},
	} {
		defined := domaintest.ReadDefinition(t, c.defined)
		if c.change != nil {
			var err error
			prior := modelOf(t, defined)
			if defined, err = schema.PatchXML(defined, prior, c.change(prior)); err != nil {
				t.Fatal(err)
			}
		}
		got := compareDefinitions(domaintest.Parse(t, domaintest.ReadDefinition(t, c.live)), domaintest.Parse(t, defined)).pending()
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s (%s): got %q, want %q", c.name, c.defined, got, c.want)
		}
	}
}

// change sets values by path.
func change(values ...any) func(table.Model) table.Model {
	return func(m table.Model) table.Model { return domaintest.With(m, values...) }
}

func modelOf(t *testing.T, xml string) table.Model {
	t.Helper()
	return xmlmodel.Read(schema.Table.Attrs, domaintest.Parse(t, xml))
}
