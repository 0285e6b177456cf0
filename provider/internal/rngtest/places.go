package rngtest

import (
	"regexp"
	"slices"
	"strings"

	"github.com/beevik/etree"
)

// Place is an element or an attribute that a definition can have.
type Place struct {
	Path      string // of elements, with '@' and the name for an attribute
	Repeats   bool   // the element can occur several times
	Documents []Document
}

// Document is a small definition that has a place.
type Document struct {
	Root      *etree.Element
	Element   *etree.Element // the element of the place, or the one with the attribute
	Attribute string         // the name of the attribute; "" for an element
	Value     string         // the value of the attribute

	repeats bool
}

// mostDocuments is how many documents of a place are made, at most. Elements such as the address of a device are defined in many ways.
const mostDocuments = 6

// content is what a pattern allows inside of an element.
type content struct {
	attributes []etree.Attr
	children   []*node
	text       string
	place      string // the name of the attribute that is the place
	size       int
}

// node is an element of a document that is not made yet: nodes are shared between documents.
type node struct {
	name, space string
	content     *content
	marked      bool   // it is the element of the place
	repeats     bool   // and can occur several times
	attribute   string // or has the attribute of the place
}

func join(parts ...*content) *content {
	all := &content{}
	for _, p := range parts {
		all.attributes = append(all.attributes, p.attributes...)
		all.children = append(all.children, p.children...)
		all.text += p.text
		all.place += p.place
		all.size += p.size
	}
	return all
}

// Places lists the places of a schema, in the order of the schema.
func (s *Schema) Places() []*Place {
	var places []*Place
	known := map[string]*Place{}
	s.variants(s.start, map[string]int{}, func(c *content) {
		root := c.children[0]
		doc := Document{}
		doc.Root = root.make(&doc)
		complete(doc.Root)
		path := pathOf(&doc)
		p := known[path]
		if p == nil {
			p = &Place{Path: path}
			known[path] = p
			places = append(places, p)
		}
		p.Repeats = p.Repeats || doc.repeats
		if len(p.Documents) < mostDocuments {
			p.Documents = append(p.Documents, doc)
		}
	})
	return places
}

// complete adds what the schema does not require of a device of the host, but libvirt does: which device it is.
func complete(root *etree.Element) {
	for _, device := range root.FindElements("devices/hostdev") {
		source := device.SelectElement("source")
		if source == nil {
			continue
		}
		name, which := "address", map[string]string{"domain": "0x0000", "bus": "0x01", "slot": "0x00", "function": "0x0"}
		switch device.SelectAttrValue("type", "") {
		case "pci":
		case "usb":
			which = map[string]string{"bus": "1", "device": "4"}
			if source.SelectElement("vendor") != nil {
				continue
			}
		case "mdev":
			which = map[string]string{"uuid": "11111111-0000-4000-8000-000000000001"}
		default:
			continue
		}
		at := source.SelectElement(name)
		if at == nil {
			at = source.CreateElement(name)
		}
		for key, value := range which {
			if at.SelectAttr(key) == nil {
				at.CreateAttr(key, value)
			}
		}
	}
}

func pathOf(doc *Document) string {
	var names []string
	for el := doc.Element; el != nil && el != doc.Root; el = el.Parent() {
		names = append(names, el.Tag)
	}
	slices.Reverse(names)
	path := strings.Join(names, "/")
	if doc.Attribute != "" {
		path += "@" + doc.Attribute
	}
	return path
}

func (n *node) make(doc *Document) *etree.Element {
	el := etree.NewElement(n.name)
	if n.space != "" {
		el.Space = "x"
		el.CreateAttr("xmlns:x", n.space)
	}
	for _, a := range n.content.attributes {
		el.CreateAttr(a.Key, a.Value)
	}
	if n.content.text != "" && len(n.content.children) == 0 {
		el.SetText(n.content.text)
	}
	for _, child := range n.content.children {
		el.AddChild(child.make(doc))
	}
	if n.marked {
		doc.Element, doc.repeats = el, n.repeats
	}
	if n.attribute != "" {
		doc.Element, doc.Attribute, doc.Value = el, n.attribute, el.SelectAttrValue(n.attribute, "")
	}
	return el
}

// variants calls emit with contents of a pattern: each has one of the places that it allows, and otherwise as little as possible. depth counts the
// definitions that contain the pattern: a source can have a source, without end.
func (s *Schema) variants(p *etree.Element, depth map[string]int, emit func(*content)) {
	switch p.Tag {
	case "element":
		s.elementVariants(p, depth, emit)
	case "attribute":
		name := p.SelectAttrValue("name", "")
		for _, v := range s.values(p) {
			if name != "" {
				emit(&content{attributes: []etree.Attr{{Key: name, Value: v}}, place: name})
			}
		}
	case "ref":
		name := p.SelectAttrValue("name", "")
		if depth[name] > 0 {
			return
		}
		depth[name]++
		for _, define := range s.defines[name] {
			s.variants(define, depth, emit)
		}
		depth[name]--
	case "choice", "optional", "zeroOrMore", "oneOrMore":
		parts := p.ChildElements()
		if p.Tag == "choice" {
			for _, part := range parts {
				s.variants(part, depth, emit)
			}
			return
		}
		s.groupVariants(parts, depth, func(c *content) {
			for _, child := range c.children {
				child.repeats = child.repeats || child.marked && p.Tag != "optional"
			}
			emit(c)
		})
	case "group", "interleave", "start", "define", "div":
		s.groupVariants(p.ChildElements(), depth, emit)
	}
}

