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
		{with(forward("nat", nil), nil), "forward.mode", `'mode' "nat" requires 'ipv4' or 'ipv6'; set the host's address on the network`},
		{with(forward("nat", two), ip), "forward.devices", `'devices' must name one device with mode "nat", got 2; remove the others`},
		{with(forward("nat", m{"devices": table.ListOf()}), ip), "forward.devices", "'devices' must not be empty; add a device, or remove it"},
		{with(forward("open", eth), ip), "forward.devices", `'devices' cannot be combined with mode "open"; remove it`},
		{with(forward("route", m{"nat_ipv6": true}), ip), "forward.nat_ipv6", `'nat_ipv6' requires mode "nat", got mode "route"; remove it`},
		{with(forward("nat", m{"nat_ports": m{"start": int64(9), "end": int64(8)}}), ip), "forward.nat_ports.end", "'end' must not be before 'start' (9), got 8"},
		{with(forward("nat", m{"nat_addresses": m{"start": "192.0.2.9", "end": "192.0.2.8"}}), ip), "forward.nat_addresses.end", "'end' must not be before 'start' (192.0.2.9), got 192.0.2.8"},
		{m{"ipv6": m{"address": "fd00::1", "prefix": int64(64), "dhcp": m{"hosts": m{"web": m{"ip": "fd00::7", "name": "www"}}}}}, "ipv6.dhcp.hosts[web].name",
			`'name' requires a DUID as the key, and "web" is a name; remove 'name'`},
		{with(forward("bridge", nil), nil), "bridge", `'mode' "bridge" requires 'bridge'; name a bridge of the host, or set 'forward.devices' for macvtap`},
		{with(forward("bridge", nil), m{"bridge": "br0", "ipv4": address}), "ipv4", `'ipv4' requires a network with its own bridge, which mode "bridge" does not have; remove it`},
		{with(forward("bridge", nil), m{"bridge": "br0", "stp": true}), "stp", `'stp' requires a network with its own bridge, which mode "bridge" does not have; remove it`},
		{with(forward("bridge", eth), m{"bridge": "br0"}), "bridge", `'bridge' cannot be combined with mode "bridge" on devices; remove it`},
		{with(forward("vepa", nil), nil), "forward.devices", `'mode' "vepa" requires 'devices'; name the device that the guests are attached to`},
		{with(forward("private", eth), m{"isolated": true}), "isolated", `'isolated' requires a bridge, which mode "private" on devices does not have; remove it`},
		{with(forward("hostdev", nil), nil), "forward.pf", `'mode' "hostdev" requires either 'pf' or 'addresses'`},
		{with(forward("nat", m{"pf": "eth0"}), ip), "forward.pf", `'pf' requires mode "hostdev", got mode "nat"; remove it`},
		{with(nil, m{"virtualport": "openvswitch"}), "virtualport", `'virtualport' requires mode "bridge" on a bridge of the host, got mode "isolated"; remove it`},
		{m{"vlan": m{"tags": table.ListOf("1", "2"), "trunk": true}}, "vlan.trunk", "'trunk' requires a single tag, since several always are a trunk; remove 'trunk'"},
		{m{"vlan": m{"tags": table.ListOf()}}, "vlan.tags", "'tags' must not be empty; add a tag, or remove 'vlan'"},
		{m{"vlan": m{"tags": table.ListOf("4096")}}, "vlan.tags[0]", `'tags' must be numbers from 0 to 4095, got "4096"`},
		{m{"bandwidth": m{}}, "bandwidth", "'bandwidth' must not be empty; set one of its attributes, or remove it"},
		{m{"bandwidth": m{"inbound_peak": int64(1)}}, "bandwidth.inbound_peak", "'inbound_peak' requires 'inbound_average'; set it, or remove 'inbound_peak'"},
		{m{"mtu": int64(67)}, "mtu", "'mtu' must be from 68 to 65535 bytes, got 67"},
		{m{"portgroups": m{"a": m{"default": true}, "b": m{"default": true}}}, "portgroups[b].default", `'default' must be unique, it is already set on "a"; remove it from one of them`},
		{m{"dns": m{}}, "dns", "'dns' must not be empty; set one of its attributes, or remove it"},
		{m{"dns": m{"forwarders": table.ListOf("one")}}, "dns.forwarders[0]", `'forwarders' must be addresses, or /domain/address, like 10.0.0.53 and /example.org/10.0.0.53, got "one"`},
		{m{"dns": m{"hosts": m{"fd00:0::1": m{"names": table.ListOf("a")}}}}, "dns.hosts[fd00:0::1]", `a key of 'hosts' must be an address in its shortest form like 10.0.0.10 or fd00:1::10, got "fd00:0::1"`},
		{m{"dns": m{"srv": m{"ldap": m{"target": "a", "port": int64(1)}}}}, "dns.srv[ldap]", `a key of 'srv' must be _service._tcp or _service._udp, followed by '.' and a domain if it is another domain, got "ldap"`},
		{m{"ipv4": address, "routes": m{"10.9.0.1/16": m{"gateway": "10.0.0.2"}}}, "routes[10.9.0.1/16]", `a key of 'routes' must begin with the first address of its network, got "10.9.0.1/16"; write "10.9.0.0/16"`},
		{m{"ipv4": address, "routes": m{"10.9.0.0/16": m{"gateway": "10.0.1.2"}}}, "routes[10.9.0.0/16].gateway", "'gateway' must be inside 10.0.0.0/24, got 10.0.1.2"},
		{m{"ipv4": address, "routes": m{"fd09::/48": m{"gateway": "10.0.0.2"}}}, "routes[fd09::/48].gateway", "'gateway' must have the address family of fd09::/48, got 10.0.0.2"},
		{m{"ipv4": address, "routes": m{"fd09::/48": m{"gateway": "fd00::2"}}}, "routes[fd09::/48].gateway", "'gateway' must be on the network, which has no 'ipv6', got fd00::2"},
		{m{"ipv6": m{"address": "10.0.0.1", "prefix": int64(64)}}, "ipv6.address", `'address' must be an IPv6 address like fd00:1::1, got "10.0.0.1"`},
		{m{"ipv6": m{"address": "fd00::1", "prefix": int64(64), "dhcp": m{"start": "fcff::2", "end": "fd00::9"}}}, "ipv6.dhcp.start", "'start' must be inside fd00::/64, got fcff::2"},
		{m{"ipv4": m{"address": "10.0.0.1", "prefix": int64(24), "dhcp": m{"start": "10.0.0.2"}}}, "ipv4.dhcp.start", "'start' and 'end' require each other; set both or neither"},
		{m{"ipv4": m{"address": "10.0.0.1", "prefix": int64(24), "dhcp": m{}}}, "ipv4.dhcp", "'dhcp' requires addresses; set 'start' and 'end', or 'hosts', or remove it"},
		{m{"ipv4": m{"address": "10.0.0.1", "prefix": int64(24), "dhcp": m{"start": "10.0.0.2", "end": "10.0.0.9", "lease_time": int64(60)}}}, "ipv4.dhcp.lease_time", "'lease_time' must be 0 (infinite) or at least 120 s, got 60"},
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
