package hotplug

import (
	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// keepLaterImages returns the plan with the images that disks got after it was made, for example from a backup tool that created an overlay.
// Such an image holds what the guest has written since: the next plan shows it.
func keepLaterImages(definition *etree.Element, prior, plan table.Model) (table.Model, error) {
	seen := xmlmodel.Read([]table.Attr{*schema.Row("disks")}, definition).Group("disks")
	kept, copied := plan, false
	for _, target := range table.Keys(seen) {
		was, is, now := prior.Group("disks").Group(target), plan.Group("disks").Group(target), seen.Group(target)
		if was == nil || is == nil || schema.IsCDROM(now) || schema.SameImage(now, was) || schema.SameImage(now, is) {
			continue
		}
		if !schema.SameImage(was, is) {
			return nil, diag.New("change the disks of", "Run the command again: the new plan says what the change would mean.",
				"disk %q has another image than it had when the plan was made", target)
		}
		if !copied {
			kept, copied = plan.Clone(), true
		}
		schema.CopyImage(kept.Group("disks").Group(target), now)
	}
	return kept, nil
}
