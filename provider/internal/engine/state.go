package engine

import "github.com/kvm-fleet/kvm-fleet/provider/internal/table"

// refresh returns the state after a read. It keeps attributes that the host did not report, and attributes that are
// unset in the state and that the host need not have.
func refresh(attrs []table.Attr, state, seen table.Model) table.Model {
	out := make(table.Model, len(attrs))
	for i := range attrs {
		a := &attrs[i]
		now, observed := seen[a.Name]
		was := state[a.Name]
		switch {
		case !observed, was == nil && a.Mode == table.Optional && !a.HasDefault():
			out[a.Name] = was
		default:
			out[a.Name] = refreshValue(a, was, now)
		}
	}
	return out
}

func refreshValue(a *table.Attr, was, now any) any {
	had, have := asGroup(was), asGroup(now)
	switch a.Type {
	case table.Object:
		if had != nil && have != nil {
			return refresh(a.Attrs, had, have)
		}
	case table.Map:
		if have == nil && had != nil && len(had) == 0 {
			return was
		}
		entries := make(table.Model, len(have))
		for k, v := range have {
			if old := asGroup(had[k]); old != nil {
				entries[k] = refresh(a.Attrs, old, asGroup(v))
			} else {
				entries[k] = adopt(a.Attrs, asGroup(v))
			}
		}
		if have != nil {
			return entries
		}
	default:
		before, ok1 := was.(string)
		after, ok2 := now.(string)
		if a.Same != nil && ok1 && ok2 && a.Same(before, after) {
			return was
		}
	}
	return now
}

// fill returns the state after an apply: the plan, with unknown values taken from the host.
func fill(attrs []table.Attr, plan, seen table.Model) table.Model {
	out := make(table.Model, len(attrs))
	for i := range attrs {
		a := &attrs[i]
		v := plan[a.Name]
		switch {
		case v == table.Unknown:
			v = seen[a.Name]
		case a.Type == table.Object && v != nil:
			v = fill(a.Attrs, asGroup(v), asGroup(seen[a.Name]))
		case a.Type == table.Map && v != nil:
			entries := make(table.Model)
			for k, e := range asGroup(v) {
				entries[k] = fill(a.Attrs, asGroup(e), asGroup(asGroup(seen[a.Name])[k]))
			}
			v = entries
		}
		out[a.Name] = v
	}
	return out
}

// adopt returns the state of an object or map entry that was found on a host: everything that was read, except what
// libvirt adds by itself, and the defaults of attributes that cannot be read.
func adopt(attrs []table.Attr, seen table.Model) table.Model {
	out := make(table.Model, len(attrs))
	for i := range attrs {
		a := &attrs[i]
		v, observed := seen[a.Name]
		if v != nil && a.Type == table.Object {
			v = adoptGroup(a.Attrs, asGroup(v))
		}
		switch {
		case !observed && a.HasDefault():
			v = a.Default
		case v != nil && a.Implied != nil && a.Implied(v):
			v = nil
		case v != nil && a.Type == table.Map:
			entries := make(table.Model)
			for k, entry := range asGroup(v) {
				entries[k] = adopt(a.Attrs, asGroup(entry))
			}
			v = entries
		}
		out[a.Name] = v
	}
	return out
}

// adoptGroup returns a group without what libvirt adds by itself, or nil if nothing else was read.
func adoptGroup(attrs []table.Attr, seen table.Model) any {
	group, left := seen.Clone(), 0
	for i := range attrs {
		a := &attrs[i]
		v := group[a.Name]
		if inner := asGroup(v); a.Type == table.Object && inner != nil {
			v = adoptGroup(a.Attrs, inner)
		}
		if v != nil && a.Implied != nil && a.Implied(v) {
			v = nil
		}
		if group[a.Name] = v; v != nil {
			left++
		}
	}
	if left == 0 && !table.Equal(seen, table.Model{}) {
		return nil
	}
	return group
}
