package network

import (
	"slices"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/rawxml"
)

// RawXML is the attribute `xml`.
var RawXML = rawxml.New(rawxml.Format{
	Root: "network",
	Note: "A change restarts the network, but for a further `range` or `host` of DHCP, which changes while guests run. If another program adds a " +
		"further `ip`, `range` or `host`, the `driver` of virtual functions, another type of `virtualport`, or the attributes `ipv6`, " +
		"`trustGuestRxFilters`, `zone` or `macTableManager`, it is an entry too, and the plan removes it.",
	Parents:    "`forward`, `ip/dhcp`",
	Keyed:      "portgroup[staff]",
	Numbered:   "ip[2]/dhcp",
	Attributes: `{ trustGuestRxFilters = "yes" }`,
	Path:       "forward or ip/dhcp",
	Example:    `<ip address="10.0.1.1" prefix="24"/>`,
	Prefix:     `<metadata><x:note xmlns:x="https://example.org/notes"/></metadata>`,
	Whole:      true,
	Reserved: map[string]string{
		"name": "name", "bridge": "bridge", "mac": "mac", "mtu": "mtu", "forward": "forward", "forward/nat": "forward.nat_ports", "domain": "domain",
		"dns": "dns", "vlan": "vlan", "bandwidth": "bandwidth", "port": "isolated",
	},
	Extra: []string{
		"virtualport", "portgroup/virtualport", "forward/driver", "ip", "ip/dhcp/range", "ip/dhcp/host",
		"@ipv6", "@trustGuestRxFilters", "bridge@zone", "bridge@macTableManager", "portgroup@trustGuestRxFilters",
	},
	Repeats: repeats,
}, rows)

// repeats reports whether an element can occur next to another of its name.
func repeats(_ []string, el *etree.Element) bool {
	return slices.Contains([]string{
		"ip", "range", "host", "hostname", "forwarder", "srv", "txt", "address", "interface", "option", "portgroup", "tag", "route",
	}, el.Tag)
}
