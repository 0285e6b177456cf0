package schema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// rawXMLNamespace is where a domain's metadata has what was put into its definition by whom, as it was written: libvirt adds to it, and spells some
// of it anew. With it an import finds all again, and a running guest is known to lack what came later.
const rawXMLNamespace = ownNamespaces + "xml/1"

const rawXMLPrefix = "kept"

// rawXMLCodec are keyed by a name of the user's. What the rows read and write is the record of each.
type rawXMLCodec struct{}

// Elements are the records of what is there, as it was put in or as somebody has changed it.
func (rawXMLCodec) Elements(domain *etree.Element) (keys []string, elements []*etree.Element) {
	stands := standing(domain)
	for _, r := range records(domain) {
		if stands[r] != nil {
			keys, elements = append(keys, r.SelectAttrValue("key", "")), append(elements, r)
		}
	}
	return keys, elements
}

// RawXMLKeys are the names of the elements that are in a definition.
func RawXMLKeys(domain *etree.Element) []string {
	keys, _ := rawXMLCodec{}.Elements(domain)
	return keys
}

// Make records what is about to be put in, also where that was once there and somebody took it out.
func (rawXMLCodec) Make(domain *etree.Element, key string, _ table.Model) *etree.Element {
	for _, r := range records(domain) {
		if r.SelectAttrValue("key", "") == key {
			r.Child = nil
			return r
		}
	}
	list := rawXMLList(domain)
	if list == nil {
		list = xmlmodel.Ensure(domain, "metadata").CreateElement(rawXMLPrefix + ":xml")
		list.CreateAttr("xmlns:"+rawXMLPrefix, rawXMLNamespace)
	}
	r := list.CreateElement(rawXMLPrefix + ":element")
	r.CreateAttr("key", key)
	return r
}

// Remove takes out what a record stands for.
func (rawXMLCodec) Remove(record *etree.Element) {
	withdraw(record)
	list := record.Parent()
	if xmlmodel.Drop(record); len(list.ChildElements()) == 0 {
		xmlmodel.Drop(list)
	}
}

// StandsFor is what a record is of.
func (rawXMLCodec) StandsFor(record *etree.Element) *etree.Element {
	return standing(domainOf(record))[record]
}

func rawXMLList(domain *etree.Element) *etree.Element {
	if metadata := domain.SelectElement("metadata"); metadata != nil {
		for _, list := range metadata.ChildElements() {
			if list.NamespaceURI() == rawXMLNamespace {
				return list
			}
		}
	}
	return nil
}

func records(domain *etree.Element) []*etree.Element {
	if list := rawXMLList(domain); list != nil {
		return list.ChildElements()
	}
	return nil
}

// domainOf is the definition that a record is in.
func domainOf(record *etree.Element) *etree.Element { return record.Parent().Parent().Parent() }

var rawXMLUnder = xmlmodel.Func{
	R: func(record *etree.Element) any { return record.SelectAttrValue("under", "") },
	W: func(record *etree.Element, v any) {
		text := record.Text()
		withdraw(record)
		record.CreateAttr("under", fmt.Sprint(v))
		insert(record, text)
	},
}

var rawXMLElement = xmlmodel.Func{
	R: func(record *etree.Element) any {
		there := standing(domainOf(record))[record]
		switch declared := declaration(record); {
		case there == nil:
			return nil
		case declared != nil && contains(there, declared):
			return record.Text()
		default:
			return bareText(there)
		}
	},
	W: func(record *etree.Element, v any) {
		withdraw(record)
		insert(record, fmt.Sprint(v))
	},
}

// declaration is what a record says, nil where it says nothing yet.
func declaration(record *etree.Element) *etree.Element {
	el, err := xmlmodel.Parse(record.Text())
	if err != nil {
		return nil
	}
	return el
}

// standing finds what each record stands for: an element in which all is that it says; where there is none, the only one of its name that
// stands for no other, which somebody has changed. Of one that is a list, several records may be parts.
func standing(domain *etree.Element) map[*etree.Element]*etree.Element {
	found, taken := map[*etree.Element]*etree.Element{}, map[*etree.Element]bool{}
	all := records(domain)
	assign := func(choose func(declared *etree.Element, candidates []*etree.Element) *etree.Element) {
		for _, r := range all {
			declared := declaration(r)
			if declared == nil || found[r] != nil {
				continue
			}
			alike := slices.DeleteFunc(siblings(domain, r, declared), func(el *etree.Element) bool { return taken[el] && !isList(declared) })
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
		if len(candidates) == 1 && !isList(declared) {
			return candidates[0]
		}
		return nil
	})
	return found
}

// siblings are the elements of one name where a record says that its own is.
func siblings(domain, record, declared *etree.Element) []*etree.Element {
	parent := xmlmodel.Find(domain, pathOf(record)...)
	if parent == nil {
		return nil
	}
	return slices.DeleteFunc(parent.ChildElements(), func(el *etree.Element) bool { return !alike(el, declared) })
}

func pathOf(record *etree.Element) []string {
	if under := record.SelectAttrValue("under", ""); under != "" {
		return strings.Split(under, "/")
	}
	return nil
}

// alike compares names: whatever the prefix is.
func alike(a, b *etree.Element) bool { return a.Tag == b.Tag && a.NamespaceURI() == b.NamespaceURI() }

// isList reports whether an element has no content but its children: then it is shared with others of its name.
func isList(declared *etree.Element) bool {
	return len(declared.ChildElements()) > 0 && !slices.ContainsFunc(declared.Attr, func(a etree.Attr) bool { return !declares(a) })
}

// declares says whether an attribute only declares a prefix.
func declares(a etree.Attr) bool { return a.Space == "xmlns" || a.Space == "" && a.Key == "xmlns" }

// contains says whether all that is declared is said in an element.
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

// parts are the children in which what is declared is said, one for each; nil where one is missing.
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

// withdraw takes out what a record stands for. Of a list only its part goes, and the list with the last.
func withdraw(record *etree.Element) {
	there, declared := standing(domainOf(record))[record], declaration(record)
	if there == nil {
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

// insert puts an element in where it is not there yet, and records it.
func insert(record *etree.Element, text string) {
	domain := domainOf(record)
	record.SetText(text)
	declared := declaration(record)
	if declared == nil {
		return // it has yet to be said
	}
	if there := standing(domain)[record]; there != nil && contains(there, declared) {
		return
	}
	path := pathOf(record)
	if !repeats(path, declared) {
		for _, other := range siblings(domain, record, declared) {
			xmlmodel.Drop(other)
		}
	}
	xmlmodel.Ensure(domain, path...).AddChild(declared)
}

// repeated are elements outside of <devices> of which there may be several.
var repeated = []string{"boot", "cell", "feature", "page", "seclabel", "sysinfo", "timer"}

// repeats says whether an element may stand beside another of its name; otherwise it stands in its place.
func repeats(path []string, declared *etree.Element) bool {
	if len(path) == 1 && path[0] == "devices" {
		return declared.Tag != "emulator"
	}
	return declared.NamespaceURI() != "" || slices.Contains(repeated, declared.Tag)
}

// bareText is an element as a person would write it.
func bareText(el *etree.Element) any {
	bare := el.Copy()
	if uri := el.NamespaceURI(); uri != "" && bare.SelectAttr("xmlns:"+el.Space) == nil {
		bare.CreateAttr("xmlns:"+el.Space, uri)
	}
	each(bare, dropBlanks)
	text, err := xmlmodel.Text(bare)
	if err != nil {
		return nil
	}
	return text
}
