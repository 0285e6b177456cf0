package forecast

import (
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// checkResctrl refuses caches and bandwidths that the host cannot allocate, in a guest that is to run: libvirt does not start it.
func checkResctrl(c *engine.HostCheck, l *libvirt.Libvirt) error {
	tune := c.Plan.Group("cputune")
	caches, bandwidths := tune.Group("cachetune"), tune.Group("memorytune")
	if len(caches)+len(bandwidths) == 0 || c.Plan.Str("state") == schema.Stopped {
		return nil
	}
	have, err := hostinfo.ReadResctrl(l)
	if err != nil {
		return err
	}
	p := c.In("cputune")
	for _, vcpus := range table.Keys(caches) {
		list := caches.Group(vcpus).Group("caches")
		for _, key := range table.Keys(list) {
			if lacking := have.LacksCache(key, list.Group(key).Int("level"), list.Group(key).Int("size")); lacking != "" {
				p.Entry("cachetune", vcpus).Entry("caches", key).Add("", "%s %s", c.Host, lacking)
			}
		}
	}
	for _, vcpus := range table.Keys(bandwidths) {
		list := bandwidths.Group(vcpus).Group("nodes")
		for _, key := range table.Keys(list) {
			if lacking := have.LacksBandwidth(key, list.Group(key).Int("bandwidth")); lacking != "" {
				p.Entry("memorytune", vcpus).Entry("nodes", key).Add("", "%s %s", c.Host, lacking)
			}
		}
	}
	return nil
}
