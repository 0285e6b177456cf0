package engine

import "github.com/kvm-fleet/kvm-fleet/provider/internal/table"

// refresh returns the state after a read. It keeps attributes that the host did not report, and attributes that are
// unset in the state and that the host need not have, unless this provider wrote them.
func refresh(attrs []table.Attr, state, seen table.Model) table.Model {
	out := make(table.Model, len(attrs))
	for i := range attrs {
		a := &attrs[i]
		now, observed := seen[a.Name]
		written, ours := now.(table.Written)
		if ours {
			now = written.Value
		}
		was := state[a.Name]
		switch {
		case !observed, was == nil && !ours && a.Mode == table.Optional && !a.HasDefault() && !a.ReadsUnset(now):
			out[a.Name] = was
		default:
			out[a.Name] = refreshValue(a, was, now)
		}
	}
	return out
}

// IsAsIn reports whether the host has the value that a state or a plan has.
func IsAsIn(a *table.Attr, was, now any) bool {
	return table.Equal(refreshValue(a, was, now), was)
}

func refreshValue(a *table.Attr, was, now any) any {
	had, have := asGroup(was), asGroup(now)
	switch a.Type {
	case table.Object:
		switch {
		case have != nil && had != nil:
			return refresh(a.Attrs, had, have)
		case have != nil:
			return adoptGroup(a.Attrs, have)
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

// settle returns the state after a failed change: refresh, in which an attribute that the plan sets counts as one of the state. An attribute
// that the host did not report has the value that it had.
func settle(attrs []table.Attr, prior, plan, seen table.Model) table.Model {
	out := make(table.Model, len(attrs))
	for i := range attrs {
		a := &attrs[i]
		was, wanted := prior[a.Name], plan[a.Name]
		if wanted == table.Unknown {
			wanted = nil
		}
		now, observed := seen[a.Name]
		if written, ours := now.(table.Written); ours {
			now, wanted = written.Value, written.Value
		}
		switch {
		case !observed, was == nil && wanted == nil && a.Mode == table.Optional && !a.HasDefault() && !a.ReadsUnset(now):
			out[a.Name] = was
		default:
			out[a.Name] = settleValue(a, was, wanted, now)
		}
	}
	return out
}

func settleValue(a *table.Attr, was, wanted, now any) any {
	have := asGroup(now)
	switch {
	case a.Type == table.Object && have != nil && (was != nil || wanted != nil):
		return settle(a.Attrs, asGroup(was), asGroup(wanted), have)
	case a.Type == table.Map && have != nil:
		entries := make(table.Model, len(have))
		for k, v := range have {
			before, planned := asGroup(asGroup(was)[k]), asGroup(asGroup(wanted)[k])
			if before == nil && planned == nil {
				entries[k] = adopt(a.Attrs, asGroup(v))
			} else {
				entries[k] = settle(a.Attrs, before, planned, asGroup(v))
			}
		}
		return entries
	}
	is := refreshValue(a, was, now)
	if spelled, text := wanted.(string); text && is != was && a.Same != nil {
		if s, ok := now.(string); ok && a.Same(spelled, s) {
			return wanted
		}
	}
	return is
}

// either returns the attributes that a state or a plan sets, for a read of an object that may be as either says. What the state sets comes
// first.
func either(attrs []table.Attr, state, plan table.Model) table.Model {
	out := make(table.Model, len(attrs))
	for i := range attrs {
		a := &attrs[i]
		was, is := state[a.Name], plan[a.Name]
		switch before, planned := asGroup(was), asGroup(is); {
		case was == nil && is != table.Unknown:
			out[a.Name] = is
		case a.Type == table.Object && before != nil && planned != nil:
			out[a.Name] = either(a.Attrs, before, planned)
		case a.Type == table.Map && before != nil && planned != nil:
			entries := before.Clone()
			for k, v := range planned {
				if entry := asGroup(v); before[k] == nil {
					entries[k] = v
				} else if entry != nil {
					entries[k] = either(a.Attrs, before.Group(k), entry)
				}
			}
			out[a.Name] = entries
		default:
			out[a.Name] = was
		}
	}
	return out
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
		case v != nil && a.Implied != nil && !a.Assigned && a.Implied(v):
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
		if v != nil && a.Implied != nil && !a.Assigned && a.Implied(v) {
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
