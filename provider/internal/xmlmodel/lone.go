package xmlmodel

import "github.com/beevik/etree"

// Lone is a value in an element that goes when nothing is left in it.
type Lone struct {
	Element string
	At      At
}

// Read returns the value, nil where the element is not there.
func (l Lone) Read(parent *etree.Element) any {
	if el := parent.SelectElement(l.Element); el != nil {
		return l.At.Read(el)
	}
	return nil
}

// Write sets the value, or takes it away and the element with it.
func (l Lone) Write(parent *etree.Element, v any) {
	el := Ensure(parent, l.Element)
	l.At.Write(el, v)
	if len(el.Attr) == 0 && len(el.ChildElements()) == 0 {
		Drop(el)
	}
}

// Whole is an attribute without which its element means something else, or nothing: they come and go together.
type Whole struct{ Element, Attr string }

// Read returns the attribute.
func (w Whole) Read(parent *etree.Element) any { return At(w.Element + "@" + w.Attr).Read(parent) }

// Write sets the attribute, or takes the element away.
func (w Whole) Write(parent *etree.Element, v any) {
	if v == nil {
		Drop(parent.SelectElement(w.Element))
		return
	}
	At(w.Element+"@"+w.Attr).Write(parent, v)
}
