//go:build acceptance

package acceptance

import "testing"

// interfaceCases returns the cases of what an interface connects to, and how.
func interfaceCases() map[string]update {
	nic := func(a attrs) attrs { return attrs{"interfaces": attrs{"lan": a}} }
	on := func(a attrs) attrs { return nic(attrs{"network": "one"}.with(a)) }
	at := func(where string) func(*testing.T, attrs) string { return defined("devices/interface/" + where) }
	bridge := attrs{"bridge": "br0"}
	direct := func(a attrs) attrs { return nic(attrs{"direct": attrs{"dev": "eth0"}.with(a)}) }
	vswitch := func(a attrs) attrs { return nic(attrs{"bridge": "ovs0", "virtualport": "openvswitch"}.with(a)) }
	tags := func(more attrs, ids ...string) attrs { return vswitch(attrs{"vlan": attrs{"tags": ids}.with(more)}) }
	filtered := func(parameters any) attrs {
		return on(attrs{"filter": "clean-traffic", "filter_parameters": parameters})
	}
	addresses := func(values ...string) attrs { return filtered(attrs{"IP": attrs{"values": values}}) }
	group := []string{"update", "update"}
	pair := func(a, b any) attrs {
		return attrs{"interfaces": attrs{"a": attrs{"network": "one", "position": a}, "b": attrs{"network": "one", "position": b}}}
	}
	const a, b = "devices/interface/alias[@name='ua-a']/../address@bus", "devices/interface/alias[@name='ua-b']/../address@bus"
	return map[string]update{
		"interfaces.position":    {see: together(a, b), steps: []step{{pair(1, 2), "0x01 0x02"}, {pair(2, 1), "0x02 0x01"}, {pair(nil, nil), "0x02 0x01"}}},
		"interfaces.address":     {see: at("address@bus"), steps: []step{{on(attrs{"address": "0000:05:00.0"}), "0x05"}, {on(attrs{"address": "0000:06:00.0"}), "0x06"}, {on(nil), "0x06"}}},
		"interfaces.network":     {see: at("source@network"), steps: []step{{nic(attrs{"network": "one"}), "one"}, {nic(attrs{"network": "two"}), "two"}, {nic(bridge), ""}}},
		"interfaces.portgroup":   {see: at("source@portgroup"), steps: []step{{on(attrs{"portgroup": "eng"}), "eng"}, {on(attrs{"portgroup": "ops"}), "ops"}, {on(nil), ""}}},
		"interfaces.bridge":      {see: at("source@bridge"), steps: []step{{nic(bridge), "br0"}, {nic(attrs{"bridge": "br1"}), "br1"}, {on(nil), ""}}},
		"interfaces.virtualport": {see: at("virtualport@type"), steps: []step{{nic(attrs{"bridge": "ovs0"}), ""}, {vswitch(nil), "openvswitch"}, {nic(attrs{"bridge": "ovs0"}), ""}}},
		"interfaces.direct":      {see: at("source@dev"), actions: group, steps: []step{{on(nil), ""}, {direct(nil), "eth0"}, {on(nil), ""}}},
		"interfaces.direct.dev":  {see: at("source@dev"), steps: []step{{direct(nil), "eth0"}, {direct(attrs{"dev": "eth1"}), "eth1"}}},
		"interfaces.direct.mode": {see: at("source@mode"), steps: []step{{direct(nil), "bridge"}, {direct(attrs{"mode": "vepa"}), "vepa"}, {direct(nil), "bridge"}}},
		"interfaces.mtu":         {see: at("mtu@size"), steps: []step{{on(attrs{"mtu": 1400}), "1400"}, {on(attrs{"mtu": 9000}), "9000"}, {on(nil), ""}}},
		"interfaces.queues":      {see: at("driver@queues"), steps: []step{{on(attrs{"queues": 2}), "2"}, {on(attrs{"queues": 4}), "4"}, {on(nil), ""}}},
		"interfaces.isolated":    {see: at("port@isolated"), steps: []step{{on(attrs{"isolated": true}), "yes"}, {on(attrs{"isolated": false}), "no"}, {on(nil), ""}}},
		"interfaces.vlan":        {see: at("vlan/tag@id"), actions: group, steps: []step{{vswitch(nil), ""}, {tags(nil, "5"), "5"}, {vswitch(nil), ""}}},
		"interfaces.vlan.tags":   {see: at("vlan/tag@id"), steps: []step{{tags(nil, "5"), "5"}, {tags(nil, "6", "7"), "6"}}},
		"interfaces.vlan.trunk":  {see: at("vlan@trunk"), steps: []step{{tags(nil, "5"), ""}, {tags(attrs{"trunk": true}, "5"), "yes"}, {tags(nil, "5"), ""}}},
		"interfaces.filter_parameters": {see: at("filterref/parameter@name"), actions: group, steps: []step{
			{filtered(nil), ""}, {addresses("10.0.0.5"), "IP"}, {filtered(nil), ""}}},
		"interfaces.filter_parameters.values": {see: at("filterref/parameter[2]@value"), steps: []step{{addresses("10.0.0.5", "10.0.0.6"), "10.0.0.6"}, {addresses("10.0.0.5", "10.0.0.7"), "10.0.0.7"}}},
	}
}

