package table

import "github.com/beevik/etree"

// Codec knows where the value of an attribute is in the XML of its parent: the resource, or the group that it belongs to.
type Codec interface {
	// Read returns the value (a string is converted to the row's type), nil if there is none.
	Read(parent *etree.Element) any
	// Write sets the value; nil removes it. It leaves everything else in the parent unchanged.
	Write(parent *etree.Element, v any)
}

// GroupCodec is the Codec of an Object row: it only knows which element the group is.
type GroupCodec interface {
	Find(parent *etree.Element) *etree.Element
	Make(parent *etree.Element) *etree.Element
	Remove(parent *etree.Element)
}

// MapCodec is the Codec of a Map row.
type MapCodec interface {
	// Elements returns the elements that are entries of the map, with their keys.
	Elements(parent *etree.Element) (keys []string, elements []*etree.Element)
	// Make adds an entry.
	Make(parent *etree.Element, key string, value Model) *etree.Element
}
