package rawxml

import (
	"slices"
	"strings"

	"github.com/beevik/etree"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Rules refuses what an attribute represents: both would set it, and each would undo the other.
func (f *Format) Rules(p table.Problems, config table.Model) {
	for _, key := range table.Keys(config.Group("xml")) {
		entry := config.Group("xml").Group(key)
		p := p.Entry("xml", key)
		switch {
		case entry["element"] == nil && entry["attributes"] == nil:
			p.Missing("element", "", "set it, or 'attributes'")
			continue
		case entry["element"] != nil && entry["attributes"] != nil:
			p.Conflicts("attributes", "element", "an entry is one or the other")
			continue
		}
		under, known := entry["under"].(string)
		if entry["under"] != nil && !known || f.checkUnder(under) != nil {
			continue
		}
		if !f.pathRules(p, config, under) {
			continue
		}
		if texts := entry.Texts("attributes"); texts != "" {
			f.attributeRules(p, config, under, texts)
			continue
		}
		el, err := xmlmodel.Parse(entry.Str("element"))
		if err != nil {
			continue // the value is not known yet
		}
		f.rule(p, config, under, el)
	}
}

// pathRules reports whether a path is one of elements that the configuration has, and adds a problem if it is not.
func (f *Format) pathRules(p table.Problems, config table.Model, under string) bool {
	if hasUnknown(f.rows, config) {
		return true // of an entry that is not known yet, neither is its key
	}
	if problem := f.problemOf(f.planned(config), under); problem != "" {
		p.Must("under", "%s", problem)
		return false
	}
	return true
}

// hasUnknown reports whether a group or a map is not known yet.
func hasUnknown(rows []table.Attr, m table.Model) bool {
	return slices.ContainsFunc(rows, func(a table.Attr) bool {
		v := m[a.Name]
		switch {
		case v == nil || len(a.Attrs) == 0:
			return false
		case v == table.Unknown:
			return true
		case a.Type == table.Object:
			return hasUnknown(a.Attrs, m.Group(a.Name))
		default:
			return slices.ContainsFunc(table.Keys(m.Group(a.Name)), func(key string) bool {
				return m.Group(a.Name)[key] == table.Unknown || hasUnknown(a.Attrs, m.Group(a.Name).Group(key))
			})
		}
	})
}

func (f *Format) rule(p table.Problems, config table.Model, under string, el *etree.Element) {
	if owner := f.owner(config, under, el); owner != "" {
		p.Must("element", "not be <%s>, which '%s' sets; use that attribute", el.FullTag(), owner)
		return
	}
	if !f.Whole {
		return
	}
	if slices.Contains(f.Own, strings.TrimPrefix(under+"/"+el.Tag, "/")) {
		p.Must("element", "not be <%s>, which libvirt sets; remove the entry", el.FullTag())
	}
	if owner := f.ownerOfParent(config, under); owner != "" {
		p.Must("under", "be an element that the %s has, and <%s> requires '%s'; set '%[3]s', got %q", f.Root, lastOf(under), owner, under)
	}
	if undeclared := undeclaredPrefix(el); undeclared != "" {
		p.Must("element", "declare its prefixes, got <%s> without xmlns:%s; see the example of 'element'", el.FullTag(), undeclared)
	}
}

// owner returns the attribute that sets an element, or "" if none does.
func (f *Format) owner(config table.Model, under string, el *etree.Element) string {
	if owner := f.reserved(under, el); owner != "" {
		return owner
	}
	if hasKey(under) {
		root := f.planned(config)
		if parent := f.ensure(root, under); parent != nil {
			return f.ownerBelow(root, parent, config, under, el)
		}
		return "" // the entry with the key is not known yet
	}
	repeats := f.Repeats(namesOf(under), el)
	root, parent := f.ensureBare(under)
	owner := f.ownerBelow(root, parent, config, under, el)
	if owner == "" || !repeats {
		return owner
	}
	root = f.planned(config)
	return f.ownerBelow(root, f.ensure(root, under), config, under, el) // next to what the attribute sets, there can be another
}

// reserved returns the attribute to which an element belongs by its name.
func (f *Format) reserved(under string, el *etree.Element) string {
	if el.Space == "" && f.Reserved[strings.TrimPrefix(under+"/"+el.Tag, "/")] != "" {
		return f.Reserved[strings.TrimPrefix(under+"/"+el.Tag, "/")]
	}
	top, _, _ := strings.Cut(under, "/")
	if top == "metadata" {
		return f.Reserved[top]
	}
	return ""
}

// ownerBelow returns the attribute that reads an element below a parent, or "" if none does.
func (f *Format) ownerBelow(root, parent *etree.Element, config table.Model, under string, el *etree.Element) string {
	if !f.Repeats(namesOf(under), el) {
		for _, other := range f.siblings(root, under, el) {
			xmlmodel.Drop(other)
		}
	}
	without := xmlmodel.Read(f.rows, root)
	el = el.Copy()
	parent.AddChild(el)
	change := f.ownerIn(without, xmlmodel.Read(f.rows, root), el, config)
	if change == nil {
		return ""
	}
	return nameOf(change.Path, len(stepsOf(under))+1)
}

// ownerOfParent returns the attribute that sets the parent of an element, if the configuration does not set it.
func (f *Format) ownerOfParent(config table.Model, under string) string {
	root := f.planned(config)
	without := xmlmodel.Read(f.rows, root)
	f.ensure(root, under)
	return appeared(f.rows, config, without, xmlmodel.Read(f.rows, root))
}

// appeared returns the path of the first attribute that has a value in one model and none in the other, and that is not unknown.
func appeared(rows []table.Attr, config, without, with table.Model) string {
	for i := range rows {
		a := &rows[i]
		was, is := without[a.Name], with[a.Name]
		switch {
		case is == nil || config[a.Name] == table.Unknown || a.Implied != nil && a.Implied(is):
		case was == nil:
			return a.Name
		case a.Type == table.Object:
			if inner := appeared(a.Attrs, config.Group(a.Name), without.Group(a.Name), with.Group(a.Name)); inner != "" {
				return a.Name + "." + inner
			}
		}
	}
	return ""
}

// planned returns the definition of a configuration, as far as its values are known.
func (f *Format) planned(config table.Model) *etree.Element {
	root := etree.NewElement(f.Root)
	xmlmodel.Patch(f.rows, root, nil, config)
	return root
}

// nameOf returns the names in a path, without the keys of maps, up to a depth.
func nameOf(path *tftypes.AttributePath, depth int) string {
	var names []string
	for _, step := range path.Steps() {
		if name, is := step.(tftypes.AttributeName); is && len(names) < depth {
			names = append(names, string(name))
		} else if len(names) == depth {
			break
		}
	}
	return strings.Join(names, ".")
}

// undeclaredPrefix returns a prefix in an element that it does not declare, or "" if there is none. libvirt would not know the element.
func undeclaredPrefix(el *etree.Element) string {
	found := ""
	xmlmodel.Each(el, func(n *etree.Element) {
		if n.Space != "" && n.NamespaceURI() == "" {
			found = n.Space
		}
	})
	return found
}
