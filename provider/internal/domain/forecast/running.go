package forecast

import (
	"context"
	"slices"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/hotplug"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/observe"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// summarizeOnHost is Summarize, with the costs counted from what the guest runs with. It asks the host only if something waits for the guest's next
// start and the definition changes, or if interfaces get other positions: otherwise the guest has what the state says. A host that cannot be asked
// changes no cost.
func summarizeOnHost(ctx context.Context, fleet *conn.Fleet, prior, plan table.Model) ChangeSummary {
	o := Summarize(prior, plan)
	differs := len(o.waiting) > 0 || o.renumbers()
	if !differs || len(o.defined) == 0 || !schema.GuestIsUp(o.PriorState()) || len(o.replacing) > 0 || fleet.Pending(prior.Str("host")) {
		return o
	}
	host, err := fleet.Host(prior.Str("host"))
	if err != nil {
		return o
	}
	counted := o
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		d, err := observe.Find(l, prior)
		if err != nil {
			return err
		}
		former, err := observe.ReadFormer(l, d)
		if err == nil {
			counted, err = SummarizeRunning(l, former, prior, plan)
		}
		return err
	})
	if err != nil {
		return o
	}
	return counted
}

// SummarizeRunning is Summarize, with the costs counted from what the guest runs with. A change to what it runs with costs nothing, and a change
// that it could take over if it had been started with its definition waits.
func SummarizeRunning(l *libvirt.Libvirt, former observe.Former, prior, plan table.Model) (ChangeSummary, error) {
	o := Summarize(prior, plan)
	if former.Live == "" {
		return o, nil
	}
	before, err := observe.CompareRunning(former.Live, former.Inactive)
	if err != nil || len(before.Pending) == 0 && !o.renumbers() {
		return o, err
	}
	_, changed, err := hotplug.Patched(l, former.Domain, prior, plan, nil)
	if err != nil {
		return o, err
	}
	after, err := observe.CompareRunning(former.Live, changed)
	if err != nil {
		return o, err
	}
	return o.countedFrom(before, after), nil
}

// countedFrom counts the costs from what the guest runs with. before and after compare the guest with its definition before and after the apply.
func (o ChangeSummary) countedFrom(before, after observe.Running) ChangeSummary {
	var runs []string // the paths of the changes to what the guest runs with
	guessed := false
	for i, c := range o.Changes {
		path := table.PathString(c.Path)
		waited := touches(before.Pending, path)
		switch {
		case c.Cost > table.NextBoot:
		case isPosition(c) && c.Cost == table.NextBoot && !touches(after.Pending, path):
			o.Changes[i].Cost = table.NoCost // the interfaces keep their order
		case waited && o.runsAlready(c, before, after), c.Cost == table.NextBoot && o.isImplied(c, before.Now):
			o.Changes[i].Cost = table.NoCost
			runs = append(runs, path)
			guessed = guessed || o.isUnknown(c)
		case waited && (c.Attr.CostOf == nil || isInMap(c)):
			// If the state has what the guest runs with, the guest was changed without Terraform: then the change has the cost of its row.
			if !table.Equal(c.Value.Was, table.ValueAt(before.Now, c.Path.Steps())) {
				o.Changes[i].Cost = table.NextBoot
			}
		case c.Attr.CostOf == nil || isInMap(c) && c.Attr.Type != table.Map:
		default:
			change := c.Value.AmongRunning(before.Now, c.Path)
			if waited {
				change.Was = table.ValueAt(before.Now, c.Path.Steps())
			}
			o.Changes[i].Cost = c.Attr.CostOf(change)
		}
	}
	var waiting []string
	for _, path := range schema.SplitPaths(o.prior["pending_restart"]) {
		if touches(after.Pending, path) && !touches(runs, path) {
			waiting = append(waiting, path)
		}
	}
	counted := summarize(o.prior, o.plan, o.Changes, waiting)
	counted.running, counted.uncertain = before.Now, counted.uncertain || guessed
	return counted
}

// isPosition reports whether a change is of the place of an interface among the others.
func isPosition(c table.Change) bool { return isInMap(c) && c.Attr.Name == "position" }

// renumbers reports whether interfaces that stay get other positions.
func (o ChangeSummary) renumbers() bool {
	return slices.ContainsFunc(o.Changes, func(c table.Change) bool { return isPosition(c) && c.Cost == table.NextBoot })
}

// runsAlready reports whether the guest runs with what a change that waited is changed to.
func (o ChangeSummary) runsAlready(c table.Change, before, after observe.Running) bool {
	if o.isUnknown(c) { // the host chooses this value as it did before if the guest has what is known of the group
		return len(c.Rows) > 1 && !slices.ContainsFunc(o.Changes, func(other table.Change) bool {
			return !o.isUnknown(other) && other.Path.WithoutLastStep().Equal(c.Path.WithoutLastStep()) &&
				touches(after.Pending, table.PathString(other.Path))
		})
	}
	return !touches(after.Pending, table.PathString(c.Path))
}

func (o ChangeSummary) isUnknown(c table.Change) bool {
	return table.ValueAt(o.plan, c.Path.Steps()) == table.Unknown
}

// isImplied reports whether a change removes a group in which the guest runs with what libvirt writes by itself: the new definition gets that, too.
func (o ChangeSummary) isImplied(c table.Change, running table.Model) bool {
	if isInMap(c) {
		return false
	}
	for i, row := range c.Rows {
		steps := c.Path.Steps()[:i+1]
		if runs := table.ValueAt(running, steps); row.Implied != nil && runs != nil && table.ValueAt(o.plan, steps) == nil && row.Implied(runs) {
			return true
		}
	}
	return false
}

func isInMap(c table.Change) bool {
	return c.Within(func(a *table.Attr) bool { return a.Type == table.Map })
}

// Running returns the prior state as the guest runs: where a change is live although a former one of the same attribute waits for the next
// start, the guest has another value than the state.
func (o ChangeSummary) Running() table.Model {
	if o.running == nil {
		return o.prior
	}
	as := o.prior.Clone()
	for _, c := range o.Changes {
		if c.Cost == table.Live && !isInMap(c) && touches(o.waiting, table.PathString(c.Path)) {
			table.CopyValue(as, o.running, c.Path.Steps())
		}
	}
	return as
}
