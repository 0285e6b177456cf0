package schema

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

var metadataRow = table.Attr{
	Name: "metadata", Type: table.Map, Mode: table.Optional, Running: table.Running{Operation: ChangeMetadata},
	Check: namespace, Entries: metadataCodec{}, Implied: onlyOSInfo,
	Doc: "Metadata of other tools, by the URI of its XML namespace: one element each.",
	Attrs: []table.Attr{
		{
			Name: "prefix", Type: table.String, Mode: table.Required, Check: prefixForm,
			XML: xmlmodel.Func{R: metadataPrefix, W: setMetadataPrefix},
			Doc: "The prefix of the namespace in libvirt's XML.",
		},
		{
			Name: "xml", Type: table.String, Mode: table.Required, Check: oneElement, Same: sameXML,
			XML: xmlmodel.Func{R: MetadataText, W: setMetadataText},
			Doc: "The element, without a prefix: `<owner team=\"storage\"/>`. White space between elements is ignored.",
		},
	},
}

// ownNamespaces are where this provider keeps what it has to remember; they are no user's.
const ownNamespaces = "https://kvm-fleet.dev/xmlns/"

// onlyOSInfo recognizes metadata that virt-install and virt-manager write into every domain: the operating system in it.
func onlyOSInfo(host any) bool {
	for uri := range host.(table.Model) {
		if !strings.HasPrefix(uri, "http://libosinfo.org/xmlns/") {
			return false
		}
	}
	return true
}

func namespace(v any) error {
	switch s := v.(string); {
	case s == "" || strings.ContainsAny(s, " \t\n"):
		return fmt.Errorf("must be a URI like https://example.org/team, got %q", s)
	case strings.HasPrefix(s, ownNamespaces):
		return fmt.Errorf("must not begin with %s, got %q; choose a namespace of your own", ownNamespaces, s)
	}
	return nil
}

var prefixName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`)

func prefixForm(v any) error {
	if s := v.(string); !prefixName.MatchString(s) || strings.HasPrefix(strings.ToLower(s), "xml") {
		return fmt.Errorf("must be a name like \"team\" that does not begin with 'xml', got %q", s)
	}
	return nil
}

func oneElement(v any) error {
	doc := etree.NewDocument()
	switch err := doc.ReadFromString(v.(string)); {
	case err != nil:
		return fmt.Errorf("must be an XML element: %w", err)
	case len(doc.ChildElements()) != 1:
		return errors.New("must be one XML element; put what belongs together into one")
	}
	return nil
}

// metadataCodec is keyed by namespace: libvirt keeps one element of each.
type metadataCodec struct{}

func (metadataCodec) Elements(el *etree.Element) (keys []string, elements []*etree.Element) {
	list := el.SelectElement("metadata")
	if list == nil {
		return nil, nil
	}
	for _, e := range list.ChildElements() {
		if uri := e.NamespaceURI(); uri != "" && !strings.HasPrefix(uri, ownNamespaces) {
			keys, elements = append(keys, uri), append(elements, e)
		}
	}
	return keys, elements
}

func (metadataCodec) Make(el *etree.Element, uri string, v table.Model) *etree.Element {
	e := xmlmodel.Ensure(el, "metadata").CreateElement(v.Str("prefix") + ":new")
	e.CreateAttr("xmlns:"+v.Str("prefix"), uri)
	return e
}

func metadataPrefix(e *etree.Element) any {
	if e.Space == "" {
		return nil
	}
	return e.Space
}

func setMetadataPrefix(e *etree.Element, v any) {
	uri, was, prefix := e.NamespaceURI(), e.Space, fmt.Sprint(v)
	e.RemoveAttr(strings.TrimSuffix("xmlns:"+was, ":"))
	e.CreateAttr("xmlns:"+prefix, uri)
	each(e, func(n *etree.Element) {
		if n.Space == was {
			n.Space = prefix
		}
	})
}

// MetadataText is the element as a user writes it: without its prefix, and without the blanks that libvirt puts in.
func MetadataText(e *etree.Element) any {
	bare := e.Copy()
	strip(bare, e.Space)
	text, err := xmlmodel.Text(bare)
	if err != nil {
		return nil
	}
	return text
}

func setMetadataText(e *etree.Element, v any) {
	fresh, err := xmlmodel.Parse(fmt.Sprint(v))
	if err != nil {
		return // oneElement has seen it
	}
	prefix, uri := e.Space, e.NamespaceURI()
	strip(fresh, fresh.Space)
	each(fresh, func(n *etree.Element) {
		if n.Space == "" {
			n.Space = prefix
		}
	})
	e.Tag, e.Attr, e.Child = fresh.Tag, nil, nil
	e.CreateAttr("xmlns:"+prefix, uri)
	for _, a := range fresh.Attr {
		e.CreateAttr(a.FullKey(), a.Value)
	}
	for _, child := range slices.Clone(fresh.Child) {
		e.AddChild(child)
	}
}

// sameXML compares what two elements mean.
func sameXML(config, host string) bool {
	a, err1 := xmlmodel.Parse(config)
	b, err2 := xmlmodel.Parse(host)
	if err1 != nil || err2 != nil {
		return false
	}
	strip(a, a.Space)
	strip(b, b.Space)
	each(a, func(n *etree.Element) { n.SortAttrs() })
	each(b, func(n *etree.Element) { n.SortAttrs() })
	textA, err1 := xmlmodel.Text(a)
	textB, err2 := xmlmodel.Text(b)
	return err1 == nil && err2 == nil && textA == textB
}

// strip takes a prefix, its declaration, and the blanks between elements away.
func strip(root *etree.Element, prefix string) {
	root.RemoveAttr(strings.TrimSuffix("xmlns:"+prefix, ":"))
	root.RemoveAttr("xmlns")
	each(root, func(n *etree.Element) {
		if n.Space == prefix {
			n.Space = ""
		}
		dropBlanks(n)
	})
}

func dropBlanks(n *etree.Element) {
	if len(n.ChildElements()) == 0 {
		return
	}
	for _, token := range slices.Clone(n.Child) {
		if text, ok := token.(*etree.CharData); ok && strings.TrimSpace(text.Data) == "" {
			n.RemoveChild(token)
		}
	}
}

func each(e *etree.Element, do func(*etree.Element)) {
	do(e)
	for _, child := range e.ChildElements() {
		each(child, do)
	}
}
