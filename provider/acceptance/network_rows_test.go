//go:build acceptance

package acceptance

import (
	"fmt"
	"strings"
	"testing"
)

// rowUpdate sets an attribute, changes it, and unsets it. The place in the network's XML must follow; "" for nothing.
func rowUpdate(where string, put func(v any) attrs, one, two any, unset string) update {
	return update{see: netXML(where), steps: []step{{put(one), flat(one)}, {put(two), flat(two)}, {put(nil), unset}}}
}

// flat returns a value as the XML has it.
func flat(v any) string {
	switch v := v.(type) {
	case bool:
		return map[bool]string{true: "yes", false: "no"}[v]
	case []string:
		return v[0]
	default:
		return fmt.Sprint(v)
	}
}

// wire creates a pair of connected network devices on alpha and returns the name of one, which serves as a device of the host.
func wire(t *testing.T) string {
	t.Helper()
	name := fmt.Sprintf("kfw%d", serialNumber.Add(1))
	alpha().ip(t, "link", "add", name, "type", "veth", "peer", "name", name+"p")
	t.Cleanup(func() { alpha().ip(t, "link", "delete", name) })
	alpha().ip(t, "link", "set", name, "up")
	alpha().ip(t, "link", "set", name+"p", "up")
	return name
}

// hostBridge creates a bridge on alpha that belongs to no network.
func hostBridge(t *testing.T) string {
	t.Helper()
	name := fmt.Sprintf("kfb%d", serialNumber.Add(1))
	alpha().ip(t, "link", "add", name, "type", "bridge")
	t.Cleanup(func() { alpha().ip(t, "link", "delete", name) })
	alpha().ip(t, "link", "set", name, "up")
	return name
}

// ip changes or shows the host's network configuration.
func (h *labHost) ip(t *testing.T, args ...string) string {
	t.Helper()
	out, err := h.onNet(t, append([]string{"ip"}, args...)...)
	if err != nil {
		t.Fatalf("ip %s on %s: %v: %s", strings.Join(args, " "), h.Name, err, out)
	}
	return out
}

