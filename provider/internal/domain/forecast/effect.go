package forecast

import (
	"slices"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// planEffect sets effect in the plan of a new or changed domain: what the apply means for the guest. The summary must be that of the prior state and
// the plan alone.
func (o ChangeSummary) planEffect() {
	if o.dependsOnMore() {
		o.plan[table.Effect] = table.Unknown
		return
	}
	action, causes := o.action()
	if action == "" {
		return
	}
	causes = slices.Compact(slices.Sorted(slices.Values(causes)))
	o.plan[table.Effect] = table.Model{"action": action, "causes": table.ListOf(causes...)}
}

// dependsOnMore reports whether the effect depends on more than the prior state and the plan: on a value that only the apply knows, or on what the
// guest runs with.
func (o ChangeSummary) dependsOnMore() bool {
	if o.plan["state"] == table.Unknown {
		return true
	}
	if o.GuestContinues() && len(o.defined) > 0 && (len(o.waiting) > 0 || o.renumbers()) {
		return true
	}
	return len(o.prior) > 0 && slices.ContainsFunc(o.Changes, func(c table.Change) bool {
		return c.Cost != table.NoCost && table.ValueAt(o.plan, c.Path.Steps()) == table.Unknown
	})
}

// action returns what happens to the guest, and the attributes that cause it; "" if another plan says it.
func (o ChangeSummary) action() (action string, causes []string) {
	isNew := len(o.prior) == 0
	switch {
	case isNew && o.ComesUp():
		return schema.PowerOn, nil
	case isNew:
		return schema.NoEffect, nil
	case len(o.replacing) > 0:
		return "", nil // Terraform plans the new domain once more
	case o.Restarts():
		return schema.Restarts, slices.Concat(o.waiting, o.nextBoot)
	case o.guestIsAlive() && !schema.GuestIsUp(o.PlannedState()) && o.PriorState() != o.PlannedState():
		return schema.PowerOff, []string{"state"}
	case o.ComesUp(), o.PriorState() == schema.Saved && schema.GuestIsUp(o.PlannedState()):
		return schema.PowerOn, []string{"state"}
	case o.leavesHost() && o.PriorState() == schema.Running:
		return schema.MigrateLive, []string{"host"}
	case o.leavesHost():
		return schema.MigrateOffline, []string{"host"}
	case o.GuestContinues() && len(o.nextBoot) > 0:
		return schema.NextStart, o.nextBoot
	case o.GuestContinues() && (o.IsLive() || o.PriorState() != o.PlannedState()):
		return schema.Live, o.paths(func(c table.Change) bool { return c.Cost == table.Live || table.PathString(c.Path) == "state" })
	default:
		return schema.NoEffect, o.paths(func(c table.Change) bool { return c.Attr.Mode != table.Computed })
	}
}

// paths lists the changes for which a condition is true.
func (o ChangeSummary) paths(is func(table.Change) bool) (paths []string) {
	for _, c := range o.Changes {
		if is(c) {
			paths = append(paths, table.PathString(c.Path))
		}
	}
	return paths
}
