package rawxml

import (
	"slices"
	"strings"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// standing finds the element of each record: one that contains everything that was declared; otherwise the only element of that name that
// belongs to no other record and to no attribute, which was changed outside Terraform. Several records can be parts of an element that is a list.
func (f *Format) standing(root *etree.Element) map[*etree.Element]*etree.Element {
	found, taken := map[*etree.Element]*etree.Element{}, map[*etree.Element]bool{}
	all := f.records(root)
	assign := func(choose func(declared *etree.Element, candidates []*etree.Element) *etree.Element) {
		for _, r := range all {
			declared := declaration(r)
			if declared == nil || found[r] != nil || isOfAttributes(r) {
				continue
			}
			alike := slices.DeleteFunc(f.siblings(root, underOf(r), declared), func(el *etree.Element) bool { return taken[el] && !isList(declared) })
			if el := choose(declared, alike); el != nil {
				found[r], taken[el] = el, true
			}
		}
	}
	assign(func(declared *etree.Element, candidates []*etree.Element) *etree.Element {
		if i := slices.IndexFunc(candidates, func(el *etree.Element) bool { return contains(el, declared) }); i >= 0 {
			return candidates[i]
		}
		return nil
	})
	assign(func(declared *etree.Element, candidates []*etree.Element) *etree.Element {
		if isList(declared) {
			return nil
		}
		candidates = slices.DeleteFunc(candidates, func(el *etree.Element) bool { return f.isRead(root, el) })
		if len(candidates) != 1 {
			return nil
		}
		return candidates[0]
	})
	for _, r := range all {
		if el := f.withAttributes(root, r); el != nil {
			found[r] = el
		}
	}
	return found
}

// siblings returns the elements of one name below a path.
func (f *Format) siblings(root *etree.Element, under string, declared *etree.Element) []*etree.Element {
	parent := f.find(root, under)
	if parent == nil {
		return nil
	}
	return slices.DeleteFunc(parent.ChildElements(), func(el *etree.Element) bool { return !alike(el, declared) })
}

// alike reports whether two elements have the same name and namespace, with any prefix.
func alike(a, b *etree.Element) bool { return a.Tag == b.Tag && a.NamespaceURI() == b.NamespaceURI() }

// isList reports whether an element has no content but its children: then it is shared with others of its name.
func isList(declared *etree.Element) bool {
	return len(declared.ChildElements()) > 0 && !slices.ContainsFunc(declared.Attr, func(a etree.Attr) bool { return !declares(a) })
}

// declares reports whether an attribute only declares a prefix.
func declares(a etree.Attr) bool { return a.Space == "xmlns" || a.Space == "" && a.Key == "xmlns" }

// contains reports whether an element contains everything that is declared.
func contains(there, declared *etree.Element) bool {
	if !alike(there, declared) {
		return false
	}
	for _, a := range declared.Attr {
		if b := there.SelectAttr(a.FullKey()); !declares(a) && (b == nil || b.Value != a.Value) {
			return false
		}
	}
	if text := strings.TrimSpace(declared.Text()); text != "" && strings.TrimSpace(there.Text()) != text {
		return false
	}
	return parts(there, declared) != nil
}

// parts returns, for each declared child, the child of the element that contains it, or nil if one is missing.
func parts(there, declared *etree.Element) []*etree.Element {
	left, found := there.ChildElements(), []*etree.Element{}
	for _, child := range declared.ChildElements() {
		i := slices.IndexFunc(left, func(el *etree.Element) bool { return contains(el, child) })
		if i < 0 {
			return nil
		}
		found, left = append(found, left[i]), slices.Delete(left, i, i+1)
	}
	return found
}

// withdraw removes the element of a record. Of a list it removes only the record's part, and the list with its last part.
func (f *Format) withdraw(record *etree.Element) {
	root := f.rootOf(record)
	there, declared := f.standing(root)[record], declaration(record)
	if there == nil {
		return
	}
	if isOfAttributes(record) {
		f.withdrawAttributes(root, there, declared)
		return
	}
	if isList(declared) {
		for _, part := range parts(there, declared) {
			xmlmodel.Drop(part)
		}
		if len(there.ChildElements()) > 0 {
			return
		}
	}
	xmlmodel.Drop(there)
}

// insert adds an element unless it exists, and records it.
func (f *Format) insert(record *etree.Element, text string) {
	root := f.rootOf(record)
	record.SetText(text)
	declared := declaration(record)
	if declared == nil {
		return // the declaration is not set yet
	}
	under := underOf(record)
	if isOfAttributes(record) {
		setAttributes(f.ensure(root, under), declared)
		return
	}
	if there := f.standing(root)[record]; there != nil && contains(there, declared) {
		return
	}
	parent := f.ensure(root, under)
	if parent == nil {
		return // the entry of another attribute that contains it is gone
	}
	if !f.Repeats(namesOf(under), declared) {
		for _, other := range f.siblings(root, under, declared) {
			xmlmodel.Drop(other)
		}
	}
	parent.AddChild(declared)
}

// bareText returns an element's XML with the declaration of its namespace, and without white space between elements.
func bareText(el *etree.Element) any {
	bare := el.Copy()
	if uri := el.NamespaceURI(); uri != "" && bare.SelectAttr("xmlns:"+el.Space) == nil {
		bare.CreateAttr("xmlns:"+el.Space, uri)
	}
	xmlmodel.Each(bare, func(n *etree.Element) {
		if xmlmodel.DropBlanks(n); strings.TrimSpace(n.Text()) == "" && strings.Contains(n.Text(), "\n") {
			n.SetText("") // libvirt (9.0) writes some empty elements in two lines
		}
	})
	text, err := xmlmodel.Text(bare)
	if err != nil {
		return nil
	}
	return text
}
