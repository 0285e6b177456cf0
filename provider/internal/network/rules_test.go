package network

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

const noVLANs = "'vlan' requires mode \"bridge\", \"passthrough\" or \"hostdev\": a network with its own bridge has no VLANs; remove 'vlan', or " +
	"create a network for each VLAN"

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
		{m{"forward": m{"mode": "bridge"}, "bridge": "br0", "vlan": m{"tags": table.ListOf("1", "2"), "trunk": true}}, "vlan.trunk", "'trunk' requires a single tag, since several always are a trunk; remove 'trunk'"},
		{m{"vlan": m{"tags": table.ListOf("5")}}, "vlan", noVLANs},
		{m{"forward": m{"mode": "nat"}, "ipv4": m{"address": "10.0.0.1", "prefix": int64(24)}, "portgroups": m{"eng": m{"vlan": m{"tags": table.ListOf("5")}}}}, "portgroups[eng].vlan", noVLANs},
		{m{"forward": m{"mode": "bridge"}, "bridge": "br0", "vlan": m{"tags": table.ListOf()}}, "vlan.tags", "'tags' must not be empty; add a tag, or remove 'vlan'"},
		{m{"forward": m{"mode": "bridge"}, "bridge": "br0", "vlan": m{"tags": table.ListOf("4096")}}, "vlan.tags[0]", `'tags' must be numbers from 0 to 4095, got "4096"`},
		{m{"bandwidth": m{}}, "bandwidth", "'bandwidth' must not be empty; set one of its attributes, or remove it"},
		{m{"bandwidth": m{"inbound_peak": int64(1)}}, "bandwidth.inbound_peak", "'inbound_peak' requires 'inbound_average'; set it, or remove 'inbound_peak'"},
		{m{"ipv4": address, "dnsmasq_options": table.ListOf("adress=/a/10.0.0.5")}, "dnsmasq_options[0]", `'dnsmasq_options' must be options of dnsmasq that libvirt does not set, like address=/example.org/10.0.0.5, got "adress=/a/10.0.0.5"; see its manual`},
		{m{"ipv4": address, "dnsmasq_options": table.ListOf("address")}, "dnsmasq_options[0]", `'dnsmasq_options' must give "address" a value, got "address"; write address=VALUE`},
		{m{"ipv4": address, "dnsmasq_options": table.ListOf("no-hosts=1")}, "dnsmasq_options[0]", `'dnsmasq_options' must not give "no-hosts" a value, got "no-hosts=1"; remove it`},
		{m{"ipv4": address, "dnsmasq_options": table.ListOf("conf-file=/etc/x")}, "dnsmasq_options[0]", `'dnsmasq_options' must be options of dnsmasq that libvirt does not set, like address=/example.org/10.0.0.5, got "conf-file=/etc/x"; see its manual`},
		{m{"dnsmasq_options": table.ListOf("no-hosts")}, "dnsmasq_options", "'dnsmasq_options' requires 'ipv4' or 'ipv6': a network without an address has no server; set one, or remove 'dnsmasq_options'"},
		{m{"ipv4": m{"address": "10.0.0.1", "prefix": int64(24), "tftp_root": "srv"}}, "ipv4.tftp_root", `'tftp_root' must be an absolute path on the host, got "srv"; begin it with '/'`},
		{m{"ipv4": m{"address": "10.0.0.1", "prefix": int64(24), "dhcp": m{"start": "10.0.0.2", "end": "10.0.0.9", "bootp": m{"file": "a b"}}}}, "ipv4.dhcp.bootp.file", `'file' must be a file name or a URL without blanks and commas, got "a b"`},
		{m{"mtu": int64(67)}, "mtu", "'mtu' must be from 68 to 65535 bytes, got 67"},
		{m{"ipv4": address, "xml": m{"it": m{"under": "", "element": `<bridge macTableManager="libvirt"/>`}}}, "xml[it].element", "'element' must not be <bridge>, which 'bridge' sets; use that attribute"},
		{m{"ipv4": address, "xml": m{"it": m{"under": "", "element": `<dns/>`}}}, "xml[it].element", "'element' must not be <dns>, which 'dns' sets; use that attribute"},
		{m{"ipv4": address, "xml": m{"it": m{"under": "", "element": `<ip family="ipv6" address="fd00::1" prefix="64"/>`}}}, "xml[it].element", "'element' must not be <ip>, which 'ipv6' sets; use that attribute"},
		{m{"xml": m{"it": m{"under": "", "element": `<ip address="10.0.0.1" prefix="24"/>`}}}, "xml[it].element", "'element' must not be <ip>, which 'ipv4' sets; use that attribute"},
		{m{"ipv4": address, "xml": m{"it": m{"under": "ip", "element": `<tftp root="/srv"/>`}}}, "xml[it].element", "'element' must not be <tftp>, which 'ipv4.tftp_root' sets; use that attribute"},
		{m{"ipv4": address, "xml": m{"it": m{"under": "", "element": `<route address="10.9.0.0" prefix="16" gateway="10.0.0.2"/>`}}}, "xml[it].element", "'element' must not be <route>, which 'routes' sets; use that attribute"},
		{m{"ipv4": address, "xml": m{"it": m{"under": "", "element": `<portgroup name="a"/>`}}}, "xml[it].element", "'element' must not be <portgroup>, which 'portgroups' sets; use that attribute"},
		{m{"ipv4": address, "xml": m{"it": m{"under": "", "element": `<uuid>11111111-0000-4000-8000-000000000001</uuid>`}}}, "xml[it].element", "'element' must not be <uuid>, which 'uuid' sets; use that attribute"},
		{m{"ipv4": address, "dnsmasq_options": table.ListOf("no-hosts"), "xml": m{"it": m{"under": "", "element": `<o:options xmlns:o="http://libvirt.org/schemas/network/dnsmasq/1.0"><o:option value="no-hosts"/></o:options>`}}}, "xml[it].element", "'element' must not be <o:options>, which 'dnsmasq_options' sets; use that attribute"},
		{m{"xml": m{"it": m{"under": "ip/dhcp", "element": `<range start="10.0.0.7" end="10.0.0.9"/>`}}}, "xml[it].element", "'element' must not be <range>, which 'ipv4.dhcp.start' sets; use that attribute"},
		{m{"ipv4": address, "xml": m{"it": m{"under": "forward", "element": `<driver name="vfio"/>`}}}, "xml[it].under", `'under' must be an element that the network has, and <forward> requires 'forward'; set 'forward', got "forward"`},
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
