package schema

import (
	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// backingRows are what of the host's stands behind the guest's memory.
var backingRows = []table.Attr{
	{Name: "memory_backing", Type: table.Object, Mode: table.Optional, Change: table.NextBoot, Group: xmlmodel.Within{"memoryBacking"}, Doc: "What of the host's memory the guest's is made of.",
		Attrs: []table.Attr{
			{Name: "source", Type: table.String, Mode: table.Optional, Enum: []string{"anonymous", "file", "memfd"}, Change: table.NextBoot, XML: nested{"source", xmlmodel.At("@type")}, Doc: "Where it comes from. Unset: `anonymous`."},
			{Name: "access", Type: table.String, Mode: table.Optional, Enum: []string{"private", "shared"}, Change: table.NextBoot, XML: nested{"access", xmlmodel.At("@mode")},
				Doc: "`shared` is what `virtiofs` and vhost-user need, with source `memfd` or `file`. Unset: `private`."},
			{Name: "hugepages", Type: table.Bool, Mode: table.Optional, Default: false, Change: table.NextBoot, XML: present("hugepages"), Doc: "Whether it is made of huge pages, which the host has to have set aside."},
			{Name: "hugepage_size", Type: table.Int, Mode: table.Optional, Change: table.NextBoot, Check: table.AtLeast(4, " KiB"), XML: hugepageSize, Doc: "How large they are, in KiB: `2048`, `1048576`. Unset: the host's default."},
			{Name: "locked", Type: table.Bool, Mode: table.Optional, Default: false, Change: table.NextBoot, XML: present("locked"), Doc: "Whether the host never swaps it out. It needs a `memtune.hard_limit`, or the host's leave."},
			{Name: "nosharepages", Type: table.Bool, Mode: table.Optional, Default: false, Change: table.NextBoot, XML: present("nosharepages"), Doc: "Whether the host does not look for pages that guests have alike."},
			{Name: "discard", Type: table.Bool, Mode: table.Optional, Default: false, Change: table.NextBoot, XML: present("discard"), Doc: "Whether what is in it is thrown away, not written to the file, when the guest ends."},
			{Name: "allocation", Type: table.String, Mode: table.Optional, Enum: []string{"immediate", "ondemand"}, Change: table.NextBoot, XML: nested{"allocation", xmlmodel.At("@mode")}, Doc: "When the host has to have it. Unset: `ondemand`."},
		}},
}

// hugepageSize is the size of all pages. Where each NUMA node has its own, that is no matter of this row.
var hugepageSize = xmlmodel.Func{
	R: func(backing *etree.Element) any {
		if page := xmlmodel.Find(backing, "hugepages", "page"); page != nil && page.SelectAttr("nodeset") == nil {
			return xmlmodel.At("@size").Read(page)
		}
		return nil
	},
	W: func(backing *etree.Element, v any) {
		pages := backing.SelectElement("hugepages")
		if pages == nil {
			return // they have just been taken away
		}
		for _, page := range pages.SelectElements("page") {
			xmlmodel.Drop(page)
		}
		if v == nil {
			return
		}
		xmlmodel.At("page@size").Write(pages, v)
		xmlmodel.At("page@unit").Write(pages, "KiB")
	},
}
