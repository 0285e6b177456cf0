package network

import (
	"fmt"
	"regexp"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/portprofile"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// forwardRow describes how guests reach other networks. https://libvirt.org/formatnetwork.html#connectivity
var forwardRow = table.Attr{Name: "forward", Type: table.Object, Mode: table.Optional, Group: xmlmodel.Element{"forward"},
	Doc: "How the guests reach other networks. Unset: the network is isolated.",
	Attrs: []table.Attr{
		{Name: "mode", Type: table.String, Mode: table.Required,
			Enum: []string{"nat", "route", "open", "bridge", "private", "vepa", "passthrough", "hostdev"}, XML: mode,
			Doc: "`nat` translates the guests' addresses to the host's address; `route` does not, so other networks need a route to the guests; " +
				"`open` is `route` without libvirt's firewall rules; `bridge` attaches the guests to an existing bridge of the host or, with " +
				"`devices`, to a device of the host by macvtap, as `private`, `vepa` and `passthrough` do; `hostdev` gives each guest a virtual " +
				"function of an SR-IOV device."},
		{Name: "devices", Type: table.Strings, Mode: table.Optional, Check: portprofile.Device, XML: devices,
			Doc: "The host's devices: for `nat` and `route` the only device for outgoing traffic (unset: any), for macvtap the devices that guests " +
				"are attached to. Macvtap devices can be added and removed while guests run."},
		{Name: "nat_addresses", Type: table.Object, Mode: table.Optional, Group: xmlmodel.Element{"nat", "address"},
			Doc: "The addresses that `nat` translates to. Unset: the host's address.",
			Attrs: []table.Attr{
				{Name: "start", Type: table.String, Mode: table.Required, Check: table.IPv4, XML: xmlmodel.At("@start"), Doc: "The first address."},
				{Name: "end", Type: table.String, Mode: table.Required, Check: table.IPv4, XML: xmlmodel.At("@end"), Doc: "The last address."},
			}},
		{Name: "nat_ports", Type: table.Object, Mode: table.Optional, Group: xmlmodel.Element{"nat", "port"}, Implied: allPorts,
			Doc: "The ports that `nat` uses. Unset: 1024 to 65535.",
			Attrs: []table.Attr{
				{Name: "start", Type: table.Int, Mode: table.Required, Check: table.Between(1, 65535), XML: xmlmodel.At("@start"),
					Doc: "The first port."},
				{Name: "end", Type: table.Int, Mode: table.Required, Check: table.Between(1, 65535), XML: xmlmodel.At("@end"), Doc: "The last port."},
			}},
		{Name: "nat_ipv6", Type: table.Bool, Mode: table.Optional, XML: natIPv6,
			Doc: "Whether `nat` also translates IPv6 addresses. Unset: IPv6 is routed."},
		{Name: "pf", Type: table.String, Mode: table.Optional, Check: portprofile.Device, XML: xmlmodel.Whole{Element: "pf", Attr: "dev"},
			Doc: "For `hostdev`: the physical device whose virtual functions the guests get."},
		{Name: "addresses", Type: table.Strings, Mode: table.Optional, Check: pciAddress, XML: pciAddresses,
			Doc: "For `hostdev`, instead of `pf`: the PCI addresses of the virtual functions, such as `0000:03:10.2`."},
		{Name: "managed", Type: table.Bool, Mode: table.Optional, Implied: isFalse, XML: xmlmodel.At("@managed"),
			Doc: "For `hostdev`: whether libvirt detaches a function from the host's driver and attaches it again afterwards."},
	}}

// linkType is what the interfaces of a network's guests are attached to.
type linkType int

const (
	ownBridge        linkType = iota // a bridge that libvirt creates and removes with the network
	hostBridge                       // an existing bridge of the host
	hostDevice                       // a device of the host, by macvtap
	virtualFunctions                 // virtual functions of a device of the host
)

// linkTypeOf returns the link type of a <network> element.
func linkTypeOf(network *etree.Element) linkType {
	forward := network.SelectElement("forward")
	if forward == nil {
		return ownBridge
	}
	switch forward.SelectAttrValue("mode", "nat") {
	case "nat", "route", "open":
		return ownBridge
	case "hostdev":
		return virtualFunctions
	case "bridge":
		if xmlmodel.At("bridge@name").Read(network) != nil {
			return hostBridge
		}
	}
	return hostDevice
}

// linkTypeIn returns the link type of a model.
func linkTypeIn(m table.Model) linkType {
	forward := m.Group("forward")
	switch forward.Str("mode") {
	case "", "nat", "route", "open":
		return ownBridge
	case "hostdev":
		return virtualFunctions
	case "bridge":
		if forward["devices"] == nil {
			return hostBridge
		}
	}
	return hostDevice
}

// Bridge returns the bridge that libvirt creates for a network; "" if the network has no bridge of its own.
func Bridge(network *etree.Element) string {
	if linkTypeOf(network) != ownBridge {
		return ""
	}
	return xmlmodel.At("bridge@name").Text(network)
}

// mode writes the forward mode, and removes the NAT settings when the mode is no longer nat.
var mode = xmlmodel.Func{
	R: xmlmodel.At("@mode").Read,
	W: func(forward *etree.Element, v any) {
		if v != "nat" {
			xmlmodel.Drop(forward.SelectElement("nat"))
		}
		xmlmodel.At("@mode").Write(forward, v)
	},
}

// devices reads and writes the elements of the devices; libvirt repeats the first device as an attribute.
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

// allPorts reports that these are the ports that libvirt (9.0) writes for a NAT without explicit ports.
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
