package engine

import (
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// planGroup is what will be: the configuration, defaults where it is silent, and what the host chose before where it chooses.
func planGroup(attrs []table.Attr, config, prior table.Model) table.Model {
	plan := make(table.Model, len(attrs))
	for i := range attrs {
		a := &attrs[i]
		chosen := a.Mode == table.Computed || a.Mode == table.OptionalComputed && config[a.Name] == nil
		if was, there := prior[a.Name]; there && chosen { // that it is none was the host's choice, too
			plan[a.Name] = was
			continue
		}
		plan[a.Name] = planValue(a, config[a.Name], prior[a.Name])
	}
	return plan
}

func planValue(a *table.Attr, config, prior any) any {
	if a.WriteOnly {
		return nil
	}
	if config == nil {
		switch {
		case a.HasDefault():
			return a.Default
		case a.Mode != table.Computed && a.Mode != table.OptionalComputed:
			return nil
		case prior != nil:
			return prior
		default:
			return table.Unknown
		}
	}
	group, ok := config.(table.Model)
	if !ok {
		return config
	}
	had, _ := prior.(table.Model)
	if a.Type == table.Object {
		return planGroup(a.Attrs, group, had)
	}
	entries := make(table.Model, len(group))
	for k, v := range group {
		entry, ok := v.(table.Model)
		if !ok {
			entries[k] = v
			continue
		}
		old, _ := had[k].(table.Model)
		entries[k] = planGroup(a.Attrs, entry, old)
	}
	return entries
}

// Change is one that an apply will make.
type Change struct {
	Attr *table.Attr
	Path *tftypes.AttributePath
	Cost table.Cost
}

// Changes lists each attribute whose value differs, at the depth at which its row has the say.
func Changes(attrs []table.Attr, prior, plan table.Model) []Change {
	var found []Change
	changed(attrs, prior, plan, nil, tftypes.NewAttributePath(), func(a *table.Attr, path *tftypes.AttributePath, c table.ValueChange) {
		cost := a.Change
		if a.CostOf != nil {
			cost = a.CostOf(c)
		}
		found = append(found, Change{a, path, cost})
	})
	return found
}

type note func(a *table.Attr, path *tftypes.AttributePath, c table.ValueChange)

func changed(attrs []table.Attr, prior, plan table.Model, above *table.ValueChange, at *tftypes.AttributePath, found note) {
	for i := range attrs {
		a := &attrs[i]
		was, is := prior[a.Name], plan[a.Name]
		if table.Equal(was, is) {
			continue
		}
		path := at.WithAttributeName(a.Name)
		c := table.ValueChange{Was: was, Is: is, From: prior, To: plan, Above: above}
		switch {
		case a.Type == table.Object && a.Change != table.Replace && is != table.Unknown:
			changed(a.Attrs, asGroup(was), asGroup(is), &c, path, found)
		case a.Type == table.Map && a.Change != table.Replace && is != table.Unknown:
			changedEntries(a, c, path, found)
		default:
			found(a, path, c)
		}
	}
}

func changedEntries(a *table.Attr, c table.ValueChange, at *tftypes.AttributePath, found note) {
	before, after := asGroup(c.Was), asGroup(c.Is)
	for _, k := range table.Keys(union(before, after)) {
		was, is := asGroup(before[k]), asGroup(after[k])
		switch {
		case table.Equal(before[k], after[k]):
		case was == nil || is == nil:
			found(a, at.WithElementKeyString(k), table.ValueChange{Was: before[k], Is: after[k], From: c.From, To: c.To, Above: c.Above})
		default:
			changed(a.Attrs, was, is, &c, at.WithElementKeyString(k), found)
		}
	}
}

func asGroup(v any) table.Model { m, _ := v.(table.Model); return m }

func union(a, b table.Model) table.Model {
	u := make(table.Model, len(a)+len(b))
	for k := range a {
		u[k] = true
	}
	for k := range b {
		u[k] = true
	}
	return u
}
