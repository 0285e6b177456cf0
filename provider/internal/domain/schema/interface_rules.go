package schema

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/portprofile"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// interfaceRules checks each interface.
func interfaceRules(p table.Problems, config table.Model) {
	for _, key := range table.Keys(config.Group("interfaces")) {
		nic, p := config.Group("interfaces").Group(key), p.Entry("interfaces", key)
		if nic == nil {
			continue
		}
		var to []string
		for _, kind := range []string{"network", "bridge", "direct"} {
			if nic[kind] != nil {
				to = append(to, kind)
			}
		}
		is := func(name string) bool { return nic[name] != nil }
		switch {
		case len(to) == 0:
			p.Add("network", "one of 'network', 'bridge' and 'direct' is required; set what the interface is connected to")
		case len(to) > 1:
			p.Conflicts(to[1], to[0], "an interface has one connection")
		case is("portgroup") && !is("network"):
			p.Requires("portgroup", "network")
		case is("virtualport") && !is("bridge"):
			p.Add("virtualport", "'virtualport' requires 'bridge', since a network has its own; remove 'virtualport'")
		}
		for _, name := range []string{"isolated", "filter"} {
			if is(name) && is("direct") {
				p.Add(name, "'%s' requires a bridge, and this interface is connected to a device; remove '%[1]s'", name)
			}
		}
		if is("filter_parameters") && !is("filter") {
			p.Requires("filter_parameters", "filter")
		}
		if model := nic["model"]; is("queues") && model != nil && model != table.Unknown && model != "virtio" {
			p.RequiresValue("queues", "model", model, "virtio")
		}
		portprofile.Rules(p, nic)
	}
	positionRules(p, config.Group("interfaces"))
}
