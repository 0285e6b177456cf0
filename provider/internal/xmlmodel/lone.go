package xmlmodel

import "github.com/beevik/etree"

// Lone is the codec of a value in an element that is removed when nothing is left in it.
type Lone struct {
	Element string
	At      At
}

// Read returns the value, nil if the element is missing.
func (l Lone) Read(parent *etree.Element) any {
	if el := parent.SelectElement(l.Element); el != nil {
		return l.At.Read(el)
	}
	return nil
}

// Write sets the value. If v is nil, it removes the value, and the element if nothing is left in it.
func (l Lone) Write(parent *etree.Element, v any) {
	el := Ensure(parent, l.Element)
	l.At.Write(el, v)
	if len(el.Attr) == 0 && len(el.ChildElements()) == 0 {
		Drop(el)
	}
}

// Whole is the codec of an attribute without which its element has another meaning or none: the two are added and removed together.
type Whole struct{ Element, Attr string }

// Read returns the attribute.
func (w Whole) Read(parent *etree.Element) any { return At(w.Element + "@" + w.Attr).Read(parent) }

// Write sets the attribute. If v is nil, it removes the element.
func (w Whole) Write(parent *etree.Element, v any) {
	if v == nil {
		Drop(parent.SelectElement(w.Element))
		return
	}
	At(w.Element+"@"+w.Attr).Write(parent, v)
}
