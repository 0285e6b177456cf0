package network

import (
	"fmt"
	"regexp"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/portprofile"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// forwardRow is the way out. https://libvirt.org/formatnetwork.html#connectivity
var forwardRow = table.Attr{Name: "forward", Type: table.Object, Mode: table.Optional, Group: xmlmodel.Element{"forward"},
	Doc: "How the guests get out. Unset: the network is isolated, and they don't.",
	Attrs: []table.Attr{
		{Name: "mode", Type: table.String, Mode: table.Required, Enum: []string{"nat", "route", "open", "bridge", "private", "vepa", "passthrough", "hostdev"}, XML: mode,
			Doc: "`nat` hides them behind the host's address; `route` doesn't, and the world must know the way to them; `open` is `route` with no firewall rules of libvirt's; " +
				"`bridge` puts them on a bridge that the host has already, or, with `devices`, on a device of the host by macvtap, as `private`, `vepa` and `passthrough` do; " +
				"`hostdev` gives each a virtual function of an SR-IOV device."},
		{Name: "devices", Type: table.Strings, Mode: table.Optional, Check: portprofile.Device, XML: devices,
			Doc: "The host's devices: of `nat` and `route` the only one through which they get out (unset: any), of macvtap those that guests are put on. Those of macvtap come and go while guests run."},
		{Name: "nat_addresses", Type: table.Object, Mode: table.Optional, Group: xmlmodel.Element{"nat", "address"}, Doc: "What `nat` hides them behind. Unset: the host's own address.",
			Attrs: []table.Attr{
				{Name: "start", Type: table.String, Mode: table.Required, Check: table.IPv4, XML: xmlmodel.At("@start"), Doc: "The first address."},
				{Name: "end", Type: table.String, Mode: table.Required, Check: table.IPv4, XML: xmlmodel.At("@end"), Doc: "The last address."},
			}},
		{Name: "nat_ports", Type: table.Object, Mode: table.Optional, Group: xmlmodel.Element{"nat", "port"}, Implied: allPorts, Doc: "The ports that `nat` uses. Unset: 1024 to 65535.",
			Attrs: []table.Attr{
				{Name: "start", Type: table.Int, Mode: table.Required, Check: table.Between(1, 65535), XML: xmlmodel.At("@start"), Doc: "The first port."},
				{Name: "end", Type: table.Int, Mode: table.Required, Check: table.Between(1, 65535), XML: xmlmodel.At("@end"), Doc: "The last port."},
			}},
		{Name: "nat_ipv6", Type: table.Bool, Mode: table.Optional, XML: natIPv6, Doc: "Whether `nat` is also for IPv6, which needs none. Unset: IPv6 is routed."},
		{Name: "pf", Type: table.String, Mode: table.Optional, Check: portprofile.Device, XML: xmlmodel.Whole{Element: "pf", Attr: "dev"}, Doc: "Of `hostdev`: the device all of whose virtual functions are given out."},
		{Name: "addresses", Type: table.Strings, Mode: table.Optional, Check: pciAddress, XML: pciAddresses, Doc: "Of `hostdev`, in place of `pf`: the virtual functions by their PCI addresses, as `0000:03:10.2`."},
		{Name: "managed", Type: table.Bool, Mode: table.Optional, Implied: isFalse, XML: xmlmodel.At("@managed"), Doc: "Of `hostdev`: whether libvirt takes a function from the host's driver and gives it back."},
	}}

// kind is what a network is to its guests' interfaces.
type kind int

const (
	ofItsOwn kind = iota // a bridge that comes and goes with it
	onBridge             // a bridge that is the host's
	onDevice             // a device of the host's: macvtap
	passed               // functions of a device of the host's
)

// kindOf is what the element <network> describes.
func kindOf(network *etree.Element) kind {
	forward := network.SelectElement("forward")
	if forward == nil {
		return ofItsOwn
	}
	switch forward.SelectAttrValue("mode", "nat") {
	case "nat", "route", "open":
		return ofItsOwn
	case "hostdev":
		return passed
	case "bridge":
		if xmlmodel.At("bridge@name").Read(network) != nil {
			return onBridge
		}
	}
	return onDevice
}

// kindIn is kindOf a model.
func kindIn(m table.Model) kind {
	forward := m.Group("forward")
	switch forward.Str("mode") {
	case "", "nat", "route", "open":
		return ofItsOwn
	case "hostdev":
		return passed
	case "bridge":
		if forward["devices"] == nil {
			return onBridge
		}
	}
	return onDevice
}

// Bridge is the bridge that a network brings along, "" where it has none of its own.
func Bridge(network *etree.Element) string {
	if kindOf(network) != ofItsOwn {
		return ""
	}
	return xmlmodel.At("bridge@name").Text(network)
}

// mode: what belongs to NAT goes with it.
var mode = xmlmodel.Func{
	R: xmlmodel.At("@mode").Read,
	W: func(forward *etree.Element, v any) {
		if v != "nat" {
			xmlmodel.Drop(forward.SelectElement("nat"))
		}
		xmlmodel.At("@mode").Write(forward, v)
	},
}

// devices stand in elements, and libvirt repeats the first as an attribute.
var devices = xmlmodel.Func{
	R: func(forward *etree.Element) any {
		if names := deviceNames.Read(forward); names != nil {
			return names
		}
		if dev := forward.SelectAttrValue("dev", ""); dev != "" {
			return table.ListOf(dev)
		}
		return nil
	},
	W: func(forward *etree.Element, v any) {
		forward.RemoveAttr("dev")
		deviceNames.Write(forward, v)
	},
}

var deviceNames = xmlmodel.Items{Tag: "interface", Item: xmlmodel.At("@dev")}

// libvirt (9.0) writes the ports of a NAT of which nothing was said.
func allPorts(host any) bool {
	between, _ := host.(table.Model)
	return between.Int("start") == 1024 && between.Int("end") == 65535
}

var natIPv6 = xmlmodel.Func{
	R: xmlmodel.At("nat@ipv6").Read,
	W: func(forward *etree.Element, v any) {
		if v != nil || forward.SelectElement("nat") != nil {
			xmlmodel.At("nat@ipv6").Write(forward, v)
		}
	},
}

var pciForm = regexp.MustCompile(`^([0-9a-f]{4}):([0-9a-f]{2}):([0-9a-f]{2})\.([0-7])$`)

func pciAddress(v any) error {
	if s := v.(string); !pciForm.MatchString(s) {
		return fmt.Errorf("must be PCI addresses in lower case like 0000:03:10.2, got %q; see 'lspci -D'", s)
	}
	return nil
}

var pciAddresses = xmlmodel.Items{Tag: "address", Item: xmlmodel.Func{
	R: func(a *etree.Element) any {
		var domain, bus, slot, function int
		for name, to := range map[string]*int{"domain": &domain, "bus": &bus, "slot": &slot, "function": &function} {
			_, _ = fmt.Sscanf(a.SelectAttrValue(name, "0x0"), "0x%x", to)
		}
		return fmt.Sprintf("%04x:%02x:%02x.%x", domain, bus, slot, function)
	},
	W: func(a *etree.Element, v any) {
		part := pciForm.FindStringSubmatch(v.(string))
		a.CreateAttr("type", "pci")
		for i, name := range []string{"domain", "bus", "slot", "function"} {
			a.CreateAttr(name, "0x"+part[i+1])
		}
	},
}}
