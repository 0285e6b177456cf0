package schema

import (
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
			Name: "xml", Type: table.String, Mode: table.Required, Text: table.Anything, Check: xmlmodel.OneElement, Same: xmlmodel.SameElement,
			XML: xmlmodel.Func{R: MetadataText, W: setMetadataText},
			Doc: "The element, without a prefix: `<owner team=\"storage\"/>`. White space between elements is ignored.",
		},
	},
}

// ownNamespaces are the namespaces in which this provider keeps its own records. Users cannot set them.
const ownNamespaces = xmlmodel.OwnNamespaces

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
	case strings.ContainsAny(s, `<>&"'`): // libxml2 writes the URI of a namespace as it is
		return fmt.Errorf("must not contain quotes, '<', '>' or '&', which libvirt does not keep, got %q", s)
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

// metadataCodec reads and writes the metadata by namespace. libvirt keeps one element for each.
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
	xmlmodel.Each(e, func(n *etree.Element) {
		if n.Space == was {
			n.Space = prefix
		}
	})
}

// MetadataText is the element as a user writes it: without its prefix, and without the blanks that libvirt puts in.
func MetadataText(e *etree.Element) any {
	bare := e.Copy()
	xmlmodel.Strip(bare, e.Space)
	text, err := xmlmodel.Text(bare)
	if err != nil {
		return nil
	}
	return text
}

func setMetadataText(e *etree.Element, v any) {
	fresh, err := xmlmodel.Parse(fmt.Sprint(v))
	if err != nil {
		return // xmlmodel.OneElement has seen it
	}
	prefix, uri := e.Space, e.NamespaceURI()
	xmlmodel.Strip(fresh, fresh.Space)
	xmlmodel.Each(fresh, func(n *etree.Element) {
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
