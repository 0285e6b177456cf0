// Package network is libvirt_network: a virtual network on a host.
package network

import (
	"slices"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/portprofile"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Table says what a network is.
var Table = &table.Table{
	Name: "network",
	Doc: "A virtual network: a bridge of its own with, if wanted, an address, DHCP, DNS and a way out; or a way onto a bridge or a device that the host has already.\n\n" +
		"All of it changes while guests run. DHCP, the entries of DNS, port groups and the devices of macvtap do so unnoticed; for anything else the network is started " +
		"again. Where the bridge is its own, that interrupts its traffic for about a second while the guests' links stay up: the plan names them. A network that running " +
		"guests use is not destroyed, nor stopped in order to be changed.",
	See:    "https://libvirt.org/formatnetwork.html",
	Import: "host/name",
	Attrs: slices.Concat([]table.Attr{
		table.IDRow("host/name"),
		table.HostRow(),
		table.NameRow("network"),
		table.UUIDRow("network", xmlmodel.At("uuid")),
	}, linkRows, []table.Attr{ipv4Row, ipv6Row, dnsRow, routesRow, portGroupsRow,
		table.AutostartRow("network", true),
		table.ActiveRow("network"),
	}),
}

// linkRows are how it is connected. The mode is before the bridge: it says whose it is.
var linkRows = []table.Attr{
	forwardRow,
	{Name: "bridge", Type: table.String, Mode: table.OptionalComputed, Check: portprofile.Device, XML: bridge,
		Doc: "The bridge's name on the host. Unset: one is made from the network's name. With mode `bridge` it is one that the host has already."},
	{Name: "stp", Type: table.Bool, Mode: table.Optional, Implied: isTrue, XML: stp, Doc: "Whether a bridge of its own looks for loops (Spanning Tree Protocol). Unset: `true`."},
	{Name: "delay", Type: table.Int, Mode: table.Optional, Implied: isZero, Check: table.Between(0, 30), XML: xmlmodel.At("bridge@delay"), Doc: "For how many seconds a bridge of its own listens before it forwards to a new port. Unset: 0."},
	{Name: "mac", Type: table.String, Mode: table.OptionalComputed, Check: table.MAC, XML: xmlmodel.Whole{Element: "mac", Attr: "address"}, Doc: "The MAC address of a bridge of its own. Unset: libvirt chooses one, once."},
	{Name: "mtu", Type: table.Int, Mode: table.Optional, Check: portprofile.MTU, XML: xmlmodel.Whole{Element: "mtu", Attr: "size"},
		Doc: "The size of the largest packet, in bytes, of a bridge of its own and of the guests that are started on it. Unset: 1500."},
	portprofile.VirtualPortRow(table.Live),
	portprofile.VLANRow("The VLANs that the guests are in. An Open vSwitch bridge and virtual functions have them; of a bridge of Linux's own they are no part of the network.", nil, ""),
	portprofile.BandwidthRow("all guests together"),
	{Name: "isolated", Type: table.Bool, Mode: table.Optional, XML: xmlmodel.Whole{Element: "port", Attr: "isolated"}, Doc: "Whether the guests don't reach each other, only the host and what is beyond it."},
	{Name: "domain", Type: table.Object, Mode: table.Optional, Group: xmlmodel.Element{"domain"}, Doc: "The DNS domain of the guests.",
		Attrs: []table.Attr{
			{Name: "name", Type: table.String, Mode: table.Required, Check: dnsName, XML: xmlmodel.At("@name"), Doc: "Its name, for example `lab.internal`."},
			{Name: "local_only", Type: table.Bool, Mode: table.Optional, XML: xmlmodel.At("@localOnly"), Doc: "Whether names in it that the network's DNS does not know are asked of nobody else. Unset: `false`."},
		}},
}

var portGroupsRow = table.Attr{Name: "portgroups", Type: table.Map, Mode: table.Optional, Check: portprofile.GroupName, Entries: named{element: "portgroup", key: "name"},
	Doc: "Groups of guests with settings of their own, by name. A guest that runs keeps what it was started with.",
	Attrs: []table.Attr{
		{Name: "default", Type: table.Bool, Mode: table.Optional, Implied: isFalse, XML: xmlmodel.Words{At: "@default", Yes: "yes", No: "no"}, Doc: "Whether it is for those that name none."},
		portprofile.VirtualPortRow(table.Live),
		portprofile.VLANRow("The VLANs that its guests are in.", nil, ""),
		portprofile.BandwidthRow("each guest"),
	}}

// bridge: what libvirt (9.0) writes beside the name of a bridge of its own it refuses beside another.
var bridge = xmlmodel.Func{
	R: bridgeName.Read,
	W: func(network *etree.Element, v any) {
		bridgeName.Write(network, v)
		if el := network.SelectElement("bridge"); el != nil && kindOf(network) != ofItsOwn {
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
