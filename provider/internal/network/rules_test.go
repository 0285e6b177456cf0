package network

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

func TestWhatGoesTogether(t *testing.T) {
	forward := func(mode string, more m) m {
		group := m{"mode": mode}
		for k, v := range more {
			group[k] = v
		}
		return group
	}
	with := func(group m, more m) m {
		c := m{"forward": group}
		for k, v := range more {
			c[k] = v
		}
		return c
	}
	eth, two := m{"devices": table.ListOf("eth0")}, m{"devices": table.ListOf("eth0", "eth1")}
	ip := m{"ipv4": address}
	for _, c := range []struct {
		config     m
		path, text string
	}{
		{with(forward("nat", nil), nil), "forward.mode", `'mode' "nat" needs an address of the host's on the network; set 'ipv4' or 'ipv6'`},
		{with(forward("nat", two), ip), "forward.devices", `'devices' must name only one with mode "nat", got 2; leave the others out`},
		{with(forward("nat", m{"devices": table.ListOf()}), ip), "forward.devices", "'devices' must name at least one; add it, or take this out"},
		{with(forward("open", eth), ip), "forward.devices", `'devices' does not go with mode "open"; take it out`},
		{with(forward("route", m{"nat_ipv6": true}), ip), "forward.nat_ipv6", `'nat_ipv6' is for mode "nat", and not for mode "route"; take it out`},
		{with(forward("nat", m{"nat_ports": m{"start": int64(9), "end": int64(8)}}), ip), "forward.nat_ports.end", "'end' must not be before 'start' (9), got 8"},
		{with(forward("nat", m{"nat_addresses": m{"start": "192.0.2.9", "end": "192.0.2.8"}}), ip), "forward.nat_addresses.end", "'end' must not be before 'start' (192.0.2.9), got 192.0.2.8"},
		{m{"ipv6": m{"address": "fd00::1", "prefix": int64(64), "dhcp": m{"hosts": m{"web": m{"ip": "fd00::7", "name": "www"}}}}}, "ipv6.dhcp.hosts[web].name",
			`'name' is for a guest that is known by its DUID, and "web" is a name already; take it out`},
		{with(forward("bridge", nil), nil), "bridge", `'bridge' must be set with mode "bridge": name the bridge that the host has, or set 'forward.devices' for macvtap`},
		{with(forward("bridge", nil), m{"bridge": "br0", "ipv4": address}), "ipv4", `'ipv4' is for a network with a bridge of its own, and mode "bridge" has none; take it out`},
		{with(forward("bridge", nil), m{"bridge": "br0", "stp": true}), "stp", `'stp' is for a network with a bridge of its own, and mode "bridge" has none; take it out`},
		{with(forward("bridge", eth), m{"bridge": "br0"}), "bridge", `'bridge' does not go with mode "bridge" and the devices of its guests; take it out`},
		{with(forward("vepa", nil), nil), "forward.devices", `'devices' must be set with mode "vepa"; name the device that the guests are put on`},
		{with(forward("private", eth), m{"isolated": true}), "isolated", `'isolated' needs a bridge, and mode "private" on devices has none; take it out`},
		{with(forward("hostdev", nil), nil), "forward.pf", `'pf' or 'addresses' must be set with mode "hostdev", and only one of them`},
		{with(forward("nat", m{"pf": "eth0"}), ip), "forward.pf", `'pf' is for mode "hostdev", and not for mode "nat"; take it out`},
		{with(nil, m{"virtualport": "openvswitch"}), "virtualport", `'virtualport' is for a bridge that the host has already, mode "bridge", and not for mode "isolated"; take it out`},
		{m{"vlan": m{"tags": table.ListOf("1", "2"), "trunk": true}}, "vlan.trunk", "'trunk' is for a single tag, several are a trunk in any case; take it out"},
		{m{"vlan": m{"tags": table.ListOf()}}, "vlan.tags", "'tags' must name at least one; add it, or take 'vlan' out"},
		{m{"vlan": m{"tags": table.ListOf("4096")}}, "vlan.tags[0]", `'tags' must be numbers from 0 to 4095, got "4096"`},
		{m{"bandwidth": m{}}, "bandwidth", "'bandwidth' must limit something; set one of its attributes, or take it out"},
		{m{"bandwidth": m{"inbound_peak": int64(1)}}, "bandwidth.inbound_peak", "'inbound_peak' needs an 'inbound_average'; set it, or take this out"},
		{m{"mtu": int64(67)}, "mtu", "'mtu' must be from 68 to 65535 bytes, got 67"},
		{m{"portgroups": m{"a": m{"default": true}, "b": m{"default": true}}}, "portgroups[b].default", `'default' is true of "a" already; take it out of one of them`},
		{m{"dns": m{}}, "dns", "'dns' must set something; set one of its attributes, or take it out"},
		{m{"dns": m{"forwarders": table.ListOf("one")}}, "dns.forwarders[0]", `'forwarders' must be addresses, or /domain/address, like 10.0.0.53 and /example.org/10.0.0.53, got "one"`},
		{m{"dns": m{"hosts": m{"fd00:0::1": m{"names": table.ListOf("a")}}}}, "dns.hosts[fd00:0::1]", `a key of 'hosts' must be an address like 10.0.0.10 or fd00:1::10, written as short as can be, got "fd00:0::1"`},
		{m{"dns": m{"srv": m{"ldap": m{"target": "a", "port": int64(1)}}}}, "dns.srv[ldap]", `a key of 'srv' must be _service._tcp or _service._udp, and after it '.' and a domain where it is of another, got "ldap"`},
		{m{"ipv4": address, "routes": m{"10.9.0.1/16": m{"gateway": "10.0.0.2"}}}, "routes[10.9.0.1/16]", `a key of 'routes' must begin with the first address of its network, got "10.9.0.1/16"; write "10.9.0.0/16"`},
		{m{"ipv4": address, "routes": m{"10.9.0.0/16": m{"gateway": "10.0.1.2"}}}, "routes[10.9.0.0/16].gateway", "'gateway' must be inside 10.0.0.0/24, got 10.0.1.2"},
		{m{"ipv4": address, "routes": m{"fd09::/48": m{"gateway": "10.0.0.2"}}}, "routes[fd09::/48].gateway", "'gateway' must be of the same family as fd09::/48, got 10.0.0.2"},
		{m{"ipv4": address, "routes": m{"fd09::/48": m{"gateway": "fd00::2"}}}, "routes[fd09::/48].gateway", "'gateway' must be on the network, which has no 'ipv6', got fd00::2"},
		{m{"ipv6": m{"address": "10.0.0.1", "prefix": int64(64)}}, "ipv6.address", `'address' must be an IPv6 address like fd00:1::1, got "10.0.0.1"`},
		{m{"ipv6": m{"address": "fd00::1", "prefix": int64(64), "dhcp": m{"start": "fcff::2", "end": "fd00::9"}}}, "ipv6.dhcp.start", "'start' must be inside fd00::/64, got fcff::2"},
		{m{"ipv4": m{"address": "10.0.0.1", "prefix": int64(24), "dhcp": m{"start": "10.0.0.2"}}}, "ipv4.dhcp.start", "'start' goes with 'end'; set both or neither"},
		{m{"ipv4": m{"address": "10.0.0.1", "prefix": int64(24), "dhcp": m{}}}, "ipv4.dhcp", "'dhcp' must give out something; set 'start' and 'end', or 'hosts', or take it out"},
		{m{"ipv4": m{"address": "10.0.0.1", "prefix": int64(24), "dhcp": m{"start": "10.0.0.2", "end": "10.0.0.9", "lease_time": int64(60)}}}, "ipv4.dhcp.lease_time", "'lease_time' must be 0, for ever, or at least 120 s, got 60"},
	} {
		found := append(table.Validate(Table.Attrs, c.config, tftypes.NewAttributePath()), Resource{}.Validate(c.config)...)
		if len(found) != 1 {
			t.Errorf("%v: got %d problems: %v", c.config, len(found), found)
			continue
		}
		if got := spell(found[0].Path); got != c.path || found[0].Text != c.text {
			t.Errorf("got\n%s: %s\nwant\n%s: %s", got, found[0].Text, c.path, c.text)
		}
	}
}
