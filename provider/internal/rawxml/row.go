package rawxml

import (
	"fmt"
	"regexp"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// row returns the row of `xml`.
func (f *Format) row() table.Attr {
	doc := "Elements of libvirt's XML that no attribute stands for, by a name of your choice. Every change keeps them. " +
		"An element is recognized by all its content, and removed with its entry."
	if f.Note != "" {
		doc += " " + f.Note
	}
	return table.Attr{
		Name: "xml", Type: table.Map, Mode: table.Optional, Change: f.Change, Check: table.EntryKey,
		Entries: codec{f},
		Doc:     doc,
		Attrs: []table.Attr{
			{
				Name: "under", Type: table.String, Mode: table.Optional, Default: "", Change: f.Change,
				Check: f.underForm, XML: xmlmodel.Func{R: under, W: f.setUnder},
				Doc: fmt.Sprintf("The path of the parent element, below `%s`: %s. Empty: `%[1]s` itself.", f.Root, f.Parents),
			},
			{
				Name: "element", Type: table.String, Mode: table.Required, Change: f.Change, Text: table.Anything, Check: xmlmodel.OneElement,
				Same: xmlmodel.SameElement, XML: xmlmodel.Func{R: f.element, W: f.setElement},
				Doc: fmt.Sprintf("The element, as libvirt returns it: `%s`. Additions by libvirt are not a difference. The "+
					"element declares its prefixes: `%s`.", f.Example, f.Prefix),
			},
		},
	}
}

var underName = regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9_]*(/[A-Za-z_][A-Za-z0-9_]*)*)?$`)

func (f *Format) underForm(v any) error {
	if s := v.(string); !underName.MatchString(s) {
		return fmt.Errorf("must be a path of elements below <%s> like %s, got %q", f.Root, f.Path, s)
	}
	return nil
}

func under(record *etree.Element) any { return record.SelectAttrValue("under", "") }

func (f *Format) setUnder(record *etree.Element, v any) {
	text := record.Text()
	f.withdraw(record)
	record.CreateAttr("under", fmt.Sprint(v))
	f.insert(record, text)
}

func (f *Format) element(record *etree.Element) any {
	there := f.standing(f.rootOf(record))[record]
	switch declared := declaration(record); {
	case there == nil:
		return nil
	case declared != nil && contains(there, declared):
		return record.Text()
	default:
		return bareText(there)
	}
}

func (f *Format) setElement(record *etree.Element, v any) {
	f.withdraw(record)
	f.insert(record, fmt.Sprint(v))
}
