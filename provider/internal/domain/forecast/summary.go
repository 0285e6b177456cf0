package forecast

import (
	"slices"
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// ChangeSummary describes what an apply means for a guest that has something in its memory.
type ChangeSummary struct {
	// Changes lists all changes with their costs.
	Changes []table.Change

	prior, plan table.Model
	nextBoot    []string // changes that the guest can't take over while it runs
	unknown     []string // those of nextBoot whose value only the apply will know: it may not change at all
	defined     []string // all changes of the definition
	replacing   []string
	uncertain   bool // for some change, no plan can tell whether it waits for the next start
	moves       bool
	route       notice // how the guest moves
}

// Summarize compares the prior state with the plan. If the plan is corrected later, it needs a new summary.
func Summarize(prior, plan table.Model) ChangeSummary {
	o := ChangeSummary{prior: prior, plan: plan, Changes: table.Changes(schema.Table.Attrs, prior, plan)}
	for _, c := range o.Changes {
		name := table.PathString(c.Path)
		if c.Attr.XML != nil || c.Attr.Group != nil || c.Attr.Entries != nil {
			o.defined = append(o.defined, name)
		}
		switch c.Cost {
		case table.NextBoot:
			o.nextBoot = append(o.nextBoot, name)
			o.uncertain = o.uncertain || c.Attr.Running.Unpredictable
			if table.ValueAt(plan, c.Path.Steps()) == table.Unknown {
				o.unknown = append(o.unknown, name)
			}
		case table.Migrate:
			o.moves = true
		case table.Replace:
			o.replacing = append(o.replacing, name)
		}
	}
	return o
}

// guestIsAlive reports whether the guest has something in its memory now.
func (o ChangeSummary) guestIsAlive() bool {
	return schema.GuestIsUp(o.PriorState()) || o.PriorState() == schema.Saved
}

// GuestContinues reports whether the guest is expected to continue with what it has in its memory.
func (o ChangeSummary) GuestContinues() bool {
	return o.guestIsAlive() && schema.GuestIsUp(o.PlannedState())
}

// PriorState returns the run state before the apply.
func (o ChangeSummary) PriorState() string { return o.prior.Str("state") }

// PlannedState returns the run state that the plan asks for, "" if it is unknown.
func (o ChangeSummary) PlannedState() string { return o.plan.Str("state") }

// Restarts reports whether the apply restarts the guest.
func (o ChangeSummary) Restarts() bool {
	return o.GuestContinues() && o.plan.Str("on_change") == schema.Restart && (len(o.nextBoot) > 0 || len(o.pendingBefore()) > 0)
}

// pendingBefore returns the paths that wait for a restart already before the apply.
func (o ChangeSummary) pendingBefore() []string { return schema.SplitPaths(o.prior["pending_restart"]) }

// predictPending returns the paths that will wait for a restart after the apply, Unknown if that cannot be predicted.
func (o ChangeSummary) predictPending() any {
	switch {
	case o.plan["state"] == table.Unknown:
		return table.Unknown
	case o.Restarts() || !o.GuestContinues():
		return nil
	case o.PriorState() == schema.Saved:
		return table.Unknown // the save image may be older than the definition
	case len(o.unknown) > 0 || o.uncertain || slices.ContainsFunc(o.nextBoot, o.isPending):
		return table.Unknown // the guest may have this value already
	default:
		return schema.JoinPaths(append(o.pendingBefore(), o.nextBoot...))
	}
}

// isPending reports whether a path, a part of it, or what it is part of waits for a restart already.
func (o ChangeSummary) isPending(path string) bool {
	return slices.ContainsFunc(o.pendingBefore(), func(old string) bool { return strings.HasPrefix(old, path) || strings.HasPrefix(path, old) })
}

// predictUndeclared returns the list of undeclared devices after the apply. It is Unknown if anything changes: a device that is now
// declared leaves the list, and a device that only the running guest has disappears when the guest stops.
func (o ChangeSummary) predictUndeclared() any {
	if was := o.prior["undeclared"]; was == nil || table.Equal(o.prior, o.plan) {
		return was
	}
	return table.Unknown
}
