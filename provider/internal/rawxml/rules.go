package rawxml

import (
	"slices"
	"strings"

	"github.com/beevik/etree"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Rules refuses an element that an attribute represents: both would set it, and each would undo the other.
func (f *Format) Rules(p table.Problems, config table.Model) {
	for _, key := range table.Keys(config.Group("xml")) {
		entry := config.Group("xml").Group(key)
		under, known := entry["under"].(string)
		if entry["under"] != nil && !known {
			continue
		}
		el, err := xmlmodel.Parse(entry.Str("element"))
		if err != nil {
			continue // the value is not known yet
		}
		f.rule(p.Entry("xml", key), config, under, el)
	}
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
	path := split(under)
	root := etree.NewElement(f.Root)
	xmlmodel.Ensure(root, path...)
	owner := f.ownerBelow(root, path, el)
	if owner == "" || !f.Whole || !f.Repeats(path, el) {
		return owner
	}
	return f.ownerBelow(f.planned(config), path, el) // next to what the attribute sets, there can be another
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
func (f *Format) ownerBelow(root *etree.Element, path []string, el *etree.Element) string {
	parent := xmlmodel.Ensure(root, path...)
	without := xmlmodel.Read(f.rows, root)
	el = el.Copy()
	parent.AddChild(el)
	change := f.ownerIn(without, xmlmodel.Read(f.rows, root), el)
	if change == nil {
		return ""
	}
	return nameOf(change.Path, len(path)+1)
}

// ownerOfParent returns the attribute that sets the parent of an element, if the configuration does not set it.
func (f *Format) ownerOfParent(config table.Model, under string) string {
	root := f.planned(config)
	without := xmlmodel.Read(f.rows, root)
	xmlmodel.Ensure(root, split(under)...)
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
		name, is := step.(tftypes.AttributeName)
		if !is || len(names) == depth {
			break
		}
		names = append(names, string(name))
	}
	return strings.Join(names, ".")
}

func split(under string) []string {
	if under == "" {
		return nil
	}
	return strings.Split(under, "/")
}

func lastOf(under string) string { return under[strings.LastIndexByte(under, '/')+1:] }

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