// networkLinkUpdates returns the cases of how a network is connected.
func networkLinkUpdates(t *testing.T) map[string]update {
	one, two := wire(t), wire(t)
	bridge := hostBridge(t)
	group := []string{"update", "update"}
	forward := func(mode string, more attrs) attrs {
		a := attrs{"forward": attrs{"mode": mode}.with(more)}
		if mode == "nat" || mode == "route" || mode == "open" {
			a["ipv4"] = ipv4(subnet(), nil)
		}
		return a
	}
	nat := func(name string) func(any) attrs {
		return func(v any) attrs { return forward("nat", attrs{name: v}) }
	}
	within := func(name string, others attrs) func(key string) func(any) attrs {
		return func(key string) func(any) attrs {
			return func(v any) attrs { return forward("nat", attrs{name: others.with(attrs{key: v})}) }
		}
	}
	addresses, ports := within("nat_addresses", attrs{"start": "192.0.2.1", "end": "192.0.2.9"}), within("nat_ports", attrs{"start": 2000, "end": 3000})
	// idle only defines what this machine can't start.
	idle := func(a attrs) attrs { return a.with(attrs{"active": false}) }
	top := func(name string) func(any) attrs { return func(v any) attrs { return attrs{}.with(attrs{name: v}) } }
	defined := func(name string) func(any) attrs { return func(v any) attrs { return idle(attrs{name: v}.with(nil)) } }
	vswitch := forward("bridge", nil).with(attrs{"bridge": bridge, "virtualport": "openvswitch", "active": false})
	functions := func(name string, others attrs) func(any) attrs {
		return func(v any) attrs { return idle(forward("hostdev", others.with(attrs{name: v}))) }
	}
	found := map[string]update{
		"forward":                     {see: netXML("forward@mode"), actions: group, steps: []step{{nil, ""}, {forward("route", nil), "route"}, {nil, ""}}},
		"forward.mode":                {see: netXML("forward@mode"), steps: []step{{forward("nat", nil), "nat"}, {forward("route", nil), "route"}, {forward("open", nil), "open"}}},
		"forward.devices":             rowUpdate("forward/interface@dev", nat("devices"), []string{one}, []string{two}, ""),
		"forward.nat_addresses":       {see: netXML("forward/nat/address?"), actions: group, steps: []step{{forward("nat", nil), "false"}, {addresses("start")("192.0.2.2"), "true"}, {forward("nat", nil), "false"}}},
		"forward.nat_addresses.start": {see: netXML("forward/nat/address@start"), steps: []step{{addresses("start")("192.0.2.2"), "192.0.2.2"}, {addresses("start")("192.0.2.3"), "192.0.2.3"}}},
		"forward.nat_addresses.end":   {see: netXML("forward/nat/address@end"), steps: []step{{addresses("end")("192.0.2.7"), "192.0.2.7"}, {addresses("end")("192.0.2.8"), "192.0.2.8"}}},
		"forward.nat_ports":           {see: dump("net-dumpxml", "forward/nat/port@start", "--inactive"), actions: group, steps: []step{{forward("nat", nil), ""}, {ports("start")(2000), "2000"}, {forward("nat", nil), ""}}},
		"forward.nat_ports.start":     {see: netXML("forward/nat/port@start"), steps: []step{{ports("start")(2001), "2001"}, {ports("start")(2002), "2002"}}},
		"forward.nat_ports.end":       {see: netXML("forward/nat/port@end"), steps: []step{{ports("end")(3001), "3001"}, {ports("end")(3002), "3002"}}},
		"forward.nat_ipv6":            rowUpdate("forward/nat@ipv6", nat("nat_ipv6"), true, false, ""),
		"forward.pf":                  {see: netXML("forward/pf@dev"), steps: []step{{functions("pf", nil)(one), one}, {functions("pf", nil)(two), two}, {idle(nil), ""}}},
		"forward.addresses": {lacking: "SR-IOV device", see: netXML("forward/address@bus"), steps: []step{
			{functions("addresses", nil)([]string{"0000:03:10.2"}), "0x03"}, {functions("addresses", nil)([]string{"0000:04:10.2"}), "0x04"}, {idle(nil), ""}}},
		"forward.managed": {see: netXML("forward@managed"), steps: []step{{functions("managed", attrs{"pf": one})(true), "yes"}, {functions("managed", attrs{"pf": one})(false), "no"}, {functions("managed", attrs{"pf": one})(nil), "no"}}},
		"stp":             {see: netXML("bridge@stp"), steps: []step{{attrs{"stp": false}, "off"}, {attrs{"stp": true}, "on"}, {nil, "on"}}},
		"delay":           rowUpdate("bridge@delay", top("delay"), 2, 3, "0"),
		"mac":             {see: netXML("mac@address"), steps: []step{{attrs{"mac": "52:54:00:aa:01:01"}, "52:54:00:aa:01:01"}, {attrs{"mac": "52:54:00:aa:01:02"}, "52:54:00:aa:01:02"}, {nil, "52:54:00:aa:01:02"}}},
		"mtu":             rowUpdate("mtu@size", top("mtu"), 1400, 9000, ""),
		"isolated":        rowUpdate("port@isolated", top("isolated"), true, false, ""),
		"virtualport": {see: netXML("virtualport@type"), steps: []step{
			{forward("bridge", nil).with(attrs{"bridge": bridge, "active": false}), ""}, {vswitch, "openvswitch"}, {forward("bridge", nil).with(attrs{"bridge": bridge, "active": false}), ""}}},
		"vlan":              {see: netXML("vlan/tag@id"), actions: group, steps: []step{{vswitch, ""}, {vswitch.with(attrs{"vlan": attrs{"tags": []string{"5"}}}), "5"}, {vswitch, ""}}},
		"vlan.tags":         {see: netXML("vlan/tag@id"), steps: []step{{vswitch.with(attrs{"vlan": attrs{"tags": []string{"5"}}}), "5"}, {vswitch.with(attrs{"vlan": attrs{"tags": []string{"6", "7"}}}), "6"}}},
		"vlan.trunk":        {see: netXML("vlan@trunk"), steps: []step{{vswitch.with(attrs{"vlan": attrs{"tags": []string{"5"}}}), ""}, {vswitch.with(attrs{"vlan": attrs{"tags": []string{"5"}, "trunk": true}}), "yes"}, {vswitch.with(attrs{"vlan": attrs{"tags": []string{"5"}}}), ""}}},
		"domain":            {see: netXML("domain@name"), actions: group, steps: []step{{nil, ""}, {attrs{"domain": attrs{"name": "one.test"}}, "one.test"}, {nil, ""}}},
		"domain.name":       {see: netXML("domain@name"), steps: []step{{attrs{"domain": attrs{"name": "one.test"}}, "one.test"}, {attrs{"domain": attrs{"name": "two.test"}}, "two.test"}}},
		"domain.local_only": rowUpdate("domain@localOnly", func(v any) attrs { return attrs{"domain": attrs{"name": "one.test"}.with(attrs{"local_only": v})} }, true, false, ""),
		"bandwidth":         {see: netXML("bandwidth?"), actions: group, steps: []step{{idle(nil), "false"}, {defined("bandwidth")(attrs{"inbound_average": 5}), "true"}, {idle(nil), "false"}}},
	}
	for name, u := range bandwidthUpdates("", func(limits attrs) attrs { return defined("bandwidth")(limits) }) {
		found["bandwidth."+name] = u
	}
	return found
}

