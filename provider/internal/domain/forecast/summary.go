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
	running     table.Model // what the guest runs with; nil if it has what the prior state says
	waiting     []string    // what waited for the guest's next start before the apply, and still does after it
	nextBoot    []string    // changes that the guest can't take over while it runs
	unknown     []string    // those of nextBoot whose value only the apply will know: it may not change at all
	defined     []string    // all changes of the definition
	replacing   []string
	uncertain   bool // for some change, no plan can tell whether it waits for the next start
	moves       bool
	route       notice // how the guest moves
}

// Summarize compares the prior state with the plan. If the plan is corrected later, it needs a new summary.
func Summarize(prior, plan table.Model) ChangeSummary {
	return summarize(prior, plan, table.Changes(schema.Table.Attrs, prior, plan), schema.SplitPaths(prior["pending_restart"]))
}

func summarize(prior, plan table.Model, changes []table.Change, waiting []string) ChangeSummary {
	o := ChangeSummary{prior: prior, plan: plan, Changes: changes, waiting: waiting}
	for _, c := range o.Changes {
		name := table.PathString(c.Path)
		if c.Attr.InDefinition() {
			o.defined = append(o.defined, name)
		}
		if entry, _ := c.Value.Is.(table.Model); c.Attr.Type == table.Map && c.Cost == table.Live && entry["position"] != nil {
			o.uncertain = true // the running guest may have no free place for it
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
	return o.GuestContinues() && o.plan.Str("on_change") == schema.Restart && (len(o.nextBoot) > 0 || len(o.waiting) > 0)
}

// ComesUp reports whether the apply starts the guest from its definition.
func (o ChangeSummary) ComesUp() bool {
	return schema.GuestIsUp(o.PlannedState()) && (!o.guestIsAlive() || o.Restarts())
}

// IsLive reports whether the apply changes the running guest.
func (o ChangeSummary) IsLive() bool {
	return slices.ContainsFunc(o.Changes, func(c table.Change) bool {
		return c.Cost == table.Live && c.Within(func(a *table.Attr) bool { return a.Running.Operation != 0 })
	})
}

// Renames reports whether the apply renames the domain.
func (o ChangeSummary) Renames() bool {
	return o.prior["name"] != nil && o.prior["name"] != o.plan["name"] && len(o.replacing) == 0
}

// leavesHost reports whether an existing domain moves to another host.
func (o ChangeSummary) leavesHost() bool { return o.moves && len(o.prior) > 0 }

// takesEffect reports whether the guest needs what the attribute at a path names already in this apply.
func (o ChangeSummary) takesEffect(path string) bool {
	return o.ComesUp() || o.leavesHost() || o.GuestContinues() && slices.ContainsFunc(o.Changes, func(c table.Change) bool {
		changed := table.PathString(c.Path)
		return c.Cost == table.Live && (strings.HasPrefix(path, changed) || strings.HasPrefix(changed, path))
	})
}

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
		return schema.JoinPaths(slices.Concat(o.waiting, o.nextBoot))
	}
}

// isPending reports whether a path, a part of it, or what it is part of waits for a restart already.
func (o ChangeSummary) isPending(path string) bool {
	return touches(o.waiting, path)
}

// predictUndeclared returns the list of undeclared devices after the apply. It is Unknown if anything changes: a device that is now
// declared leaves the list, and a device that only the running guest has disappears when the guest stops.
func (o ChangeSummary) predictUndeclared() any {
	if was := o.prior["undeclared"]; was == nil || table.Equal(o.prior, o.plan) {
		return was
	}
	return table.Unknown
}

// touches reports whether one of the paths is this path, a part of it, or what it is part of.
func touches(paths []string, path string) bool {
	return slices.ContainsFunc(paths, func(p string) bool { return within(p, path) || within(path, p) })
}

// within reports whether a path is another one or a part of it.
func within(path, of string) bool {
	rest, inside := strings.CutPrefix(path, of)
	return inside && (rest == "" || rest[0] == '.' || rest[0] == '[')
}
