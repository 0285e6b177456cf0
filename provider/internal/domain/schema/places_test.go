package schema

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// placePatchCases are addresses on the bus, and the order of interfaces.
var placePatchCases = []patchCase{
	{"disks.vda.address", server, "0000:07:00.0", []string{`- devices/disk[vda]/address@bus=0x04`, `+ devices/disk[vda]/address@bus=0x07`}},
	{"disks.sda.address", server, "0:0:0:3", []string{`- devices/disk[sda]/address@unit=0`, `+ devices/disk[sda]/address@unit=3`}},
	{"disks.vda.address", server, nil, nil},
	{"interfaces.net0.address", server, "0000:07:00.0", []string{`- devices/interface[52:54:00:6f:12:01]/address@bus=0x01`, `+ devices/interface[52:54:00:6f:12:01]/address@bus=0x07`}},
	{"interfaces.net0.address", server, nil, nil},
	{"devices.video.address", station, "0000:00:1e.0", []string{`- devices/video/address@slot=0x01`, `+ devices/video/address@slot=0x1e`}},
	{"devices.rng.address", station, "0000:0b:00.0", []string{`- devices/rng/address@bus=0x09`, `+ devices/rng/address@bus=0x0b`}},
	{"devices.watchdog.address", station, "0000:0b:00.0", []string{`- devices/watchdog/address@bus=0x04`, `- devices/watchdog/address@slot=0x02`, `+ devices/watchdog/address@bus=0x0b`, `+ devices/watchdog/address@slot=0x00`}},
	{"devices.vsock.address", station, "0000:0b:00.0", nil},
	{"devices.balloon.address", station, "0000:0b:00.0", []string{`- devices/memballoon/address@bus=0x08`, `+ devices/memballoon/address@bus=0x0b`}},
	{"devices.filesystems.shared.address", station, "0000:0b:00.0", []string{`- devices/filesystem[shared]/address@bus=0x02`, `+ devices/filesystem[shared]/address@bus=0x0b`}},
	{"devices.hostdevs.gpu.address", station, "0000:0b:00.0", []string{`- devices/hostdev[ua-gpu]/address@bus=0x07`, `+ devices/hostdev[ua-gpu]/address@bus=0x0b`}},
	{"interfaces.net1.position", windows, int64(1), nil},
}

// router is a definition with interfaces on the ports of these buses, in this order; bus 0 stands for no address. It has ports up to bus 8.
func router(nics ...string) string {
	var b strings.Builder
	b.WriteString(`<domain type="qemu"><name>r</name><os><type arch="x86_64" machine="pc-q35-7.2">hvm</type></os><devices><controller type="pci" index="0" model="pcie-root"/>`)
	for i := 1; i <= 8; i++ {
		fmt.Fprintf(&b, `<controller type="pci" index="%d" model="pcie-root-port"><address type="pci" domain="0x0000" bus="0x00" slot="0x02" function="0x%d"/></controller>`, i, i-1)
	}
	for _, nic := range nics {
		name, bus, _ := strings.Cut(nic, "@")
		fmt.Fprintf(&b, `<interface type="network"><source network="n"/><alias name="ua-%s"/>`, name)
		if bus != "" {
			fmt.Fprintf(&b, `<address type="pci" domain="0x0000" bus="0x0%s" slot="0x00" function="0x0"/>`, bus)
		}
		b.WriteString(`</interface>`)
	}
	b.WriteString(`<disk type="file" device="disk"><target dev="vda" bus="virtio"/><address type="pci" domain="0x0000" bus="0x03" slot="0x00" function="0x0"/></disk></devices></domain>`)
	return b.String()
}

