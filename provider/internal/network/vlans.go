package network

import (
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// ownBridgeVLANs refuses VLANs of a network with its own bridge, as libvirt (9.0, 11.3) does.
func ownBridgeVLANs(p table.Problems, config table.Model) {
	forward := config.Group("forward")
	if config["forward"] == table.Unknown || forward["mode"] == table.Unknown || linkTypeIn(config) != ownBridge {
		return
	}
	eachVLAN(p, config, func(p table.Problems, _ table.Model) {
		p.Add("vlan", "'vlan' requires mode \"bridge\", \"passthrough\" or \"hostdev\": a network with its own bridge has no VLANs; remove "+
			"'vlan', or create a network for each VLAN")
	})
}

// eachVLAN calls do with each group that sets VLANs: the network, and its port groups.
func eachVLAN(p table.Problems, m table.Model, do func(p table.Problems, group table.Model)) {
	if m["vlan"] != nil {
		do(p, m)
	}
	groups := m.Group("portgroups")
	for _, name := range table.Keys(groups) {
		if group := groups.Group(name); group["vlan"] != nil {
			do(p.Entry("portgroups", name), group)
		}
	}
}

// bridgeVLANs returns a problem for VLANs on a Linux bridge if the host's libvirt is too old for them.
func bridgeVLANs(c *engine.HostCheck, l *libvirt.Libvirt) error {
	if linkTypeIn(c.Plan) != hostBridge || c.Plan["virtualport"] != nil {
		return nil
	}
	var onBridge []table.Problems
	eachVLAN(c.Problems, c.Plan, func(p table.Problems, group table.Model) {
		if group["virtualport"] == nil {
			onBridge = append(onBridge, p)
		}
	})
	if len(onBridge) == 0 {
		return nil
	}
	version, err := hostinfo.LacksBridgeVLANs(l)
	if version == "" {
		return err
	}
	for _, p := range onBridge {
		p.Add("vlan", "'vlan' on a Linux bridge requires libvirt 11.0.0 on host %q, got %s; set 'virtualport' for a bridge of Open vSwitch, "+
			"or name a bridge on the device of the VLAN", c.Host, version)
	}
	return nil
}
