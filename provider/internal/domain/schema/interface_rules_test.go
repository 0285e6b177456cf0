package schema

import (
	"fmt"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

func TestInterfaceRules(t *testing.T) {
	device := m{"dev": "eth0"}
	for want, nic := range map[string]m{
		".network: one of 'network', 'bridge' and 'direct' is required; set what the interface is connected to":    {},
		".bridge: 'bridge' cannot be combined with 'network': an interface has one connection; remove one of them": {"network": "lan", "bridge": "br0"},
		".portgroup: 'portgroup' requires 'network'; set it, or remove 'portgroup'":                                {"bridge": "br0", "portgroup": "eng"},
		".virtualport: 'virtualport' requires 'bridge', since a network has its own; remove 'virtualport'":         {"network": "lan", "virtualport": "openvswitch"},
		".isolated: 'isolated' requires a bridge, and this interface is connected to a device; remove 'isolated'":  {"direct": device, "isolated": true},
		".filter: 'filter' requires a bridge, and this interface is connected to a device; remove 'filter'":        {"direct": device, "filter": "clean-traffic"},
		".filter_parameters: 'filter_parameters' requires 'filter'; set it, or remove 'filter_parameters'":         {"network": "lan", "filter_parameters": m{"IP": m{"values": table.ListOf("10.0.0.1")}}},
		".queues: 'queues' requires 'model' to be \"virtio\", got \"e1000e\"; change that, or remove 'queues'":     {"network": "lan", "queues": int64(2), "model": "e1000e"},
		".bandwidth: 'bandwidth' must not be empty; set one of its attributes, or remove it":                       {"network": "lan", "bandwidth": m{}},
	} {
		var got []string
		for _, p := range problemsOf(interfaceRules, m{"interfaces": m{"lan": nic}}) {
			got = append(got, table.PathString(p.Path)+": "+p.Text)
		}
		if !slices.Equal(got, []string{`interfaces["lan"]` + want}) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	for what, nic := range map[string]any{"not known": table.Unknown, "a network not known": m{"network": table.Unknown}, "Open vSwitch": m{"bridge": "ovs0", "virtualport": "openvswitch", "vlan": m{"tags": table.ListOf("5")}}} {
		if found := problemsOf(interfaceRules, m{"interfaces": m{"lan": nic}}); len(found) > 0 {
			t.Errorf("%s: %v", what, found)
		}
	}
	for want, nic := range map[string]m{
		"'values' must be letters, digits, '_', '.', ':', '/' and '-', got \"a b\"": {"network": "lan", "filter": "f", "filter_parameters": m{"IP": m{"values": table.ListOf("a b")}}},
		"a key of 'filter_parameters' must be letters, digits and '_', got \"a-b\"": {"network": "lan", "filter": "f", "filter_parameters": m{"a-b": m{"values": table.ListOf("a")}}},
		"'queues' must be from 2 to 256, got 0":                                     {"network": "lan", "queues": int64(0)},
	} {
		if found := table.Validate(Table.Attrs, m{"interfaces": m{"lan": nic}}, tftypes.NewAttributePath()); len(found) != 1 || found[0].Text != want {
			t.Errorf("got %v, want %q", found, want)
		}
	}
}

func TestWhatAnotherConnectionCosts(t *testing.T) {
	on := func(nic m) m { return m{"interfaces": m{"lan": nic}} }
	device := m{"dev": "eth0", "mode": "bridge"}
	for name, c := range map[string]struct {
		from, to m
		want     []string
	}{
		"a bridge for a network": {m{"network": "lan"}, m{"bridge": "br0"}, []string{"live network", "live bridge"}},
		"another group":          {m{"network": "lan"}, m{"network": "lan", "portgroup": "eng"}, []string{"next boot portgroup"}},
		"a device for a network": {m{"network": "lan", "portgroup": "eng"}, m{"direct": device}, []string{"next boot network", "next boot portgroup", "next boot direct.dev", "next boot direct.mode"}},
		"a bridge for a device":  {m{"direct": device}, m{"bridge": "br0"}, []string{"next boot bridge", "next boot direct.dev", "next boot direct.mode"}},
		"an MTU, and queues":     {m{"bridge": "br0"}, m{"bridge": "br0", "mtu": int64(9000), "queues": int64(4)}, []string{"next boot mtu", "next boot queues"}},
		"isolation, and VLANs":   {m{"bridge": "br0"}, m{"bridge": "br0", "isolated": true, "vlan": m{"tags": table.ListOf("5")}}, []string{"live isolated", "next boot vlan.tags"}},
		"other VLANs":            {m{"bridge": "br0", "vlan": m{"tags": table.ListOf("5")}}, m{"bridge": "br0", "vlan": m{"tags": table.ListOf("6")}}, []string{"live vlan.tags"}},
		"a group of another":     {m{"network": "lan", "portgroup": "eng"}, m{"network": "wan", "portgroup": "ops"}, []string{"live network", "live portgroup"}},
		"an Open vSwitch":        {m{"bridge": "br0"}, m{"bridge": "ovs0", "virtualport": "openvswitch"}, []string{"next boot bridge", "next boot virtualport"}},
	} {
		var got []string
		for _, change := range table.Changes(Table.Attrs, on(c.from), on(c.to)) {
			got = append(got, fmt.Sprintf("%s %s", change.Cost, table.PathString(change.Path)[len(`interfaces["lan"].`):]))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// libvirt shows what runs in a network as what the network put it on.
func TestARunningInterfaceIsReadAsItIsDefined(t *testing.T) {
	for running, want := range map[string]m{
		`<interface type="bridge"><source network="lan" portgroup="eng" portid="1" bridge="br0"/></interface>`: {"network": "lan", "portgroup": "eng"},
		`<interface type="direct"><source network="lan" portid="1" dev="eth0" mode="bridge"/></interface>`:     {"network": "lan"},
		`<interface type="bridge"><source bridge="br0"/></interface>`:                                          {"bridge": "br0"},
		`<interface type="direct"><source dev="eth0" mode="vepa"/></interface>`:                                {"direct": m{"dev": "eth0", "mode": "vepa"}},
	} {
		nic, err := xmlmodel.Parse(running)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // as it is, and given back
			if got := xmlmodel.Read(connectionRows, nic); !table.Equal(got, want) {
				t.Errorf("%s: got %v, want %v", running, got, want)
			}
			undoConnectionChoice(nic)
		}
		if kind := nic.SelectAttrValue("type", ""); kind != connectionKind(nic) {
			t.Errorf("%s: given back as a %s", running, kind)
		}
	}
}

func TestAMoveTakesInterfacesToWhatTheyAreToBeConnectedTo(t *testing.T) {
	domain, err := xmlmodel.Parse(`<domain><devices><interface type="network"><source network="lan"/><alias name="ua-lan"/></interface>` +
		`<interface type="bridge"><source bridge="br0"/><alias name="ua-wan"/></interface><interface type="network"><source network="other"/><alias name="ua-else"/></interface></devices></domain>`)
	if err != nil {
		t.Fatal(err)
	}
	was := m{"interfaces": m{"lan": m{"network": "lan"}, "wan": m{"bridge": "br0"}, "else": m{"network": "lan"}}}
	Reconnect(domain, was, m{"interfaces": m{"lan": m{"bridge": "br7"}, "wan": m{"bridge": "br8"}, "else": m{"network": "new"}}})
	const want = `<domain><devices><interface type="bridge"><alias name="ua-lan"/><source bridge="br7"/></interface>` +
		`<interface type="bridge"><source bridge="br8"/><alias name="ua-wan"/></interface><interface type="network"><source network="other"/><alias name="ua-else"/></interface></devices></domain>`
	if got, _ := xmlmodel.Text(domain); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
