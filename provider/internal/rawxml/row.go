package rawxml

import (
	"fmt"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// row returns the row of `xml`.
func (f *Format) row() table.Attr {
	doc := "Elements and attributes of libvirt's XML that no attribute stands for, by a name of your choice: each entry has `element` or " +
		"`attributes`. Every change keeps them. An element is recognized by all its content, and removed with its entry."
	if f.Note != "" {
		doc += " " + f.Note
	}
	which := "Of several elements with one name it takes the first, or the one with a number: `" + f.Numbered + "`."
	if f.Keyed != "" {
		which = "Of elements that are entries of an attribute, it names one by its key: `" + f.Keyed + "`. Of others with the same name it takes " +
			"the first, or the one with a number: `" + f.Numbered + "`."
	}
	return table.Attr{
		Name: "xml", Type: table.Map, Mode: table.Optional, Change: f.Change, Check: table.EntryKey,
		Entries: codec{f},
		Doc:     doc,
		Attrs: []table.Attr{
			{
				Name: "under", Type: table.String, Mode: table.Optional, Default: "", Change: f.Change,
				Check: f.checkUnder, XML: xmlmodel.Func{R: under, W: f.setUnder},
				Doc: fmt.Sprintf("The path of the element that contains the `element` or has the `attributes`, below `%s`: %s. %s "+
					"Empty: `%[1]s` itself.", f.Root, f.Parents, which),
			},
			{
				Name: "element", Type: table.String, Mode: table.Optional, Change: f.Change, Text: table.Anything, Check: xmlmodel.OneElement,
				Same: xmlmodel.SameElement, XML: xmlmodel.Func{R: f.element, W: f.setElement},
				Doc: fmt.Sprintf("The element, as libvirt returns it: `%s`. Additions by libvirt are not a difference. The "+
					"element declares its prefixes: `%s`.", f.Example, f.Prefix),
			},
			{
				Name: "attributes", Type: table.StringMap, Mode: table.Optional, Change: f.Change, Check: attributeName,
				XML: xmlmodel.Func{R: f.attributes, W: f.setAttributes},
				Doc: fmt.Sprintf("XML attributes of the element that `under` names, instead of an `element`: `%s`. The element keeps its "+
					"other attributes.", f.Attributes),
			},
		},
	}
}

func under(record *etree.Element) any { return underOf(record) }

func (f *Format) setUnder(record *etree.Element, v any) {
	text := record.Text()
	f.withdraw(record)
	record.CreateAttr("under", fmt.Sprint(v))
	f.insert(record, text)
}

func (f *Format) element(record *etree.Element) any {
	if isOfAttributes(record) {
		return nil
	}
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
	record.Child, record.Tag = nil, ofElement
	if v != nil {
		f.insert(record, fmt.Sprint(v))
	}
}