// bandwidthUpdates returns the cases of the bandwidth attributes, by name.
func bandwidthUpdates(where string, put func(limits attrs) attrs) map[string]update {
	found := map[string]update{}
	for _, direction := range []string{"inbound", "outbound"} {
		other := map[string]string{"inbound": "outbound", "outbound": "inbound"}[direction]
		for _, what := range []string{"average", "peak", "burst"} {
			others := attrs{other + "_average": 9}
			if what != "average" {
				others[direction+"_average"] = 9
			}
			found[direction+"_"+what] = rowUpdate(where+"bandwidth/"+direction+"@"+what, func(v any) attrs { return put(others.with(attrs{direction + "_" + what: v})) }, 100, 200, "")
		}
	}
	return found
}

// networkAddressUpdates returns the cases of what a network provides to its guests.
func networkAddressUpdates() map[string]update {
	group := []string{"update", "update"}
	six := func() string { return fmt.Sprintf("fd00:%x:", serialNumber.Add(1)) }
	ipv6 := func(net string, more attrs) attrs {
		return attrs{"ipv6": attrs{"address": net + ":1", "prefix": 64}.with(more)}
	}
	given := func(net string, more attrs) attrs {
		return ipv6(net, attrs{"dhcp": attrs{"start": net + ":10", "end": net + ":20"}.with(more)})
	}
	host := func(net string, entry attrs) attrs {
		return given(net, attrs{"hosts": attrs{"00:03:00:01:52:54:00:00:00:09": entry}})
	}
	net := func() string { return subnet() }
	a, b, c, d, e, f, g, h, i := six(), six(), six(), six(), six(), six(), six(), six(), six()
	lease, via := net(), net()
	leases := func(v any) attrs {
		return attrs{"ipv4": ipv4(lease, attrs{"start": lease + ".10", "end": lease + ".20"}.with(attrs{"lease_time": v}))}
	}
	dns := func(name string) func(any) attrs {
		return func(v any) attrs { return attrs{"dns": attrs{"forward_plain_names": true}.with(attrs{name: v})} }
	}
	entry := func(name, key string, others attrs) func(field string) func(any) attrs {
		return func(field string) func(any) attrs {
			return func(v any) attrs { return attrs{"dns": attrs{name: attrs{key: others.with(attrs{field: v})}}} }
		}
	}
	hosts, txt, srv := entry("hosts", "10.0.0.60", attrs{"names": []string{"one"}}), entry("txt", "a", attrs{"value": "one"}), entry("srv", "_ldap._tcp", attrs{"target": "web", "port": 389})
	route := func(v any) attrs { return attrs{"ipv4": ipv4(via, nil)}.with(attrs{"routes": v}) }
	way := func(gateway string, more attrs) attrs {
		return route(attrs{"10.99.0.0/16": attrs{"gateway": gateway}.with(more)})
	}
	only := attrs{"dns": attrs{"enabled": true}}
	options := func(v ...string) attrs { return attrs{"ipv4": ipv4(lease, nil), "active": false, "dnsmasq_options": v} }
	boots := func(ip, bootp attrs) attrs {
		range1 := attrs{"start": via + ".10", "end": via + ".20"}
		if bootp != nil {
			range1["bootp"] = bootp
		}
		return attrs{"ipv4": ipv4(via, range1).with(ip), "active": false}
	}
	under, beyond := net(), net()
	raw := func(entries any) attrs {
		return attrs{"ipv4": ipv4(under, attrs{"start": under + ".10", "end": under + ".20"}), "active": false}.with(attrs{"xml": entries})
	}
	guests := func(v any) attrs {
		return attrs{"xml": attrs{"it": attributesOf("", attrs{"trustGuestRxFilters": v})}}
	}
	further := func(end string) attrs { return attrs{"element": `<ip address="` + beyond + end + `" prefix="24"/>`} }
	more := element("ip/dhcp", `<range start="`+under+`.30" end="`+under+`.40"/>`)
	loads := func(more attrs) attrs { return boots(nil, attrs{"file": "pxelinux.0"}.with(more)) }
	return map[string]update{
		"dnsmasq_options": {see: netXML("dnsmasq:options/dnsmasq:option@value"), steps: []step{{options("address=/a.test/10.0.0.5"), "address=/a.test/10.0.0.5"},
			{options("no-negcache", "address=/a.test/10.0.0.5"), "no-negcache"}, {options("no-negcache").with(attrs{"dnsmasq_options": nil}), ""}}},
		"ipv4.tftp_root":         {see: netXML("ip/tftp@root"), steps: []step{{boots(attrs{"tftp_root": "/srv"}, nil), "/srv"}, {boots(attrs{"tftp_root": "/var"}, nil), "/var"}, {boots(nil, nil), ""}}},
		"ipv4.dhcp.bootp":        {see: netXML("ip/dhcp/bootp@file"), actions: group, steps: []step{{boots(nil, nil), ""}, {loads(nil), "pxelinux.0"}, {boots(nil, nil), ""}}},
		"ipv4.dhcp.bootp.file":   {see: netXML("ip/dhcp/bootp@file"), steps: []step{{loads(nil), "pxelinux.0"}, {loads(attrs{"file": "grub.efi"}), "grub.efi"}}},
		"ipv4.dhcp.bootp.server": {see: netXML("ip/dhcp/bootp@server"), steps: []step{{loads(attrs{"server": "10.0.0.2"}), "10.0.0.2"}, {loads(attrs{"server": "10.0.0.3"}), "10.0.0.3"}, {loads(nil), ""}}},
		"ipv4.dhcp.lease_time":   rowUpdate("ip/dhcp/range/lease@expiry", leases, 7200, 0, ""),
		"ipv6":                   {see: netXML("ip@address"), actions: group, steps: []step{{nil, ""}, {ipv6(a, nil), a + ":1"}, {nil, ""}}},
		"ipv6.address":           {see: netXML("ip@address"), steps: []step{{ipv6(b, nil), b + ":1"}, {ipv6(b, attrs{"address": b + ":2"}), b + ":2"}}},
		"ipv6.prefix":            {see: netXML("ip@prefix"), steps: []step{{ipv6(c, nil), "64"}, {ipv6(c, attrs{"prefix": 65}), "65"}}},
		"ipv6.dhcp":              {see: netXML("ip/dhcp/range@start"), actions: group, steps: []step{{ipv6(d, nil), ""}, {given(d, nil), d + ":10"}, {ipv6(d, nil), ""}}},
		"ipv6.dhcp.start": {see: netXML("ip/dhcp/range@start"), steps: []step{{given(e, nil), e + ":10"}, {given(e, attrs{"start": e + ":8"}), e + ":8"},
			{ipv6(e, attrs{"dhcp": attrs{"hosts": attrs{"web": attrs{"ip": e + ":50"}}}}), ""}}},
		"ipv6.dhcp.end": {see: netXML("ip/dhcp/range@end"), steps: []step{{given(f, nil), f + ":20"}, {given(f, attrs{"end": f + ":30"}), f + ":30"},
			{ipv6(f, attrs{"dhcp": attrs{"hosts": attrs{"web": attrs{"ip": f + ":50"}}}}), ""}}},
		"ipv6.dhcp.lease_time": rowUpdate("ip/dhcp/range/lease@expiry", func(v any) attrs { return given(g, attrs{"lease_time": v}) }, 7200, 300, ""),
		"ipv6.dhcp.hosts":      {see: netXML("ip/dhcp/host@ip"), actions: group, steps: []step{{given(h, nil), ""}, {given(h, attrs{"hosts": attrs{"web": attrs{"ip": h + ":50"}}}), h + ":50"}, {given(h, nil), ""}}},
		"ipv6.dhcp.hosts.ip":   {see: netXML("ip/dhcp/host@ip"), steps: []step{{host(i, attrs{"ip": i + ":50"}), i + ":50"}, {host(i, attrs{"ip": i + ":51"}), i + ":51"}}},
		"ipv6.dhcp.hosts.name": {see: netXML("ip/dhcp/host@name"), steps: []step{{host(i+"1:", attrs{"ip": i + "1::50", "name": "one"}), "one"}, {host(i+"1:", attrs{"ip": i + "1::50", "name": "two"}), "two"}, {host(i+"1:", attrs{"ip": i + "1::50"}), ""}}},

		"dns":                     {see: netXML("dns@enable"), actions: group, steps: []step{{nil, ""}, {only, "yes"}, {nil, ""}}},
		"dns.enabled":             rowUpdate("dns@enable", dns("enabled"), true, false, ""),
		"dns.forward_plain_names": rowUpdate("dns@forwardPlainNames", func(v any) attrs { return attrs{"dns": attrs{"enabled": true}.with(attrs{"forward_plain_names": v})} }, true, false, ""),
		"dns.forwarders":          {see: netXML("dns/forwarder@addr"), steps: []step{{dns("forwarders")([]string{"192.0.2.53"}), "192.0.2.53"}, {dns("forwarders")([]string{"/a.test/192.0.2.54", "/b.test/"}), "192.0.2.54"}, {dns("forwarders")(nil), ""}}},
		"dns.hosts":               {see: netXML("dns/host@ip"), actions: group, steps: []step{{only, ""}, {hosts("names")([]string{"one"}), "10.0.0.60"}, {only, ""}}},
		"dns.hosts.names":         {see: netXML("dns/host/hostname"), steps: []step{{hosts("names")([]string{"one"}), "one"}, {hosts("names")([]string{"two", "three"}), "two"}}},
		"dns.txt":                 {see: netXML("dns/txt@name"), actions: group, steps: []step{{only, ""}, {txt("value")("one"), "a"}, {only, ""}}},
		"dns.txt.value":           {see: netXML("dns/txt@value"), steps: []step{{txt("value")("one"), "one"}, {txt("value")("two words"), "two words"}}},
		"dns.srv":                 {see: netXML("dns/srv@service"), actions: group, steps: []step{{only, ""}, {srv("port")(389), "ldap"}, {only, ""}}},
		"dns.srv.target":          {see: netXML("dns/srv@target"), steps: []step{{srv("target")("one"), "one"}, {srv("target")("two"), "two"}}},
		"dns.srv.port":            {see: netXML("dns/srv@port"), steps: []step{{srv("port")(389), "389"}, {srv("port")(636), "636"}}},
		"dns.srv.priority":        rowUpdate("dns/srv@priority", srv("priority"), 1, 2, ""),
		"dns.srv.weight":          rowUpdate("dns/srv@weight", srv("weight"), 1, 2, ""),

		"xml.attributes": {see: netXML("@trustGuestRxFilters"), steps: []step{{guests("yes"), "yes"}, {guests("no"), "no"}, {nil, ""}}},
		"xml":            {see: netXML("ip[2]@address"), actions: group, steps: []step{{raw(nil), ""}, {raw(attrs{"ip": further(".1")}), beyond + ".1"}, {raw(nil), ""}}},
		"xml.under":      {see: netXML("ip/dhcp/range[2]@start"), steps: []step{{raw(attrs{"range": more}), under + ".30"}, {raw(attrs{"ip": further(".1")}), ""}}},
		"xml.element":    {see: netXML("ip[2]@address"), steps: []step{{raw(attrs{"it": further(".1")}), beyond + ".1"}, {raw(attrs{"it": further(".2")}), beyond + ".2"}, {raw(nil), ""}}},

		"routes":         {see: netXML("route@gateway"), actions: group, steps: []step{{route(nil), ""}, {way(via+".2", nil), via + ".2"}, {route(nil), ""}}},
		"routes.gateway": {see: netXML("route@gateway"), steps: []step{{way(via+".2", nil).with(attrs{"active": false}), via + ".2"}, {way(via+".3", nil).with(attrs{"active": false}), via + ".3"}}},
		"routes.metric":  rowUpdate("route@metric", func(v any) attrs { return way(via+".2", attrs{"metric": v}).with(attrs{"active": false}) }, 2, 3, ""),
	}
}

