package rawxml

import (
	"fmt"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Namespace is that of the records: of each element, its key, its parent, and its text as it was written; of attributes, the same with an element
// that has only these.
const Namespace = xmlmodel.OwnNamespaces + "xml/1"

const prefix = "kept"

// The names of records: of an element, and of attributes of an element.
const (
	ofElement    = "element"
	ofAttributes = "attributes"
)

func isOfAttributes(record *etree.Element) bool { return record.Tag == ofAttributes }

// codec reads and writes the entries of `xml`. The rows read and write the record of each.
type codec struct{ *Format }

// Elements returns the records of the elements that exist, unchanged or changed outside Terraform.
func (c codec) Elements(root *etree.Element) (keys []string, elements []*etree.Element) {
	stands := c.standing(root)
	for _, r := range c.records(root) {
		if stands[r] != nil {
			keys, elements = append(keys, r.SelectAttrValue("key", "")), append(elements, r)
		}
	}
	return keys, elements
}

// Make creates the record of a new element, also if the element existed before and was removed outside Terraform.
func (c codec) Make(root *etree.Element, key string, _ table.Model) *etree.Element {
	for _, r := range c.records(root) {
		if r.SelectAttrValue("key", "") == key {
			r.Child, r.Tag = nil, ofElement
			return r
		}
	}
	return c.record(root, ofElement, key, "", "")
}

// Remove removes the element of a record.
func (c codec) Remove(record *etree.Element) {
	c.withdraw(record)
	list := record.Parent()
	if xmlmodel.Drop(record); len(list.ChildElements()) == 0 {
		xmlmodel.Drop(list)
	}
}

// StandsFor returns the element of a record, nil if the record is of attributes.
func (c codec) StandsFor(record *etree.Element) *etree.Element {
	if isOfAttributes(record) {
		return nil
	}
	return c.standing(c.rootOf(record))[record]
}

// record adds a record.
func (f *Format) record(root *etree.Element, of, key, under, text string) *etree.Element {
	list := f.list(root)
	if list == nil {
		list = f.place(root).CreateElement(prefix + ":xml")
		list.CreateAttr("xmlns:"+prefix, Namespace)
	}
	r := list.CreateElement(prefix + ":" + of)
	r.CreateAttr("key", key)
	if under != "" {
		r.CreateAttr("under", under)
	}
	if text != "" {
		r.SetText(text)
	}
	return r
}

// place returns the element that contains the list of records.
func (f *Format) place(root *etree.Element) *etree.Element {
	if f.Whole {
		return root
	}
	return xmlmodel.Ensure(root, "metadata")
}

func (f *Format) list(root *etree.Element) *etree.Element {
	in := root
	if !f.Whole {
		in = root.SelectElement("metadata")
	}
	if in == nil {
		return nil
	}
	for _, list := range in.ChildElements() {
		if list.NamespaceURI() == Namespace {
			return list
		}
	}
	return nil
}

func (f *Format) records(root *etree.Element) []*etree.Element {
	if list := f.list(root); list != nil {
		return list.ChildElements()
	}
	return nil
}

// rootOf returns the definition that contains a record.
func (f *Format) rootOf(record *etree.Element) *etree.Element {
	place := record.Parent().Parent()
	if f.Whole {
		return place
	}
	return place.Parent()
}

// freeKey returns a key that no entry has.
func freeKey(keys map[string]bool, name string) string {
	key := name
	for n := 2; keys[key]; n++ {
		key = fmt.Sprintf("%s-%d", name, n)
	}
	keys[key] = true
	return key
}

// underOf returns the path that a record names.
func underOf(record *etree.Element) string { return record.SelectAttrValue("under", "") }

// declaration returns the element as the user declared it, or one with the declared attributes; nil for a record without one.
func declaration(record *etree.Element) *etree.Element {
	el, err := xmlmodel.Parse(record.Text())
	if err != nil {
		return nil
	}
	return el
}
