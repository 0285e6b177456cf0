package observe

import (
	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// comparison is what a running domain has otherwise than it is defined.
type comparison struct {
	now     table.Model // what runs
	changes []table.Change
}

// compareDefinitions holds the two definitions of a running domain against each other. What libvirt and QEMU made of them is undone in both.
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
	return comparison{now, table.Changes(rows, now, next)}
}

// pending names what only a restart brings.
func (c comparison) pending() []string {
	var paths []string
	for _, change := range c.changes {
		// One that was resumed lacks what was added while it was saved, also where a running guest would have got it live.
		lacks := change.Attr.Type == table.Map && table.ValueAt(c.now, change.Path.Steps()) == nil
		if change.Cost == table.NextBoot || lacks {
			paths = append(paths, table.PathString(change.Path))
		}
	}
	return paths
}
