package observe

import (
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// addDrift puts into what was seen of the definition what the running guest has instead, where m has set it and it can be put right while the
// guest runs. libvirt (9.0) has no word for a limit that was taken from the running guest alone: it then has its own default.
func (c comparison) addDrift(m, seen table.Model) {
	for _, change := range c.changes {
		steps := change.Path.Steps()
		if change.Cost != table.Live || !drifts(change) || table.ValueAt(m, steps) == nil {
			continue
		}
		table.CopyValue(seen, c.now, steps)
		markObserved(seen, steps)
	}
}

// markObserved says of an attribute that nothing is left of that it was looked at: what was not observed would stay in the state.
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

func drifts(change table.Change) bool {
	return change.Within(func(a *table.Attr) bool { return a.Running.Drifts != nil && a.Running.Drifts(change.Value) })
}
