package schema

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/portprofile"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// interfaceRules are what the attributes of one interface demand of each other.
func interfaceRules(config table.Model) []table.Problem {
	var out []table.Problem
	for _, key := range table.Keys(config.Group("interfaces")) {
		nic := config.Group("interfaces").Group(key)
		if nic == nil {
			continue
		}
		at := tftypes.NewAttributePath().WithAttributeName("interfaces").WithElementKeyString(key)
		problem := func(name, format string, args ...any) {
			out = append(out, table.Problem{Path: at.WithAttributeName(name), Text: fmt.Sprintf(format, args...)})
		}
		var to []string
		for _, kind := range []string{"network", "bridge", "direct"} {
			if nic[kind] != nil {
				to = append(to, "'"+kind+"'")
			}
		}
		is := func(name string) bool { return nic[name] != nil }
		switch {
		case len(to) == 0:
			problem("network", "'network', 'bridge' or 'direct' must be set; say what it is connected to")
		case len(to) > 1:
			problem("network", "%s and %s must not stand beside each other; leave one out", to[0], to[1])
		case is("portgroup") && !is("network"):
			problem("portgroup", "'portgroup' is of a network, and this is on none; take it out")
		case is("virtualport") && !is("bridge"):
			problem("virtualport", "'virtualport' goes with 'bridge', of a network it is the network's own; take it out")
		case is("vlan") && is("bridge") && !is("virtualport"):
			problem("vlan", "'vlan' needs a bridge of Open vSwitch; set 'virtualport' to \"openvswitch\", or take this out")
		}
		for _, name := range []string{"isolated", "filter"} {
			if is(name) && is("direct") {
				problem(name, "'%s' needs a bridge, and this is on a device; take it out", name)
			}
		}
		if is("filter_parameters") && !is("filter") {
			problem("filter_parameters", "'filter_parameters' are a filter's; set 'filter', or take this out")
		}
		if is("queues") && nic["model"] != nil && nic["model"] != table.Unknown && nic["model"] != "virtio" {
			problem("queues", "'queues' are for model \"virtio\", and this is %q; take it out", nic.Str("model"))
		}
		out = slices.Concat(out, portprofile.Rules(nic, at))
	}
	return out
}
