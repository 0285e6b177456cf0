// Package rawxml implements the attribute `xml` of a resource: elements of libvirt's XML that no other attribute stands for, under keys that the
// user chooses.
//
// A record says which element an entry stands for, as the user wrote it: libvirt adds to it, and spells some of it anew. While XML is read or
// patched, the records are in it. The definition of a domain keeps them in its metadata. That of a pool has no metadata, and the definition of an
// active network cannot change its metadata without a restart: their records are made from the state each time.
package rawxml

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Format is what a kind of definition says about its raw elements.
type Format struct {
	Root       string     // the name of the root element
	Change     table.Cost // the cost of a change
	Note       string     // sentences for the documentation: what a change takes, and an example of what the attribute is for
	Parents    string     // examples of 'under' for the documentation
	Keyed      string     // an example of 'under' with a key, "" if no element has one
	Numbered   string     // an example of 'under' with a number
	Path       string     // examples of 'under' for an error
	Example    string     // an example of an element
	Attributes string     // an example of 'attributes'
	Prefix     string     // an example of an element with a prefix and its declaration
	// Whole is for an object that has nothing but what Terraform sets, see table.Whole. The state has its records.
	Whole bool
	// Reserved are the elements, by path, that belong to an attribute although they have no value of their own.
	Reserved map[string]string
	// Own are the paths of elements that libvirt writes into a Whole object, whatever was defined.
	Own []string
	// Extra are the paths of elements that a person may have added to a Whole object. They are read although no entry declares them. libvirt writes
	// none of them by itself. That of an attribute is the path of its element, '@' and its name.
	Extra []string
	// Keep, if set, remembers the keys that elements have by their place. The function that it returns is called after such elements are removed.
	Keep func(root *etree.Element) (keep func())
	// Repeats reports whether an element can occur next to another of its name. Otherwise it replaces the other.
	Repeats func(path []string, el *etree.Element) bool
	// Exempt reports whether an element is allowed although an attribute reads it: that attribute cannot declare it. nil: none is.
	Exempt func(el *etree.Element, change table.Change, read table.Model) bool

	rows []table.Attr // the other rows of the resource
	all  []table.Attr // rows and the row of 'xml'
}

// New returns a Format for the resource that has these other rows.
func New(f Format, rows []table.Attr) *Format {
	f.rows = rows
	f.all = append(slices.Clone(rows), f.row())
	return &f
}

// Rows returns the rows of the attribute.
func (f *Format) Rows() []table.Attr { return f.all[len(f.rows):] }

// Read reads a definition. known is the state or the plan that says which elements are entries.
func (f *Format) Read(xml string, known table.Model) (table.Model, error) {
	root, err := xmlmodel.Parse(xml)
	if err != nil {
		return nil, err
	}
	if f.Whole {
		f.recall(root, known)
		f.recordExtra(root)
	}
	return xmlmodel.Read(f.all, root), nil
}

// New returns the definition of a new object.
func (f *Format) New(plan table.Model) (string, error) {
	root := etree.NewElement(f.Root)
	root.CreateElement("name").SetText(plan.Str("name"))
	f.Patch(root, nil, plan)
	return xmlmodel.Text(root)
}

// Patch writes a plan into a definition, see xmlmodel.Patch. It removes the elements that leave `xml` before anything else changes: an attribute may
// set what one of them did.
func (f *Format) Patch(root *etree.Element, prior, plan table.Model) {
	if f.Whole {
		prior = withKeysOf(prior, plan)
		f.recall(root, prior)
		defer func() { xmlmodel.Drop(f.list(root)) }()
	}
	if had := prior.Group("xml"); len(had) > 0 && plan["xml"] != table.Unknown {
		stays := table.Model{}
		for key := range had {
			if plan.Group("xml")[key] != nil {
				stays[key] = had[key]
			}
		}
		if len(stays) < len(had) {
			xmlmodel.Patch(f.Rows(), root, prior, table.Model{"xml": stays})
		}
	}
	keep := func() {}
	if f.Keep != nil {
		keep = f.Keep(root)
	}
	xmlmodel.Patch(f.rows, root, prior, plan)
	keep()
	xmlmodel.Patch(f.Rows(), root, prior, plan)
}

