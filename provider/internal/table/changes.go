package table

import "github.com/hashicorp/terraform-plugin-go/tftypes"

// Change is one difference between the prior state and the plan: an apply has to make it.
type Change struct {
	Attr *Attr
	Path *tftypes.AttributePath
	Cost Cost
}

// Changes lists each attribute whose value differs. A group or map is followed inward unless it is replaced as a whole, so that each change stands
// at the row that decides what it costs.
func Changes(attrs []Attr, prior, plan Model) []Change {
	var found []Change
	changed(attrs, prior, plan, nil, tftypes.NewAttributePath(), func(a *Attr, path *tftypes.AttributePath, c ValueChange) {
		cost := a.Change
		if a.CostOf != nil {
			cost = a.CostOf(c)
		}
		found = append(found, Change{a, path, cost})
	})
	return found
}

// report is called with each difference.
type report func(a *Attr, path *tftypes.AttributePath, c ValueChange)

func changed(attrs []Attr, prior, plan Model, above *ValueChange, at *tftypes.AttributePath, found report) {
	for i := range attrs {
		a := &attrs[i]
		was, is := prior[a.Name], plan[a.Name]
		if Equal(was, is) {
			continue
		}
		path := at.WithAttributeName(a.Name)
		c := ValueChange{Was: was, Is: is, From: prior, To: plan, Above: above}
		switch {
		case a.Type == Object && a.Change != Replace && is != Unknown:
			changed(a.Attrs, asGroup(was), asGroup(is), &c, path, found)
		case a.Type == Map && a.Change != Replace && is != Unknown:
			changedEntries(a, c, path, found)
		default:
			found(a, path, c)
		}
	}
}

func changedEntries(a *Attr, c ValueChange, at *tftypes.AttributePath, found report) {
	before, after := asGroup(c.Was), asGroup(c.Is)
	for _, k := range Keys(union(before, after)) {
		was, is := asGroup(before[k]), asGroup(after[k])
		switch {
		case Equal(before[k], after[k]):
		case was == nil || is == nil:
			found(a, at.WithElementKeyString(k), ValueChange{Was: before[k], Is: after[k], From: c.From, To: c.To, Above: c.Above})
		default:
			changed(a.Attrs, was, is, &c, at.WithElementKeyString(k), found)
		}
	}
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
