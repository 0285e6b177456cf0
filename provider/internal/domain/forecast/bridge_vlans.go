package forecast

import (
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// checkBridgeVLANs refuses VLANs of an interface on a Linux bridge if the host's libvirt is too old for them: the guest would not start. What a
// network supports is checked with the network.
func checkBridgeVLANs(c *engine.HostCheck, l *libvirt.Libvirt) error {
	interfaces := c.Plan.Group("interfaces")
	for _, key := range table.Keys(interfaces) {
		nic := interfaces.Group(key)
		if nic["vlan"] == nil || nic["bridge"] == nil || nic["virtualport"] != nil {
			continue
		}
		version, err := hostinfo.LacksBridgeVLANs(l)
		if version == "" {
			return err
		}
		c.Entry("interfaces", key).Add("vlan", "'vlan' on a Linux bridge requires libvirt 11.0.0 on host %q, got %s; set 'virtualport' to "+
			"\"openvswitch\" for a bridge of Open vSwitch, or name a bridge on the device of the VLAN", c.Host, version)
	}
	return nil
}
