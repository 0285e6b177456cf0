package observe

import (
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// addDrift copies into seen, which was read from the definition, the values that the running guest has instead, if m sets them or promises
// that they are unset, and they can be corrected while the guest runs. libvirt (9.0) cannot express that a limit was removed from the running
// guest only: the limit then has libvirt's default.
func (c comparison) addDrift(m, seen table.Model) {
	for _, change := range c.changes {
		steps := change.Path.Steps()
		if change.Cost != table.Live || !drifts(change) || !isManaged(m, change) {
			continue
		}
		table.CopyValue(seen, c.now, steps)
		markObserved(seen, steps)
	}
}

// markObserved sets what is missing on a path to nil, which records that the attribute was looked at: an attribute that was not observed
// would stay in the state.
func markObserved(seen table.Model, path []tftypes.AttributePathStep) {
	for _, step := range path {
		name := table.StepName(step)
		if _, attribute := step.(tftypes.AttributeName); attribute && seen[name] == nil {
			seen[name] = nil
		}
		if seen = seen.Group(name); seen == nil {
			return
		}
	}
}

// isManaged reports whether a difference concerns an attribute that m sets, or one that is managed while it is unset.
func isManaged(m table.Model, change table.Change) bool {
	steps := change.Path.Steps()
	return table.ValueAt(m, steps) != nil || change.Attr.ReadUnset && len(steps) > 1 && table.ValueAt(m, steps[:len(steps)-1]) != nil
}

func drifts(change table.Change) bool {
	return change.Within(func(a *table.Attr) bool { return a.Running.Drifts != nil && a.Running.Drifts(change.Value) })
}
