package schema

import (
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// LeaveAlone removes from what was read what no attribute can declare: a device of a kind, or a setting with a value, that a plan would refuse. It
// stays in the definition and is listed in `undeclared`. It returns the paths of the entries of maps that it removed. m is the known model, which
// has what Terraform manages: of that, nothing is removed.
func LeaveAlone(seen, m table.Model) (alone map[string]bool) {
	imports := m["state"] == nil
	if !imports && !hasUnknownEntries(Table.Attrs, seen, m) {
		return nil
	}
	alone = map[string]bool{}
	for removed := true; removed; {
		removed = false
		problems := append(table.Validate(Table.Attrs, seen, tftypes.NewAttributePath()), Validate(seen)...)
		for _, p := range problems {
			path := undeclarable(Table.Attrs, seen, p.Path.Steps())
			if path == nil || !imports && !inUnknownEntry(m, path) {
				continue
			}
			if at := tftypes.NewAttributePathWithSteps(path); endsInEntry(path) {
				alone[table.PathString(at)] = true
			}
			dropValue(seen, path, !imports)
			removed = true
		}
	}
	return alone
}

// undeclarable returns the path of the least part of what was read that can be left out of a configuration, on the way to a problem; nil if there
// is none.
func undeclarable(attrs []table.Attr, seen table.Model, steps []tftypes.AttributePathStep) []tftypes.AttributePathStep {
	var least []tftypes.AttributePathStep
	for i, step := range steps {
		if table.ValueAt(seen, steps[:i+1]) == nil {
			break
		}
		if _, entry := step.(tftypes.ElementKeyString); entry {
			least = steps[:i+1]
			continue
		}
		row := rowNamed(attrs, table.StepName(step))
		if row == nil {
			break
		}
		if attrs = row.Attrs; row.Mode == table.Optional && !row.HasDefault() && row.InDefinition() && (i > 0 || row.Type == table.Object) {
			least = steps[:i+1]
		}
	}
	return least
}

func rowNamed(attrs []table.Attr, name string) *table.Attr {
	for i := range attrs {
		if attrs[i].Name == name {
			return &attrs[i]
		}
	}
	return nil
}

func endsInEntry(path []tftypes.AttributePathStep) bool {
	_, entry := path[len(path)-1].(tftypes.ElementKeyString)
	return entry
}

// dropValue removes the value at a path, and a map that is empty then. With observed, such a map counts as read: what the known model has in it
// is gone.
func dropValue(seen table.Model, path []tftypes.AttributePathStep, observed bool) {
	group := seen
	if len(path) > 1 {
		group, _ = table.ValueAt(seen, path[:len(path)-1]).(table.Model)
	}
	name := table.StepName(path[len(path)-1])
	if observed && !endsInEntry(path) {
		group[name] = nil
	} else {
		delete(group, name)
	}
	if endsInEntry(path) && len(group) == 0 {
		dropValue(seen, path[:len(path)-1], observed)
	}
}

// hasUnknownEntries reports whether a map that is declared has entries that are not.
func hasUnknownEntries(attrs []table.Attr, seen, m table.Model) bool {
	for i := range attrs {
		a := &attrs[i]
		is, was := seen.Group(a.Name), m.Group(a.Name)
		if is == nil || was == nil {
			continue
		}
		if a.Type == table.Object && hasUnknownEntries(a.Attrs, is, was) {
			return true
		}
		if a.Type == table.Map {
			for key := range is {
				if was[key] == nil {
					return true
				}
			}
		}
	}
	return false
}

// inUnknownEntry reports whether a path is in an entry of a map that the known model does not have.
func inUnknownEntry(m table.Model, path []tftypes.AttributePathStep) bool {
	for i, step := range path {
		if _, entry := step.(tftypes.ElementKeyString); entry && table.ValueAt(m, path[:i+1]) == nil {
			return true
		}
	}
	return false
}
