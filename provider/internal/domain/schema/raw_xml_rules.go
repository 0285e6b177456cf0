package schema

import (
	"slices"
	"strings"

	"github.com/beevik/etree"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// rawXMLRules refuses an element that an attribute stands for: both would set it, and neither would keep it.
func rawXMLRules(p table.Problems, config table.Model) {
	for _, key := range table.Keys(config.Group("xml")) {
		entry := config.Group("xml").Group(key)
		under, known := entry["under"].(string)
		if entry["under"] != nil && !known {
			continue
		}
		el, err := xmlmodel.Parse(entry.Str("element"))
		if err != nil {
			continue // it is not known yet
		}
		if owner := ownerOf(under, el); owner != "" {
			p.Entry("xml", key).Must("element", "not be <%s>, which '%s' sets; use that attribute", el.FullTag(), owner)
		}
	}
}

// ownerOf is the attribute that reads an element, "" where none does.
func ownerOf(under string, el *etree.Element) string {
	switch {
	case under == "" && el.Tag == "name":
		return "name"
	case under == "" && el.Tag == "devices":
		return "devices"
	case strings.HasPrefix(under, "metadata") || under == "" && el.Tag == "metadata":
		return "metadata"
	}
	rows := slices.DeleteFunc(slices.Clone(Table.Attrs), func(a table.Attr) bool { return a.Name == "xml" })
	domain := etree.NewElement("domain")
	domain.CreateElement("devices")
	parent := domain
	if under != "" {
		parent = xmlmodel.Ensure(domain, strings.Split(under, "/")...)
	}
	without := xmlmodel.Read(rows, domain)
	parent.AddChild(el.Copy())
	changes := table.Changes(rows, without, xmlmodel.Read(rows, domain))
	if len(changes) == 0 {
		return ""
	}
	var names []string
	deep := len(strings.Split(under, "/"))
	if under != "" {
		deep++
	}
	for _, step := range changes[0].Path.Steps() {
		name, is := step.(tftypes.AttributeName)
		if !is || len(names) == deep {
			break
		}
		names = append(names, string(name))
	}
	return strings.Join(names, ".")
}
