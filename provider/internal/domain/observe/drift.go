package observe

import (
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// driftPaths are the attributes of a running guest that can be changed in it alone, and then are not what is declared: what the guest itself does
// to its memory and its processors is not among them.
var driftPaths = []string{"title", "description", "cputune.", "memtune.", "blkiotune.", "disks.*.iotune.", "disks.*.file", "interfaces.*.link", "interfaces.*.bandwidth.", "interfaces.*.filter",
	"interfaces.*.filter_parameters", "interfaces.*.filter_parameters."}

// addDrift puts into what was seen of the definition what the running guest has instead, where m has set it and it can be put right while the
// guest runs. libvirt (9.0) has no word for a limit that was taken from the running guest alone: it then has its own default.
func (c comparison) addDrift(m, seen table.Model) {
	for _, change := range c.changes {
		steps := change.Path.Steps()
		if change.Cost != table.Live || !canDriftLive(change) || table.ValueAt(m, steps) == nil {
			continue
		}
		if top := table.StepName(steps[0]); top == "disks" && len(steps) == 3 && !schema.IsCDROM(c.now.Group(top).Group(table.StepName(steps[1]))) {
			continue // on a disk it is a layer of a snapshot
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

func canDriftLive(change table.Change) bool {
	var parts []string
	for _, s := range change.Path.Steps() {
		if _, key := s.(tftypes.ElementKeyString); key {
			parts = append(parts, "*")
		} else {
			parts = append(parts, table.StepName(s))
		}
	}
	path := strings.Join(parts, ".")
	return slices.ContainsFunc(driftPaths, func(row string) bool {
		return path == row || strings.HasSuffix(row, ".") && strings.HasPrefix(path, row)
	})
}
