package xmlmodel

import (
	"strconv"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// ReadText parses a document and reads it like Read.
func ReadText(attrs []table.Attr, xml string) (table.Model, error) {
	root, err := Parse(xml)
	if err != nil {
		return nil, err
	}
	return Read(attrs, root), nil
}

// Read returns everything that the table finds in the XML.
func Read(attrs []table.Attr, el *etree.Element) table.Model {
	m := make(table.Model, len(attrs))
	for i := range attrs {
		a := &attrs[i]
		switch {
		case a.WriteOnly: // write-only values are never read back
		case a.XML != nil:
			m[a.Name] = convert(a.Type, a.XML.Read(el))
		case a.Group != nil:
			m[a.Name] = nil
			if g := a.Group.Find(el); g != nil {
				m[a.Name] = Read(a.Attrs, g)
			}
		case a.Entries != nil:
			keys, elements := a.Entries.Elements(el)
			if len(keys) == 0 {
				m[a.Name] = nil
				continue
			}
			entries := make(table.Model, len(keys))
			for j, k := range keys {
				entries[k] = Read(a.Attrs, elements[j])
			}
			m[a.Name] = entries
		}
	}
	return m
}

func convert(t table.Type, v any) any {
	s, ok := v.(string)
	if !ok {
		return v
	}
	switch t {
	case table.Int:
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return nil
		}
		return n
	case table.Bool:
		return s == "yes" || s == "on" || s == "1"
	default:
		return s
	}
}

// Patch writes plan into the XML where the XML differs from it. An unset attribute is left unchanged, unless prior had it: then the user
// removed it, and Patch removes it from the XML.
func Patch(attrs []table.Attr, el *etree.Element, prior, plan table.Model) {
	for i := range attrs {
		a := &attrs[i]
		if a.Mode == table.Computed {
			continue
		}
		want, had := plan[a.Name], prior[a.Name]
		if want == table.Unknown || (want == nil && had == nil) {
			continue
		}
		switch {
		case a.XML != nil:
			patchValue(a, el, want)
		case a.Group != nil:
			patchGroup(a, el, had, want)
		case a.Entries != nil:
			patchEntries(a, el, had, want)
		}
	}
}

func patchValue(a *table.Attr, el *etree.Element, want any) {
	have := convert(a.Type, a.XML.Read(el))
	if have == want {
		return
	}
	if a.Same != nil {
		w, wok := want.(string)
		h, hok := have.(string)
		if wok && hok && a.Same(w, h) {
			return
		}
	}
	a.XML.Write(el, want)
}

func patchGroup(a *table.Attr, el *etree.Element, had, want any) {
	h, _ := had.(table.Model)
	w, _ := want.(table.Model)
	_, within := a.Group.(interface{ holdsMore() })
	if there := a.Group.Find(el); w == nil && within && there != nil {
		Patch(a.Attrs, there, h, defaults(a.Attrs))
	}
	if w == nil {
		a.Group.Remove(el)
		return
	}
	Patch(a.Attrs, a.Group.Make(el), h, w)
	if within {
		a.Group.Remove(el) // if nothing was written into it
	}
}

// defaults returns the values that a removed group falls back to, if its element stays.
func defaults(attrs []table.Attr) table.Model {
	m := table.Model{}
	for i := range attrs {
		if attrs[i].HasDefault() {
			m[attrs[i].Name] = attrs[i].Default
		}
	}
	return m
}

func patchEntries(a *table.Attr, el *etree.Element, had, want any) {
	h, _ := had.(table.Model)
	w, _ := want.(table.Model)
	keys, elements := a.Entries.Elements(el)
	there := make(map[string]*etree.Element, len(keys))
	for i, k := range keys {
		there[k] = elements[i]
		// An entry that is in neither the state nor the plan was added after the plan was made: it stays, and the next plan shows it.
		if h[k] == nil || w[k] != nil {
			continue
		}
		if several, are := a.Entries.(interface{ Remove(first *etree.Element) }); are {
			several.Remove(elements[i])
		} else {
			Drop(elements[i])
		}
	}
	for _, k := range table.Keys(w) {
		entry, _ := w[k].(table.Model)
		old, _ := h[k].(table.Model)
		e := there[k]
		if e == nil {
			e, old = a.Entries.Make(el, k, entry), nil
		}
		Patch(a.Attrs, e, old, entry)
	}
}
