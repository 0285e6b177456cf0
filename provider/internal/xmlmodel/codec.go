// Package xmlmodel reads libvirt's XML into a model and patches a model into it, as the table says, and leaves everything else in the XML
// unchanged.
package xmlmodel

import (
	"errors"
	"fmt"
	"strings"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// At is the codec of a value that is an element's text ("cpu/model") or an attribute ("os/type@machine", "@name").
type At string

func (p At) split() (elements []string, attr string) {
	path, attr, _ := strings.Cut(string(p), "@")
	if path != "" {
		elements = strings.Split(path, "/")
	}
	return elements, attr
}

// Read returns the text, nil if there is none.
func (p At) Read(parent *etree.Element) any {
	elements, attr := p.split()
	el := Find(parent, elements...)
	if el == nil {
		return nil
	}
	if attr == "" {
		if text := el.Text(); text != "" {
			return text
		}
		return nil
	}
	if a := el.SelectAttr(attr); a != nil {
		return a.Value
	}
	return nil
}

// Text returns the text, "" if there is none.
func (p At) Text(parent *etree.Element) string {
	s, _ := p.Read(parent).(string)
	return s
}

// Write sets the text. If v is nil, it removes the attribute or the element.
func (p At) Write(parent *etree.Element, v any) {
	elements, attr := p.split()
	if v == nil {
		el := Find(parent, elements...)
		switch {
		case el == nil:
		case attr != "":
			el.RemoveAttr(attr)
		default:
			Drop(el)
		}
		return
	}
	el := Ensure(parent, elements...)
	if attr == "" {
		el.SetText(spell(v))
	} else {
		el.CreateAttr(attr, spell(v))
	}
}

// spell writes a boolean as libvirt does in most places; for those where libvirt writes on and off, see Words.
func spell(v any) string {
	switch v {
	case true:
		return "yes"
	case false:
		return "no"
	default:
		return fmt.Sprint(v)
	}
}

// Words is At for a boolean that libvirt spells in other words; an absent value is read as no.
type Words struct {
	At      At
	Yes, No string
}

// Read reports whether the word is the one for yes.
func (w Words) Read(parent *etree.Element) any { return w.At.Read(parent) == any(w.Yes) }

// Write sets the word.
func (w Words) Write(parent *etree.Element, v any) {
	switch v {
	case nil:
		w.At.Write(parent, nil)
	case true:
		w.At.Write(parent, w.Yes)
	default:
		w.At.Write(parent, w.No)
	}
}

// Element is the GroupCodec of a group that is the first element at a path.
type Element []string

// Find returns the element or nil.
func (e Element) Find(parent *etree.Element) *etree.Element { return Find(parent, e...) }

// Make returns the element and creates it if it is missing.
func (e Element) Make(parent *etree.Element) *etree.Element { return Ensure(parent, e...) }

// Remove removes the element.
func (e Element) Remove(parent *etree.Element) { Drop(e.Find(parent)) }

// Within is the GroupCodec of a group whose element contains more than the table has. When the group is removed, each of its rows removes
// what the group had, and everything else stays.
type Within []string

// Find returns the element or nil.
func (w Within) Find(parent *etree.Element) *etree.Element { return Find(parent, w...) }

// Make returns the element and creates it if it is missing.
func (w Within) Make(parent *etree.Element) *etree.Element { return Ensure(parent, w...) }

func (Within) holdsMore() {}

// Remove removes the element if nothing is left in it.
func (w Within) Remove(parent *etree.Element) {
	if el := w.Find(parent); el != nil && len(el.Attr) == 0 && len(el.ChildElements()) == 0 {
		Drop(el)
	}
}

// Func is the codec of a value that needs its own functions.
type Func struct {
	R func(parent *etree.Element) any
	W func(parent *etree.Element, v any)
}

// Read calls R.
func (f Func) Read(parent *etree.Element) any { return f.R(parent) }

// Write calls W.
func (f Func) Write(parent *etree.Element, v any) { f.W(parent, v) }

// Find follows the first elements with these names; it returns nil if one is missing.
func Find(el *etree.Element, names ...string) *etree.Element {
	for _, n := range names {
		if el = el.SelectElement(n); el == nil {
			return nil
		}
	}
	return el
}

// Drop removes an element from its parent; nil is allowed.
func Drop(el *etree.Element) {
	if el != nil && el.Parent() != nil {
		el.Parent().RemoveChild(el)
	}
}

// Ensure is like Find, but creates the elements that are missing.
func Ensure(el *etree.Element, names ...string) *etree.Element {
	for _, n := range names {
		next := el.SelectElement(n)
		if next == nil {
			next = el.CreateElement(n)
		}
		el = next
	}
	return el
}

// ErrUnreadable is wrapped by the error of a document that cannot be parsed. libvirt (9.0) writes some names without escaping them.
var ErrUnreadable = errors.New("unable to read XML")

// Parse parses a document and returns its root.
func Parse(xml string) (*etree.Element, error) {
	doc := etree.NewDocument()
	if err := doc.ReadFromString(xml); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	if doc.Root() == nil {
		return nil, fmt.Errorf("%w: it has no root element", ErrUnreadable)
	}
	return doc.Root(), nil
}

// Text returns an element as XML.
func Text(el *etree.Element) (string, error) {
	doc := etree.NewDocument()
	doc.SetRoot(el.Copy())
	return doc.WriteToString()
}

var _ table.Codec = At("")