// withKeysOf returns a state in which each entry that only has another key in the plan has that key: its element stays as it is.
func withKeysOf(prior, plan table.Model) table.Model {
	had, wanted := prior.Group("xml"), plan.Group("xml")
	entries := had.Clone()
	for _, key := range table.Keys(wanted) {
		if had[key] != nil {
			continue
		}
		for _, was := range table.Keys(entries) {
			if wanted[was] == nil && sameEntry(entries.Group(was), wanted.Group(key)) {
				entries[key] = entries[was]
				delete(entries, was)
				break
			}
		}
	}
	renamed := maps.Clone(prior)
	if len(entries) > 0 {
		renamed["xml"] = entries
	}
	return renamed
}

func sameEntry(a, b table.Model) bool {
	if a.Str("under") != b.Str("under") || a.Texts("attributes") != b.Texts("attributes") {
		return false
	}
	return a.Texts("attributes") != "" || xmlmodel.SameElement(a.Str("element"), b.Str("element"))
}

// Changes reports whether a plan changes the elements of `xml`, and not only their keys.
func (f *Format) Changes(xml string, prior, plan table.Model) (bool, error) {
	root, err := xmlmodel.Parse(xml)
	if err != nil {
		return false, err
	}
	before, err := xmlmodel.Text(root)
	if err != nil {
		return false, err
	}
	f.Patch(root, table.Model{"xml": prior["xml"]}, table.Model{"xml": plan["xml"]})
	after, err := xmlmodel.Text(root)
	return after != before, err
}

// Elements returns the elements of a definition that entries stand for.
func (f *Format) Elements(root *etree.Element) []*etree.Element {
	return slices.Collect(maps.Values(f.standing(root)))
}

// recall adds the records of the known entries to a definition.
func (f *Format) recall(root *etree.Element, known table.Model) {
	entries := known.Group("xml")
	for _, key := range table.Keys(entries) {
		entry := entries.Group(key)
		under := entry.Str("under")
		if texts := entry.Texts("attributes"); texts != "" {
			f.record(root, ofAttributes, key, under, textWith(lastOf(under), texts))
			continue
		}
		f.record(root, ofElement, key, under, entry.Str("element"))
	}
}

// recordExtra adds records of the elements in Extra that no record declares and that no other row reads. Their keys are their names.
func (f *Format) recordExtra(root *etree.Element) {
	declared := f.Elements(root)
	keys := map[string]bool{}
	for _, r := range f.records(root) {
		keys[r.SelectAttrValue("key", "")] = true
	}
	for _, place := range f.Extra {
		place, attribute, isAttribute := strings.Cut(place, "@")
		name := ""
		if !isAttribute {
			place, name = path.Split(place)
			place = strings.TrimSuffix(place, "/")
		}
		matches := f.matches(root, place)
		for _, under := range slices.Sorted(maps.Keys(matches)) {
			parent := matches[under]
			if isAttribute {
				if a := parent.SelectAttr(attribute); a != nil && !f.declaresAttribute(root, parent, attribute) {
					texts := table.TextsOf(map[string]string{attribute: a.Value})
					f.record(root, ofAttributes, freeKey(keys, attribute), under, textWith(parent.Tag, texts))
				}
				continue
			}
			for _, el := range parent.SelectElements(name) {
				if slices.Contains(declared, el) || f.isRead(root, el) {
					continue
				}
				text, _ := bareText(el).(string)
				f.record(root, ofElement, freeKey(keys, el.Tag), under, text)
			}
		}
	}
}

// isRead reports whether one of the other rows reads an element.
func (f *Format) isRead(root, el *etree.Element) bool {
	with := xmlmodel.Read(f.rows, root)
	parent, at := el.Parent(), el.Index()
	parent.RemoveChildAt(at)
	without := xmlmodel.Read(f.rows, root)
	parent.InsertChildAt(at, el)
	return f.ownerIn(without, with, el, nil) != nil
}

// ownerIn returns the first change that an element makes to what the other rows read; nil if there is none, or if these rows are free.
func (f *Format) ownerIn(without, with table.Model, el *etree.Element, config table.Model) *table.Change {
	changes := f.notFree(table.Changes(f.rows, without, with), config)
	if len(changes) == 0 || f.Exempt != nil && f.Exempt(el, changes[0], with) {
		return nil
	}
	return &changes[0]
}
