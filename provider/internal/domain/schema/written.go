package schema

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// The record of what this provider wrote into a definition: the paths of the attributes that a read ignores if the state does not have them.
// Without it, an attribute that was written is never seen again if the state is from before that apply and the configuration is without it.
const (
	writtenNamespace = ownNamespaces + "written/1"
	writtenPrefix    = "written"
)

// Written is a set of paths, as table.PathString writes them.
type Written map[string]bool

// WrittenIn returns the record in a definition; nil if there is none.
func WrittenIn(domain *etree.Element) Written {
	el := record(domain, writtenNamespace)
	if el == nil {
		return nil
	}
	w := Written{}
	for path := range strings.SplitSeq(el.Text(), "\n") {
		if path = strings.TrimSpace(path); path != "" {
			w[path] = true
		}
	}
	return w
}

// put replaces the record in a definition. It leaves a record with the same paths as it is.
func (w Written) put(domain *etree.Element) {
	if maps.Equal(WrittenIn(domain), w) {
		return
	}
	drop(domain, record(domain, writtenNamespace))
	if len(w) == 0 {
		return
	}
	el := newRecord(domain, writtenPrefix, "attributes", writtenNamespace)
	el.SetText(strings.Join(slices.Sorted(maps.Keys(w)), "\n"))
}

// recordWritten puts the record of what the plan sets into a definition, and reports whether it changed. soon is what the same apply is about to
// set in another way; nil if there is nothing. What an earlier apply wrote and the prior state does not have stays in the record as long as it is in
// the definition.
func recordWritten(root *etree.Element, prior, plan, soon table.Model) (changed bool) {
	before, had := Written{}, WrittenIn(root)
	before.add(Table.Attrs, prior, "")
	now, there := Written{}, Written{}
	now.add(Table.Attrs, plan, "")
	now.add(Table.Attrs, soon, "")
	if len(had) > 0 {
		there.add(Table.Attrs, xmlmodel.Read(Table.Attrs, root), "")
	}
	for path := range had {
		if !before[path] && there[path] {
			now[path] = true
		}
	}
	if maps.Equal(had, now) {
		return false
	}
	now.put(root)
	return true
}

// add adds the paths of the attributes that a model sets and that a read would ignore without them: those that the host need not have.
func (w Written) add(attrs []table.Attr, m table.Model, at string) {
	for i := range attrs {
		a := &attrs[i]
		v := m[a.Name]
		if v == nil || !isRead(a) {
			continue
		}
		path := at + a.Name
		if a.Mode == table.Optional && !a.HasDefault() {
			w[path] = true
		}
		group, _ := v.(table.Model)
		switch a.Type {
		case table.Object:
			w.add(a.Attrs, group, path+".")
		case table.Map:
			for key, entry := range group {
				if e, ok := entry.(table.Model); ok {
					w.add(a.Attrs, e, path+"["+strconv.Quote(key)+"].")
				}
			}
		}
	}
}

// isRead reports whether a row is read from a definition.
func isRead(a *table.Attr) bool {
	return !a.WriteOnly && (a.XML != nil || a.Group != nil || a.Entries != nil)
}

// Find marks the attributes that were written, that are in seen, and that known does not have, and returns known with them. seen is what was
// read from the definition with this record.
func (w Written) Find(known, seen table.Model) table.Model {
	if len(w) == 0 {
		return known
	}
	return w.find(Table.Attrs, known, seen, "")
}

func (w Written) find(attrs []table.Attr, known, seen table.Model, at string) table.Model {
	with := maps.Clone(known)
	for i := range attrs {
		a := &attrs[i]
		was, is, path := known[a.Name], seen[a.Name], at+a.Name
		switch {
		case is == nil || !isRead(a):
		case was == nil && w[path]:
			v := is
			if a.Type == table.Object {
				v = w.within(a.Attrs, is.(table.Model), path+".")
			}
			with[a.Name], seen[a.Name] = v, table.Written{Value: v}
		case was == nil || was == table.Unknown:
		case a.Type == table.Object:
			with[a.Name] = w.find(a.Attrs, known.Group(a.Name), seen.Group(a.Name), path+".")
		case a.Type == table.Map:
			entries := maps.Clone(known.Group(a.Name))
			for key := range entries {
				if entry, now := entries.Group(key), seen.Group(a.Name).Group(key); entry != nil && now != nil {
					entries[key] = w.find(a.Attrs, entry, now, path+"["+strconv.Quote(key)+"].")
				}
			}
			with[a.Name] = entries
		}
	}
	return with
}

// within returns a group without what was not written into it.
func (w Written) within(attrs []table.Attr, seen table.Model, at string) table.Model {
	out := seen.Clone()
	for i := range attrs {
		a := &attrs[i]
		path := at + a.Name
		switch group := seen.Group(a.Name); {
		case a.Mode == table.Optional && !a.HasDefault() && !w[path]:
			delete(out, a.Name)
		case a.Type == table.Object && group != nil:
			out[a.Name] = w.within(a.Attrs, group, path+".")
		}
	}
	return out
}
