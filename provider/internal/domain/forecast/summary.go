package forecast

import (
	"slices"
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// ChangeSummary is what an apply means for a guest that has something in its memory.
type ChangeSummary struct {
	// Changes are all of them, with their costs.
	Changes []table.Change

	prior, plan table.Model
	nextBoot    []string // what the guest can't take over while it runs
	unknown     []string // the part of it whose value only the apply will know: it may not change at all
	defined     []string // all that changes in its definition
	replacing   []string
	uncertain   bool // something changes of which no plan can tell whether it waits
	moves       bool
	route       notice // how it moves
}

// Summarize compares the prior state with the plan. A plan that is corrected later needs a summary of its own.
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

// guestIsAlive says whether the guest has something in its memory now.
func (o ChangeSummary) guestIsAlive() bool {
	return schema.GuestIsUp(o.PriorState()) || o.PriorState() == schema.Saved
}

// GuestContinues says whether the guest is to go on with what it has in its memory.
func (o ChangeSummary) GuestContinues() bool {
	return o.guestIsAlive() && schema.GuestIsUp(o.PlannedState())
}

// PriorState is the run state before the apply.
func (o ChangeSummary) PriorState() string { return o.prior.Str("state") }

// PlannedState is the run state that the plan asks for, "" where it is unknown.
func (o ChangeSummary) PlannedState() string { return o.plan.Str("state") }

// Restarts says whether the apply restarts the guest.
func (o ChangeSummary) Restarts() bool {
	return o.GuestContinues() && o.plan.Str("on_change") == schema.Restart && (len(o.nextBoot) > 0 || len(o.pendingBefore()) > 0)
}

// pendingBefore is what waits already.
func (o ChangeSummary) pendingBefore() []string { return schema.SplitPaths(o.prior["pending_restart"]) }

// predictPending is what will wait after the apply.
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

// isPending says whether a path, or what it is part of, or a part of it, waits already.
func (o ChangeSummary) isPending(path string) bool {
	return slices.ContainsFunc(o.pendingBefore(), func(old string) bool { return strings.HasPrefix(old, path) || strings.HasPrefix(path, old) })
}

// predictUndeclared is the list after the apply: what is declared now is on it no more, and what only the running guest has goes when that stops.
func (o ChangeSummary) predictUndeclared() any {
	if was := o.prior["undeclared"]; was == nil || table.Equal(o.prior, o.plan) {
		return was
	}
	return table.Unknown
}