// networkGroupUpdates returns the cases of port groups.
func networkGroupUpdates(t *testing.T) map[string]update {
	in := func(a attrs) attrs { return attrs{"portgroups": attrs{"eng": a}} }
	vswitch := attrs{"forward": attrs{"mode": "bridge"}, "bridge": hostBridge(t), "virtualport": "openvswitch", "active": false}
	tags := func(more attrs, ids ...string) attrs {
		return vswitch.with(in(attrs{"vlan": attrs{"tags": ids}.with(more)}))
	}
	group := []string{"update", "update"}
	found := map[string]update{
		"portgroups":             {see: netXML("portgroup@name"), actions: group, steps: []step{{nil, ""}, {in(attrs{}), "eng"}, {nil, ""}}},
		"portgroups.default":     {see: netXML("portgroup@default"), steps: []step{{in(attrs{"default": true}), "yes"}, {in(attrs{"default": false}), ""}, {in(attrs{}), ""}}},
		"portgroups.virtualport": {see: netXML("portgroup/virtualport@type"), steps: []step{{vswitch.with(in(attrs{})), ""}, {vswitch.with(in(attrs{"virtualport": "openvswitch"})), "openvswitch"}, {vswitch.with(in(attrs{})), ""}}},
		"portgroups.vlan":        {see: netXML("portgroup/vlan/tag@id"), actions: group, steps: []step{{vswitch.with(in(attrs{})), ""}, {tags(nil, "5"), "5"}, {vswitch.with(in(attrs{})), ""}}},
		"portgroups.vlan.tags":   {see: netXML("portgroup/vlan/tag@id"), steps: []step{{tags(nil, "5"), "5"}, {tags(nil, "6", "7"), "6"}}},
		"portgroups.vlan.trunk":  {see: netXML("portgroup/vlan@trunk"), steps: []step{{tags(nil, "5"), ""}, {tags(attrs{"trunk": true}, "5"), "yes"}, {tags(nil, "5"), ""}}},
		"portgroups.bandwidth":   {see: netXML("portgroup/bandwidth?"), actions: group, steps: []step{{in(attrs{}), "false"}, {in(attrs{"bandwidth": attrs{"inbound_average": 5}}), "true"}, {in(attrs{}), "false"}}},
	}
	for name, u := range bandwidthUpdates("portgroup/", func(limits attrs) attrs { return in(attrs{"bandwidth": limits}) }) {
		found["portgroups.bandwidth."+name] = u
	}
	return found
}
