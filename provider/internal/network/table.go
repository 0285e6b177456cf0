// Package network implements the resource libvirt_network: a virtual network on a host.
package network

import (
	"slices"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/portprofile"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Table is the table of libvirt_network.
var Table = &table.Table{
	Name: "network",
	Doc: "A virtual network. It has its own bridge, with an optional address, DHCP, DNS and forwarding, or it attaches guests to an existing " +
		"bridge or device of the host.\n\n" +
		"Every attribute can change while guests run. DHCP, DNS entries, port groups and macvtap devices change without an interruption; any " +
		"other change restarts the network. A restart of a network with its own bridge interrupts the traffic for about a second while the guests' " +
		"links stay up; the plan names the guests. A network that running guests use is not destroyed. A network that is stopped cuts off its " +
		"guests: the plan names them, and when the network starts again, an apply attaches them again, no matter which program stopped it.",
	See:    "https://libvirt.org/formatnetwork.html",
	Import: "host/name",
	Attrs:  table.Whole(slices.Concat(rows, RawXML.Rows())),
}

// rows are all rows but that of `xml`, which depends on them.
var rows = slices.Concat([]table.Attr{
	table.IDRow("host/name"),
	table.HostRow(),
	table.DefinitionNameRow("network"),
	table.UUIDRow("network", xmlmodel.At("uuid")),
}, linkRows, []table.Attr{
	ipv4Row, ipv6Row, dnsRow, dnsmasqRow, routesRow, portGroupsRow,
	table.AutostartRow("network", true),
	table.ActiveRow("network"),
	table.NeedsRepairRow("its definition was removed or changed since it was started, or running guests are cut off from it"),
})

// linkRows describe what the network is attached to. The mode comes before the bridge, since it decides whether the bridge is the host's.
var linkRows = []table.Attr{
	forwardRow,
	{Name: "bridge", Type: table.String, Mode: table.OptionalComputed, Check: portprofile.Device, XML: bridge,
		Doc: "The name of the bridge on the host. With mode `bridge`, an existing bridge. Unset: a name derived from the network's name."},
	{Name: "stp", Type: table.Bool, Mode: table.Optional, Implied: isTrue, XML: stp,
		Doc: "Whether the network's own bridge uses the Spanning Tree Protocol to avoid loops. Unset: `true`."},
	{Name: "delay", Type: table.Int, Mode: table.Optional, Implied: isZero, Check: table.Between(0, 30), XML: xmlmodel.At("bridge@delay"),
		Doc: "The forwarding delay of the network's own bridge for a new port, in seconds. Unset: 0."},
	{Name: "mac", Type: table.String, Mode: table.OptionalComputed, Check: table.MAC, XML: xmlmodel.Whole{Element: "mac", Attr: "address"},
		Doc: "The MAC address of the network's own bridge. Unset: libvirt chooses one when the network is created."},
	{Name: "mtu", Type: table.Int, Mode: table.Optional, Check: portprofile.MTU, XML: xmlmodel.Whole{Element: "mtu", Attr: "size"},
		Doc: "The maximum packet size (MTU) in bytes, of the network's own bridge and of guests that start on it. Unset: 1500."},
	portprofile.KnownVirtualPortRow(),
	portprofile.VLANRow("The VLANs of the guests. Bridges of Open vSwitch and virtual functions have them, and since libvirt 11.0.0 also "+
		"Linux bridges of the host, on which VLAN filtering has to be turned on (`ip link set br0 type bridge vlan_filtering 1`).", nil, ""),
	portprofile.BandwidthRow("all guests together"),
	{Name: "isolated", Type: table.Bool, Mode: table.Optional, XML: xmlmodel.Whole{Element: "port", Attr: "isolated"},
		Doc: "Whether the guests can reach the host and other networks, but not each other."},
	{Name: "domain", Type: table.Object, Mode: table.Optional, Group: xmlmodel.Element{"domain"}, Doc: "The DNS domain of the guests.",
		Attrs: []table.Attr{
			{Name: "name", Type: table.String, Mode: table.Required, Check: dnsName, XML: xmlmodel.At("@name"),
				Doc: "The name of the domain, for example `lab.internal`."},
			{Name: "local_only", Type: table.Bool, Mode: table.Optional, XML: xmlmodel.At("@localOnly"),
				Doc: "Whether queries for unknown names in the domain are not forwarded to other servers. Unset: `false`."},
		}},
}

var portGroupsRow = table.Attr{Name: "portgroups", Type: table.Map, Mode: table.Optional, Check: portprofile.GroupName,
	Entries: named{element: "portgroup", key: "name"},
	Doc:     "Port groups: settings for groups of guests, by name. A running guest keeps the settings that it was started with.",
	Attrs: []table.Attr{
		{Name: "default", Type: table.Bool, Mode: table.Optional, Implied: isFalse, XML: xmlmodel.Words{At: "@default", Yes: "yes", No: "no"},
			Doc: "Whether the group applies to guests that name no group."},
		portprofile.KnownVirtualPortRow(),
		portprofile.VLANRow("The VLANs of the group's guests.", nil, ""),
		portprofile.BandwidthRow("each guest"),
	}}

// bridge writes the name of the bridge. libvirt (9.0) refuses some attributes of its own bridges on a bridge of the host, so they are
// removed.
var bridge = xmlmodel.Func{
	R: bridgeName.Read,
	W: func(network *etree.Element, v any) {
		bridgeName.Write(network, v)
		if el := network.SelectElement("bridge"); el != nil && linkTypeOf(network) != ownBridge {
			for _, own := range []string{"stp", "delay", "zone", "macTableManager"} {
				el.RemoveAttr(own)
			}
		}
	},
}

var bridgeName = xmlmodel.Whole{Element: "bridge", Attr: "name"}

var stp = xmlmodel.Func{
	R: xmlmodel.At("bridge@stp").Read,
	W: func(network *etree.Element, v any) {
		switch v {
		case true:
			v = "on"
		case false:
			v = "off"
		}
		xmlmodel.At("bridge@stp").Write(network, v)
	},
}

func isTrue(host any) bool  { return host == true }
func isFalse(host any) bool { return host == false }
func isZero(host any) bool  { return host == int64(0) }
