package observe

import (
	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// comparison is the difference between a running domain and its definition.
type comparison struct {
	now     table.Model // the running guest
	changes []table.Change
}

// compareDefinitions compares the two definitions of a running domain. It first undoes in both what libvirt and QEMU changed in them.
func compareDefinitions(live, defined *etree.Element) comparison {
	rows := schema.Table.Attrs
	for i := range rows {
		if undo := rows[i].Running.UndoStart; undo != nil {
			undo(live, defined)
		}
	}
	now, next := xmlmodel.Read(rows, live), xmlmodel.Read(rows, defined)
	for i := range rows {
		if correct := rows[i].Running.Compared; correct != nil {
			correct(now, next, live, defined)
		}
	}
	schema.CompareStatedPlaces(now, next, defined)
	return comparison{now, table.Changes(rows, now, next)}
}

// pending returns the paths of the changes that only a restart applies.
func (c comparison) pending() []string {
	var paths []string
	for _, change := range c.changes {
		// A guest that was resumed lacks what was added while it was saved, even what a running guest would have got live.
		lacks := change.Attr.Type == table.Map && table.ValueAt(c.now, change.Path.Steps()) == nil
		if change.Cost == table.NextBoot || lacks {
			paths = append(paths, table.PathString(change.Path))
		}
	}
	return paths
}

// Running is what a running guest has of the attributes of its domain.
type Running struct {
	// Now has what the guest runs with.
	Now table.Model
	// Pending lists the paths of the changes that wait for its next start.
	Pending []string
	// Differs says whether the definition differs from the guest at all.
	Differs bool
}

// CompareRunning compares the definition of a running guest with an inactive definition: the one that the domain has, or may get.
func CompareRunning(live, inactive string) (Running, error) {
	runs, err := xmlmodel.Parse(live)
	if err != nil {
		return Running{}, err
	}
	defined, err := xmlmodel.Parse(inactive)
	if err != nil {
		return Running{}, err
	}
	c := compareDefinitions(runs, defined)
	return Running{Now: c.now, Pending: c.pending(), Differs: len(c.changes) > 0}, nil
}
