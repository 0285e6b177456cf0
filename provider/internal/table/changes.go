package table

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Change is one difference between the prior state and the plan, which an apply has to make.
type Change struct {
	Attr  *Attr   // the row that differs
	Rows  []*Attr // the rows on the way to it, from the top; the last is Attr
	Path  *tftypes.AttributePath
	Value ValueChange
	Cost  Cost
}

// Within reports whether the row, or one of the groups and maps that it is in, has a property.
func (c Change) Within(has func(*Attr) bool) bool { return slices.ContainsFunc(c.Rows, has) }

// Changes lists each attribute whose value differs. It descends into a group or map unless that is replaced as a whole, so that each
// change is listed for the row that determines its cost. The list is never nil.
func Changes(attrs []Attr, prior, plan Model) []Change {
	found := []Change{}
	changed(attrs, prior, plan, place{at: tftypes.NewAttributePath()}, func(rows []*Attr, path *tftypes.AttributePath, c ValueChange) {
		a := rows[len(rows)-1]
		cost := a.Change
		if a.CostOf != nil {
			cost = a.CostOf(c)
		}
		found = append(found, Change{a, rows, path, c, cost})
	})
	return found
}

// report is called with each difference.
type report func(rows []*Attr, path *tftypes.AttributePath, c ValueChange)

// place is the position of a group of rows: in the resource itself, in a group, or in an entry of a map.
type place struct {
	rows  []*Attr
	at    *tftypes.AttributePath
	above *ValueChange
}

func changed(attrs []Attr, prior, plan Model, in place, found report) {
	for i := range attrs {
		a := &attrs[i]
		was, is := prior[a.Name], plan[a.Name]
		if Equal(was, is) {
			continue
		}
		path := in.at.WithAttributeName(a.Name)
		rows := append(slices.Clip(in.rows), a)
		c := ValueChange{Was: was, Is: is, From: prior, To: plan, Above: in.above}
		switch {
		case a.Type == Object && a.Change != Replace && is != Unknown:
			changed(a.Attrs, asGroup(was), asGroup(is), place{rows, path, &c}, found)
		case a.Type == Map && a.Change != Replace && is != Unknown:
			changedEntries(a, c, place{rows, path, &c}, found)
		default:
			found(rows, path, c)
		}
	}
}

func changedEntries(a *Attr, c ValueChange, in place, found report) {
	before, after := asGroup(c.Was), asGroup(c.Is)
	for _, k := range Keys(union(before, after)) {
		was, is := asGroup(before[k]), asGroup(after[k])
		switch {
		case Equal(before[k], after[k]):
		case was == nil || is == nil:
			found(in.rows, in.at.WithElementKeyString(k), ValueChange{Was: before[k], Is: after[k], From: c.From, To: c.To, Above: c.Above})
		default:
			changed(a.Attrs, was, is, place{in.rows, in.at.WithElementKeyString(k), in.above}, found)
		}
	}
}

// AmongRunning returns the change as one among the values that a running guest has, which may differ from the prior state. path is that of the
// change: of an attribute in no map, or of an entry of a map.
func (c ValueChange) AmongRunning(running Model, path *tftypes.AttributePath) ValueChange {
	above := path.WithoutLastStep()
	if _, entry := path.LastStep().(tftypes.ElementKeyString); entry {
		above = above.WithoutLastStep()
	}
	c.From = running
	if steps := above.Steps(); len(steps) > 0 {
		c.From, _ = ValueAt(running, steps).(Model)
		if c.Above != nil {
			outer := c.Above.AmongRunning(running, above)
			c.Above = &outer
		}
	}
	return c
}

func asGroup(v any) Model { m, _ := v.(Model); return m }

func union(a, b Model) Model {
	u := make(Model, len(a)+len(b))
	for k := range a {
		u[k] = true
	}
	for k := range b {
		u[k] = true
	}
	return u
}
