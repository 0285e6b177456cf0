package schema

import (
	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// present is a boolean: true if the element exists.
type present string

func (p present) Read(parent *etree.Element) any { return parent.SelectElement(string(p)) != nil }

func (p present) Write(parent *etree.Element, v any) {
	if v == true {
		xmlmodel.Ensure(parent, string(p))
		return
	}
	xmlmodel.Drop(parent.SelectElement(string(p)))
}

// stated is a boolean in an element's state, on or off. An element without a state means on; without the element the host chooses.
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

// switched is a boolean in an attribute, on or off.
func switched(at xmlmodel.At) xmlmodel.Func {
	return xmlmodel.Func{R: at.Read, W: func(el *etree.Element, v any) {
		if v != nil {
			v = onOff(v)
		}
		at.Write(el, v)
	}}
}

// nested is a value in an element that is removed when it becomes empty.
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

// inChild is a value in a child element, which is removed when it becomes empty. Unlike nested, it reads an absent element as an empty one.
func inChild(element string, value table.Codec) xmlmodel.Func {
	return xmlmodel.Func{
		R: func(parent *etree.Element) any {
			if el := parent.SelectElement(element); el != nil {
				return value.Read(el)
			}
			return value.Read(etree.NewElement(element))
		},
		W: func(parent *etree.Element, v any) {
			value.Write(xmlmodel.Ensure(parent, element), v)
			dropEmpty(parent.SelectElement(element))
		},
	}
}
