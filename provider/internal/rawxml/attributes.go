package rawxml

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// An entry with `attributes` stands for some attributes of an element that an attribute of the resource, libvirt or another entry makes.

// withAttributes returns the element of a record of attributes if it has one of them, nil otherwise.
func (f *Format) withAttributes(root, record *etree.Element) *etree.Element {
	declared := declaration(record)
	if declared == nil || !isOfAttributes(record) {
		return nil
	}
	el := f.find(root, underOf(record))
	if el == nil || !slices.ContainsFunc(declared.Attr, func(a etree.Attr) bool { return el.SelectAttr(a.FullKey()) != nil }) {
		return nil
	}
	return el
}

// attributes returns the values that the attributes of a record have, without those that the element does not have.
func (f *Format) attributes(record *etree.Element) any {
	there := f.withAttributes(f.rootOf(record), record)
	if there == nil {
		return nil
	}
	texts := map[string]string{}
	for _, a := range declaration(record).Attr {
		if now := there.SelectAttr(a.FullKey()); now != nil {
			texts[a.FullKey()] = now.Value
		}
	}
	return table.TextsOf(texts)
}

func (f *Format) setAttributes(record *etree.Element, v any) {
	if texts, is := v.(table.Texts); is {
		f.withdraw(record)
		record.Tag = ofAttributes
		f.insert(record, textWith(lastOf(underOf(record)), texts))
		return
	}
	if isOfAttributes(record) {
		f.withdraw(record)
		record.Child, record.Tag = nil, ofElement
	}
}

// textWith returns an element with these attributes.
func textWith(name string, texts table.Texts) string {
	el := etree.NewElement(name)
	if name == "" {
		el.Tag = "root"
	}
	all := texts.Map()
	for _, key := range slices.Sorted(maps.Keys(all)) {
		el.CreateAttr(key, all[key])
	}
	text, err := xmlmodel.Text(el)
	if err != nil {
		return ""
	}
	return text
}

func setAttributes(el, declared *etree.Element) {
	if el == nil {
		return // the entry of another attribute that contains it is gone
	}
	for _, a := range declared.Attr {
		el.CreateAttr(a.FullKey(), a.Value)
	}
}

// withdrawAttributes removes attributes, and their element if nothing is left in it and no row reads it.
func (f *Format) withdrawAttributes(root, el, declared *etree.Element) {
	for _, a := range declared.Attr {
		el.RemoveAttr(a.FullKey())
	}
	if el != root && len(el.Attr) == 0 && len(el.ChildElements()) == 0 && strings.TrimSpace(el.Text()) == "" && !f.isRead(root, el) {
		xmlmodel.Drop(el)
	}
}

// declaresAttribute reports whether a record stands for an attribute of an element.
func (f *Format) declaresAttribute(root, el *etree.Element, name string) bool {
	return slices.ContainsFunc(f.records(root), func(r *etree.Element) bool {
		if isOfAttributes(r) {
			return f.withAttributes(root, r) == el && declaration(r).SelectAttr(name) != nil
		}
		return false
	})
}

var attributeForm = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`)

func attributeName(v any) error {
	if s := v.(string); !attributeForm.MatchString(s) {
		return fmt.Errorf("must be the name of an XML attribute like queue_size, got %q", s)
	}
	return nil
}

// attributeRules refuses attributes that other attributes of the resource stand for.
func (f *Format) attributeRules(p table.Problems, config table.Model, under string, texts table.Texts) {
	root := f.planned(config)
	el := f.ensure(root, under)
	if el == nil {
		return // a rule for the path says it
	}
	all := texts.Map()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		owner := f.ownerOfAttribute(root, el, config, name, all[name])
		if owner == nil {
			continue
		}
		attribute, instead := nameOf(owner.Path, len(owner.Path.Steps())), "; use that attribute"
		switch {
		case !lacks(owner):
		case !f.Whole && canBeUnset(owner.Attr):
			instead = fmt.Sprintf(", and %q is a value that it does not have; remove '%s'", all[name], attribute)
		case !hasKey(under):
			instead = " to " + strings.Join(owner.Attr.Enum, ", ") + " only; choose one of these there"
		default:
			instead = fmt.Sprintf(" to %s only; write the whole <%s> as an 'element' instead of an entry of '%s'",
				strings.Join(owner.Attr.Enum, ", "), wholeOf(under), owner.Rows[0].Name)
		}
		p.Must("attributes", "not have %q, which '%s' sets%s", name, attribute, instead)
	}
}

// wholeOf returns the name of the element with the last key in a path, or of the last element.
func wholeOf(under string) string {
	steps := stepsOf(under)
	for _, s := range slices.Backward(steps) {
		if s.key != "" {
			return s.name
		}
	}
	return lastOf(under)
}

// likely are values that attributes have in libvirt's XML. One of them differs from what a row reads if the attribute is missing.
var likely = []string{"yes", "no", "on", "off", "1", "2"}

// ownerOfAttribute returns the change that an attribute makes to what the other rows read, nil if there is none.
func (f *Format) ownerOfAttribute(root, el *etree.Element, config table.Model, name, value string) *table.Change {
	was := el.SelectAttr(name)
	el.RemoveAttr(name)
	without := xmlmodel.Read(f.rows, root)
	defer func() {
		if el.RemoveAttr(name); was != nil {
			el.CreateAttr(name, was.Value)
		}
	}()
	for i, v := range append([]string{value}, likely...) {
		el.CreateAttr(name, v)
		changes := table.Changes(f.rows, without, xmlmodel.Read(f.rows, root))
		left := f.notFree(changes, config)
		switch {
		case len(left) > 0:
			return &left[0]
		case i == 0 && len(changes) > 0:
			return nil // a row reads it that has no such value
		}
	}
	return nil
}
