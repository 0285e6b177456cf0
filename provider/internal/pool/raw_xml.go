package pool

import (
	"slices"
	"strings"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/rawxml"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// RawXML is the attribute `xml`.
var RawXML = rawxml.New(rawxml.Format{
	Root: "pool",
	Note: "A change takes effect with a restart of the pool. If another program adds options of a mount or of Ceph, `features`, `refresh`, or the " +
		"`vendor` or `product` of the source, they are entries too, and the plan removes them.",
	Parents:    "`source`",
	Numbered:   "source/device[2]",
	Attributes: `{ part_separator = "no" }`,
	Path:       "source or features",
	Example:    `<refresh><volume allocation="capacity"/></refresh>`,
	Prefix:     `<fs:mount_opts xmlns:fs="` + mountNamespace + `">`,
	Whole:      true,
	Reserved: map[string]string{
		"name": "name", "target": "path", "source": "source",
	},
	Own:   []string{"capacity", "allocation", "available"},
	Extra: []string{"mount_opts", "config_opts", "features", "refresh", "source/vendor", "source/product", "source/device@part_separator"},
	Repeats: func(path []string, el *etree.Element) bool {
		inSource := slices.Equal(path, []string{"source"}) && slices.Contains([]string{"device", "host", "name"}, el.Tag)
		return inSource || el.Tag == "freeExtent" || el.NamespaceURI() != ""
	},
}, slices.Concat(wholeRows, managedRows))

// The namespaces of options that libvirt passes on. https://libvirt.org/formatstorage.html#storage-pool-namespaces
const (
	mountNamespace = "http://libvirt.org/schemas/storagepool/fs/1.0"
	cephNamespace  = "http://libvirt.org/schemas/storagepool/rbd/1.0"
)

// namespaceTypes are the types of pools that have a namespace; libvirt ignores it in the others.
var namespaceTypes = map[string][]string{mountNamespace: {"fs", "netfs"}, cephNamespace: {"rbd"}}

// rawXMLRules also checks that the type of the pool has the options.
func rawXMLRules(p table.Problems, config table.Model, typ string) {
	RawXML.Rules(p, config)
	for _, key := range table.Keys(config.Group("xml")) {
		el, err := xmlmodel.Parse(config.Group("xml").Group(key).Str("element"))
		if err != nil {
			continue
		}
		if types := namespaceTypes[el.NamespaceURI()]; types != nil && !slices.Contains(types, typ) {
			p.Entry("xml", key).Must("element", "not be <%s> with 'type' %q: libvirt has these options for %s; remove the entry, or correct 'type'",
				el.FullTag(), typ, strings.Join(types, " and "))
		}
	}
}