// wiredGuest returns a guest on networks, bridges and devices of the host.
func wiredGuest(t *testing.T, a attrs) truthGuest {
	t.Helper()
	lan, one, two, dev, other := alpha().network(t), hostBridge(t), hostBridge(t), wire(t), wire(t)
	at := func(key, where string) string { return "devices/interface/alias[@name='ua-" + key + "']/../" + where }
	filtered := attrs{"network": lan, "filter": "clean-traffic", "filter_parameters": attrs{"IP": attrs{"values": []string{"10.0.0.5"}}}}
	const noSwitch = "Open vSwitch"
	return truthGuest{
		base: a.with(attrs{"interfaces": attrs{"lan": attrs{"network": lan}, "moved": attrs{"network": lan}, "bridged": attrs{"bridge": one}, "filtered": filtered,
			"device": attrs{"direct": attrs{"dev": dev}}, "private": attrs{"direct": attrs{"dev": dev}}}}),
		changes: []truth{
			{path: "interfaces.lan.portgroup", value: "eng", where: at("lan", "source@portgroup"), is: "eng"},
			{path: "interfaces.lan.isolated", value: true, where: at("lan", "port@isolated"), is: "yes"},
			{path: "interfaces.lan.mtu", value: 1400, where: at("lan", "mtu@size"), is: "1400"},
			{path: "interfaces.lan.queues", value: 2, where: at("lan", "driver@queues"), is: "2"},
			{path: "interfaces.moved.network", where: at("moved", "source@network")},
			{path: "interfaces.moved.bridge", value: two, where: at("moved", "source@bridge"), is: two},
			{path: "interfaces.bridged.bridge", value: two, where: at("bridged", "source@bridge"), is: two},
			{path: "interfaces.filtered.filter_parameters.IP.values", value: []string{"10.0.0.6"}, where: at("filtered", "filterref/parameter[@name='IP']@value"), is: "10.0.0.6"},
			{path: "interfaces.filtered.filter_parameters.CTRL_IP_LEARNING", value: attrs{"values": []string{"none"}}, where: at("filtered", "filterref/parameter[@name='CTRL_IP_LEARNING']@value"), is: "none"},
			{path: "interfaces.device.direct.dev", value: other, where: at("device", "source@dev"), is: other},
			{path: "interfaces.private.direct.mode", value: "private", where: at("private", "source@mode"), is: "private"},
			{path: "interfaces.lan.virtualport", lacking: noSwitch},
			{path: "interfaces.lan.vlan.tags", lacking: noSwitch},
			{path: "interfaces.lan.vlan.trunk", lacking: noSwitch},
		},
	}
}