func TestInterfaceOrder(t *testing.T) {
	for name, c := range map[string]struct {
		nics, order, want []string
		inXML             bool // want is the order of the definition, and no interface has an address
	}{
		"as it is":                      {[]string{"lan@2", "wan@1"}, []string{"wan", "lan"}, []string{"wan@1", "lan@2"}, false},
		"swapped":                       {[]string{"lan@1", "wan@2"}, []string{"wan", "lan"}, []string{"wan@1", "lan@2"}, false},
		"a new one at the end":          {[]string{"wan@1", "lan@2", "dmz"}, []string{"wan", "lan", "dmz"}, []string{"wan@1", "lan@2", "dmz@4"}, false},
		"a new one behind a gap":        {[]string{"lan@4", "dmz"}, []string{"lan", "dmz"}, []string{"lan@4", "dmz@5"}, false},
		"a new one at the front":        {[]string{"wan@1", "lan@2", "dmz"}, []string{"dmz", "wan", "lan"}, []string{"dmz@1", "wan@2", "lan@4"}, false},
		"a new one in between":          {[]string{"wan@1", "lan@2", "dmz"}, []string{"wan", "dmz", "lan"}, []string{"wan@1", "dmz@2", "lan@4"}, false},
		"more than there are ports for": {[]string{"a@6", "b@7", "c@8", "d"}, []string{"a", "b", "c", "d"}, []string{"a", "b", "c", "d"}, true},
		"none has an address":           {[]string{"lan", "wan"}, []string{"wan", "lan"}, []string{"wan", "lan"}, true},
		"one without a position stays":  {[]string{"b@1", "x@2", "a@4"}, []string{"a", "b"}, []string{"a@1", "x@2", "b@4"}, false},
	} {
		plan := table.Model{}
		for i, key := range c.order {
			plan[key] = table.Model{"position": int64(i + 1)}
		}
		root, err := xmlmodel.Parse(router(c.nics...))
		if err != nil {
			t.Fatal(err)
		}
		orderInterfaces(root, table.Model{"interfaces": plan})
		var got []string
		keys, elements := interfaceCodec{}.Elements(root)
		for i, key := range keys {
			if p, is := pciPartsOf(elements[i].SelectElement("address")); is {
				key += fmt.Sprintf("@%x", p.bus)
			}
			got = append(got, key)
		}
		if slices.Sort(got); !c.inXML {
			slices.Sort(c.want)
		} else {
			got = keys
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestPlacesThatAreRefused(t *testing.T) {
	nics := func(a, b m) m {
		return m{"interfaces": m{"a": m{"network": "n"}, "b": m{"network": "n"}}, "set": m{"a": a, "b": b}}
	}
	for want, config := range map[string]m{
		`interfaces["b"].position: 'position' is required if another interface has one; set it, or remove it from all interfaces`:            nics(m{"position": int64(1)}, nil),
		`interfaces["b"].position: 'position' must be unique, 1 is already used by interface "a"; number the interfaces in their order`:      nics(m{"position": int64(1)}, m{"position": int64(1)}),
		`interfaces["a"].address: 'address' cannot be combined with 'position': the address decides the place; remove one of them`:           nics(m{"position": int64(1), "address": "0000:05:00.0"}, m{"position": int64(2)}),
		`disks["vda"].address: 'address' must be a PCI address like 0000:05:00.0 on bus "virtio", got "0:0:0:1"`:                             {"disks": m{"vda": m{"file": "/a", "address": "0:0:0:1"}}},
		`disks["sda"].address: 'address' must be the controller, bus, target and unit like 0:0:0:1 on bus "sata", got "0000:05:00.0"`:        {"disks": m{"sda": m{"file": "/a", "bus": "sata", "address": "0000:05:00.0"}}},
		`disks["sda"].address: 'address' cannot be combined with 'bus' = "usb": libvirt chooses its port; change that, or remove 'address'`:  {"disks": m{"sda": m{"file": "/a", "bus": "usb", "address": "0:0:0:1"}}},
		`devices.balloon.address: 'address' cannot be combined with 'model' = "none": it is no PCI device; change that, or remove 'address'`: {"devices": m{"balloon": m{"model": "none", "address": "0000:05:00.0"}}},
		`devices.hostdevs["stick"].address: 'address' requires 'pci'; set it, or remove 'address'`:                                           {"devices": m{"hostdevs": m{"stick": m{"usb": "1d6b:0002", "address": "0000:05:00.0"}}}},
	} {
		for key, set := range config.Group("set") {
			for name, v := range set.(m) {
				config.Group("interfaces").Group(key)[name] = v
			}
		}
		delete(config, "set")
		var got []string
		for _, rules := range []func(table.Problems, table.Model){interfaceRules, diskRules, deviceRules, hostdevRules} {
			for _, p := range problemsOf(rules, config) {
				got = append(got, table.PathString(p.Path)+": "+p.Text)
			}
		}
		if !slices.Equal(got, []string{want}) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestAddressClash(t *testing.T) {
	for xml, want := range map[string]string{
		router("lan@1", "wan@2"): "",
		router("lan@3"):          "interface ua-lan and disk vda would both have the address 0000:03:00.0; choose another address, or state one for each",
	} {
		root, err := xmlmodel.Parse(xml)
		if err != nil {
			t.Fatal(err)
		}
		if got := AddressClash(root); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
