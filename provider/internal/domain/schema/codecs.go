package schema

import (
	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// present is a truth that is said by an element's being there.
type present string

func (p present) Read(parent *etree.Element) any { return parent.SelectElement(string(p)) != nil }

func (p present) Write(parent *etree.Element, v any) {
	if v == true {
		xmlmodel.Ensure(parent, string(p))
		return
	}
	xmlmodel.Drop(parent.SelectElement(string(p)))
}

// stated is a truth in an element that says on or off; without a word it says on, and where it is missing the host chooses.
type stated string

func (s stated) Read(parent *etree.Element) any {
	el := parent.SelectElement(string(s))
	if el == nil {
		return nil
	}
	return el.SelectAttrValue("state", "on")
}

func (s stated) Write(parent *etree.Element, v any) {
	if v == nil {
		xmlmodel.Drop(parent.SelectElement(string(s)))
		return
	}
	xmlmodel.Ensure(parent, string(s)).CreateAttr("state", onOff(v))
}

func onOff(v any) string {
	if v == true {
		return "on"
	}
	return "off"
}

// switched is a truth in an attribute that says on or off.
func switched(at xmlmodel.At) xmlmodel.Func {
	return xmlmodel.Func{R: at.Read, W: func(el *etree.Element, v any) {
		if v != nil {
			v = onOff(v)
		}
		at.Write(el, v)
	}}
}

// nested is a value in an element that goes when nothing is left in it.
type nested struct {
	element string
	value   table.Codec
}

func (n nested) Read(parent *etree.Element) any {
	if el := parent.SelectElement(n.element); el != nil {
		return n.value.Read(el)
	}
	return nil
}

func (n nested) Write(parent *etree.Element, v any) {
	el := xmlmodel.Ensure(parent, n.element)
	n.value.Write(el, v)
	dropEmpty(el)
}
