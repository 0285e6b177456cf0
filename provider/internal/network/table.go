// Package network is libvirt_network: a virtual network on a host.
package network

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Table says what a network is.
var Table = &table.Resource{
	Name: "network",
	Doc: "A virtual network: a bridge on the host with, if wanted, an address, DHCP and a way out by NAT.\n\n" +
		"All of it changes while guests run. DHCP does so unnoticed; for anything else the network is started again, which interrupts its " +
		"traffic for about a second while the guests' links stay up: the plan names them. A network that running guests use is not destroyed, " +
		"nor stopped in order to be changed.",
	See:    "https://libvirt.org/formatnetwork.html",
	Import: "host/name",
	Attrs: []table.Attr{
		table.IDRow("host/name"),
		table.HostRow(),
		table.NameRow("network"),
		table.UUIDRow("network", xmlmodel.At("uuid")),
		{Name: "forward_mode", Type: table.String, Mode: table.Optional, Enum: []string{"nat"}, XML: whole{"forward", "mode"},
			Doc: "How the guests get out: `nat` hides them behind the host's address. Unset: the network is isolated, and they don't."},
		{Name: "bridge", Type: table.String, Mode: table.OptionalComputed, Check: bridgeName, XML: xmlmodel.At("bridge@name"),
			Doc: "The bridge's name on the host. Unset: one is made from the network's name."},
		{Name: "domain", Type: table.String, Mode: table.Optional, XML: whole{"domain", "name"}, Doc: "The DNS domain of the guests."},
		{Name: "ipv4", Type: table.Object, Mode: table.Optional, Group: ipv4Element{}, Doc: "The host's IPv4 address on the network. Unset: none, and no DHCP.",
			Attrs: []table.Attr{
				{Name: "address", Type: table.String, Mode: table.Required, Check: table.IPv4, XML: xmlmodel.At("@address"), Doc: "The address, for example `10.0.0.1`."},
				{Name: "prefix", Type: table.Int, Mode: table.Required, Check: table.Between(1, 30), XML: prefix, Doc: "The prefix length, for example `24`."},
				{Name: "dhcp", Type: table.Object, Mode: table.Optional, Group: xmlmodel.Element{"dhcp"}, Doc: "DHCP for the guests. It changes while they run.",
					Attrs: []table.Attr{
						{Name: "start", Type: table.String, Mode: table.Required, Check: table.IPv4, XML: xmlmodel.At("range@start"), Doc: "The first address given out."},
						{Name: "end", Type: table.String, Mode: table.Required, Check: table.IPv4, XML: xmlmodel.At("range@end"), Doc: "The last address given out."},
						{Name: "hosts", Type: table.Map, Mode: table.Optional, Check: table.MAC, Entries: reservations{}, Doc: "Addresses that are kept for one guest, by its MAC address.",
							Attrs: []table.Attr{
								{Name: "ip", Type: table.String, Mode: table.Required, Check: table.IPv4, XML: xmlmodel.At("@ip"), Doc: "The address."},
								{Name: "name", Type: table.String, Mode: table.Optional, XML: xmlmodel.At("@name"), Doc: "The name that the network's DNS gives it."},
							}},
					}},
			}},
		table.AutostartRow("network", true),
		table.ActiveRow("network"),
	},
}
