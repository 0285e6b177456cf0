package forecast

import (
	"github.com/digitalocean/go-libvirt"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/observe"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/snapshot"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// checkDiskImages returns a step that refuses changes which would part a disk from what was written to it. If the guest moves, the preview of
// the migration checks its disks.
func checkDiskImages(host *conn.Host) engine.HostStep {
	return func(c *engine.HostCheck, l *libvirt.Libvirt) error {
		if c.Prior == nil || c.Prior["host"] != c.Plan["host"] {
			return nil
		}
		prior, plan := c.Prior.Group("disks"), c.Plan.Group("disks")
		if !changesImages(prior, plan) {
			return nil
		}
		d, err := observe.Find(l, c.Prior)
		if err != nil {
			return err
		}
		refusals, err := snapshot.RefuseDiskChanges(host, l, d, prior, plan, schema.SameImage)
		for _, r := range refusals {
			at := tftypes.NewAttributePath().WithAttributeName("disks")
			if plan[r.Target] != nil {
				at = at.WithElementKeyString(r.Target)
			}
			c.AddAt(at, "disk %q cannot change: %s. %s", r.Target, r.Why, r.Remedy)
		}
		if err != nil || len(refusals) > 0 {
			return err
		}
		refuseReturns(c)
		return nil
	}
}

// refuseReturns refuses to point a disk back at the image that the configuration names, if another tool has switched it to another one: what was
// written since is only there.
func refuseReturns(c *engine.HostCheck) {
	before := c.StateBefore(schema.Table.Name, c.Prior.Str("name")).Group("disks")
	for _, target := range table.Keys(before) {
		was, now, is := before.Group(target), c.Prior.Group("disks").Group(target), c.Plan.Group("disks").Group(target)
		if now == nil || is == nil || schema.IsCDROM(now) || schema.SameImage(now, was) || !schema.SameImage(was, is) {
			continue
		}
		c.AddAt(tftypes.NewAttributePath().WithAttributeName("disks").WithElementKeyString(target), "disk %q was switched outside Terraform from "+
			"%s, which the configuration names, to %s, and what was written since is only there. Set 'file' and 'format' to what the disk uses "+
			"now; or bring it back first, while the guest runs: virsh blockcopy %s %s %s --reuse-external --wait "+
			"--pivot", target, schema.ImageText(is), schema.ImageText(now),
			c.Prior.Str("name"), target, schema.ImageText(is))
	}
}

func changesImages(prior, plan table.Model) bool {
	for _, target := range table.Keys(prior) {
		if is := plan.Group(target); is == nil || !schema.SameImage(prior.Group(target), is) {
			return true
		}
	}
	return false
}
