package schema

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// interfacePatchCases are what interfaces are connected to, and how.
var interfacePatchCases = []patchCase{
	{"interfaces.net0", legacy, table.Model{"network": "lan", "mac": "52:54:00:6f:12:02", "model": "e1000"}, []string{`- devices/interface[52:54:00:6f:12:02]@type=bridge`, `- devices/interface[52:54:00:6f:12:02]/source@bridge=br0`, `+ devices/interface[52:54:00:6f:12:02]@type=network`, `+ devices/interface[52:54:00:6f:12:02]/source@network=lan`}},
	{"interfaces.net0.bridge", legacy, "br1", []string{`- devices/interface[52:54:00:6f:12:02]/source@bridge=br0`, `+ devices/interface[52:54:00:6f:12:02]/source@bridge=br1`}},
	{"interfaces.net0.virtualport", legacy, "openvswitch", []string{`+ devices/interface[52:54:00:6f:12:02]/virtualport`, `+ devices/interface[52:54:00:6f:12:02]/virtualport@type=openvswitch`}},
	{"interfaces.lan.portgroup", kernel, "red", []string{`- devices/interface[ua-lan]/source@portgroup=blue`, `+ devices/interface[ua-lan]/source@portgroup=red`}},
	{"interfaces.lan.portgroup", kernel, nil, []string{`- devices/interface[ua-lan]/source@portgroup=blue`}},
	{"interfaces.lan", kernel, table.Model{"bridge": "br0", "mac": "52:54:00:6f:12:05", "model": "virtio"}, []string{`- devices/interface[ua-lan]@type=network`, `- devices/interface[ua-lan]/source@network=default`, `- devices/interface[ua-lan]/source@portgroup=blue`, `+ devices/interface[ua-lan]@type=bridge`, `+ devices/interface[ua-lan]/source@bridge=br0`}},
	{"interfaces.lan", kernel, table.Model{"direct": table.Model{"dev": "eth1", "mode": "vepa"}, "mac": "52:54:00:6f:12:05", "model": "virtio"}, []string{`- devices/interface[ua-lan]@type=network`, `- devices/interface[ua-lan]/source@network=default`, `- devices/interface[ua-lan]/source@portgroup=blue`, `+ devices/interface[ua-lan]@type=direct`, `+ devices/interface[ua-lan]/source@dev=eth1`, `+ devices/interface[ua-lan]/source@mode=vepa`}},
	{"interfaces.net0", windows, table.Model{"network": "lan", "mac": "52:54:00:6f:12:03", "model": "e1000e"}, []string{`- devices/interface[52:54:00:6f:12:03]@type=direct`, `- devices/interface[52:54:00:6f:12:03]/source@dev=eth0`, `- devices/interface[52:54:00:6f:12:03]/source@mode=bridge`, `+ devices/interface[52:54:00:6f:12:03]@type=network`, `+ devices/interface[52:54:00:6f:12:03]/source@network=lan`}},
	{"interfaces.net0.direct", windows, table.Model{"dev": "eth1", "mode": "vepa"}, []string{`- devices/interface[52:54:00:6f:12:03]/source@dev=eth0`, `- devices/interface[52:54:00:6f:12:03]/source@mode=bridge`, `+ devices/interface[52:54:00:6f:12:03]/source@dev=eth1`, `+ devices/interface[52:54:00:6f:12:03]/source@mode=vepa`}},
	{"interfaces.net0.direct.dev", windows, "eth1", []string{`- devices/interface[52:54:00:6f:12:03]/source@dev=eth0`, `+ devices/interface[52:54:00:6f:12:03]/source@dev=eth1`}},
	{"interfaces.net0.direct.mode", windows, "private", []string{`- devices/interface[52:54:00:6f:12:03]/source@mode=bridge`, `+ devices/interface[52:54:00:6f:12:03]/source@mode=private`}},
	{"interfaces.net0.mtu", server, int64(9000), []string{`+ devices/interface[52:54:00:6f:12:01]/mtu`, `+ devices/interface[52:54:00:6f:12:01]/mtu@size=9000`}},
	{"interfaces.net0.queues", server, int64(4), []string{`+ devices/interface[52:54:00:6f:12:01]/driver`, `+ devices/interface[52:54:00:6f:12:01]/driver@queues=4`}},
	{"interfaces.net0.isolated", server, true, []string{`+ devices/interface[52:54:00:6f:12:01]/port`, `+ devices/interface[52:54:00:6f:12:01]/port@isolated=yes`}},
	{"interfaces.net0.vlan", server, table.Model{"tags": table.ListOf("5", "6")}, []string{`+ devices/interface[52:54:00:6f:12:01]/vlan`, `+ devices/interface[52:54:00:6f:12:01]/vlan@trunk=yes`, `+ devices/interface[52:54:00:6f:12:01]/vlan/tag`, `+ devices/interface[52:54:00:6f:12:01]/vlan/tag@id=5`, `+ devices/interface[52:54:00:6f:12:01]/vlan/tag`, `+ devices/interface[52:54:00:6f:12:01]/vlan/tag@id=6`}},
	{"interfaces.net0.vlan.tags", server, table.ListOf("5"), []string{`+ devices/interface[52:54:00:6f:12:01]/vlan`, `+ devices/interface[52:54:00:6f:12:01]/vlan/tag`, `+ devices/interface[52:54:00:6f:12:01]/vlan/tag@id=5`}},
	{"interfaces.net0.vlan", server, table.Model{"tags": table.ListOf("5"), "trunk": true}, []string{`+ devices/interface[52:54:00:6f:12:01]/vlan`, `+ devices/interface[52:54:00:6f:12:01]/vlan@trunk=yes`, `+ devices/interface[52:54:00:6f:12:01]/vlan/tag`, `+ devices/interface[52:54:00:6f:12:01]/vlan/tag@id=5`}},
	{"interfaces.net0.vlan.trunk", server, true, []string{`+ devices/interface[52:54:00:6f:12:01]/vlan`, `+ devices/interface[52:54:00:6f:12:01]/vlan@trunk=yes`}},
	{"interfaces.lan.filter_parameters", throttled, nil, []string{`- devices/interface[ua-lan]/filterref/parameter`}},
	{"interfaces.lan.filter_parameters", throttled, table.Model{"IP": table.Model{"values": table.ListOf("10.0.0.2", "10.0.0.3")}}, []string{`- devices/interface[ua-lan]/filterref/parameter@value=10.0.0.1`, `+ devices/interface[ua-lan]/filterref/parameter@value=10.0.0.2`, `+ devices/interface[ua-lan]/filterref/parameter@value=10.0.0.3`}},
	{"interfaces.lan.filter_parameters.DHCPSERVER", throttled, table.Model{"values": table.ListOf("10.0.0.9")}, []string{`+ devices/interface[ua-lan]/filterref/parameter@name=DHCPSERVER`, `+ devices/interface[ua-lan]/filterref/parameter@value=10.0.0.9`}},
	{"interfaces.lan.filter_parameters.IP.values", throttled, table.ListOf("10.0.0.1", "10.0.0.4"), []string{`+ devices/interface[ua-lan]/filterref/parameter@value=10.0.0.4`}},
}