func (s *Schema) groupVariants(parts []*etree.Element, depth map[string]int, emit func(*content)) {
	for i, part := range parts {
		var before, after *content
		s.variants(part, depth, func(c *content) {
			if before == nil {
				before, after = s.leastOf(parts[:i]), s.leastOf(parts[i+1:])
			}
			if before.size < impossible && after.size < impossible {
				emit(join(before, c, after))
			}
		})
	}
}

func (s *Schema) elementVariants(p *etree.Element, depth map[string]int, emit func(*content)) {
	name := p.SelectAttrValue("name", "")
	if name == "" {
		return // any name
	}
	least := s.leastOf(p.ChildElements())
	if least.size >= impossible {
		return
	}
	element := func(c *content) *node { return &node{name: name, space: spaceOf(p), content: c} }
	marked := element(least)
	marked.marked = true
	emit(&content{children: []*node{marked}})
	s.groupVariants(p.ChildElements(), depth, func(c *content) {
		n := element(c)
		n.attribute = c.place
		emit(&content{children: []*node{n}})
	})
}

func spaceOf(p *etree.Element) string {
	for el := p; el != nil; el = el.Parent() {
		if a := el.SelectAttr("ns"); a != nil {
			return a.Value
		}
	}
	return ""
}

// impossible is the size of what no document can have.
const impossible = 1 << 20

func (s *Schema) leastOf(parts []*etree.Element) *content {
	all := make([]*content, len(parts))
	for i, part := range parts {
		all[i] = s.leastContent(part)
	}
	return join(all...)
}

// leastContent returns the least that a pattern requires.
func (s *Schema) leastContent(p *etree.Element) *content {
	if known, there := s.least[p]; there {
		if known == nil { // it contains itself
			return &content{size: impossible}
		}
		return known
	}
	s.least[p] = nil
	c := s.findLeast(p)
	if c.size < impossible {
		s.least[p] = c
	} else {
		delete(s.least, p)
	}
	return c
}

func (s *Schema) findLeast(p *etree.Element) *content {
	switch p.Tag {
	case "element":
		inner := s.leastOf(p.ChildElements())
		name := p.SelectAttrValue("name", "")
		if name == "" {
			return &content{size: impossible}
		}
		return &content{children: []*node{{name: name, space: spaceOf(p), content: inner}}, size: inner.size + 1}
	case "attribute":
		if name, values := p.SelectAttrValue("name", ""), s.values(p); name != "" && len(values) > 0 {
			return &content{attributes: []etree.Attr{{Key: name, Value: values[0]}}, size: 1}
		}
		return &content{size: impossible}
	case "ref":
		defines := s.defines[p.SelectAttrValue("name", "")]
		if len(defines) == 0 {
			return &content{size: impossible}
		}
		return s.leastContent(defines[len(defines)-1])
	case "choice":
		best := &content{size: impossible}
		for _, part := range p.ChildElements() {
			if c := s.leastContent(part); c.size < best.size {
				best = c
			}
		}
		return best
	case "optional", "zeroOrMore", "empty":
		return &content{}
	case "text", "data", "value", "list":
		if values := s.values(p); len(values) > 0 {
			return &content{text: values[0]}
		}
		return &content{text: "1"}
	case "notAllowed":
		return &content{size: impossible}
	case "group", "interleave", "oneOrMore", "define", "start", "div":
		return s.leastOf(p.ChildElements())
	default:
		return &content{}
	}
}

// examples are texts of the forms that libvirt's schemas have.
var examples = []string{"1", "0x1", "vda", "a", "/a", "52:54:00:00:00:01", "10.0.0.1", "fd00::1", "11111111-0000-4000-8000-000000000001",
	"0123456789abcdef", "0x0123456789abcdef", "0-1", "1.0", "0x0001", "0xffff", "0x01", "eth0", "0000", "naa.0123456789abcdef",
	"01/01/2020", "2020-01-01"}

// values returns texts that a pattern of texts allows: all that it lists, or an example.
func (s *Schema) values(p *etree.Element) []string {
	switch p.Tag {
	case "value":
		return []string{p.Text()}
	case "text":
		return []string{"a"}
	case "data":
		return []string{example(p)}
	case "ref":
		var all []string
		for _, define := range s.defines[p.SelectAttrValue("name", "")] {
			all = append(all, s.values(define)...)
		}
		return all
	case "attribute", "define", "choice", "group", "optional", "oneOrMore", "zeroOrMore", "interleave":
		var all []string
		for _, part := range p.ChildElements() {
			all = append(all, s.values(part)...)
		}
		if p.Tag == "attribute" && len(p.ChildElements()) == 0 {
			return []string{"a"}
		}
		return all
	default:
		return nil
	}
}

func example(data *etree.Element) string {
	for _, param := range data.SelectElements("param") {
		if param.SelectAttrValue("name", "") != "pattern" {
			continue
		}
		form, err := regexp.Compile(`^(?:` + param.Text() + `)$`)
		if err != nil {
			continue
		}
		if i := slices.IndexFunc(examples, form.MatchString); i >= 0 {
			return examples[i]
		}
	}
	if slices.Contains([]string{"string", "NCName", "NMTOKEN", "anyURI"}, data.SelectAttrValue("type", "")) {
		return "a"
	}
	return "1"
}
