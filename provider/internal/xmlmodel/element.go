package xmlmodel

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/beevik/etree"
)

// OneElement checks that a text is one XML element.
func OneElement(v any) error {
	doc := etree.NewDocument()
	switch err := doc.ReadFromString(v.(string)); {
	case err != nil:
		return fmt.Errorf("must be an XML element: %w", err)
	case len(doc.ChildElements()) != 1:
		return errors.New("must be one XML element; put what belongs together into one")
	}
	return nil
}

// SameElement compares what two elements mean.
func SameElement(config, host string) bool {
	a, err1 := Parse(config)
	b, err2 := Parse(host)
	if err1 != nil || err2 != nil {
		return false
	}
	Strip(a, a.Space)
	Strip(b, b.Space)
	Each(a, func(n *etree.Element) { n.SortAttrs() })
	Each(b, func(n *etree.Element) { n.SortAttrs() })
	textA, err1 := Text(a)
	textB, err2 := Text(b)
	return err1 == nil && err2 == nil && textA == textB
}

// Strip removes a prefix, its declaration, and the white space between elements.
func Strip(root *etree.Element, prefix string) {
	root.RemoveAttr(strings.TrimSuffix("xmlns:"+prefix, ":"))
	root.RemoveAttr("xmlns")
	Each(root, func(n *etree.Element) {
		if n.Space == prefix {
			n.Space = ""
		}
		DropBlanks(n)
	})
}

// DropBlanks removes the white space between the children of an element.
func DropBlanks(n *etree.Element) {
	if len(n.ChildElements()) == 0 {
		return
	}
	for _, token := range slices.Clone(n.Child) {
		if text, ok := token.(*etree.CharData); ok && strings.TrimSpace(text.Data) == "" {
			n.RemoveChild(token)
		}
	}
}

// Each calls a function with an element and with everything in it.
func Each(e *etree.Element, do func(*etree.Element)) {
	do(e)
	for _, child := range e.ChildElements() {
		Each(child, do)
	}
}
