package schema

import (
	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// backingRows are what of the host's stands behind the guest's memory.
var backingRows = []table.Attr{
	{
		Name: "memory_backing", Type: table.Object, Mode: table.Optional, Change: table.NextBoot,
		Group: xmlmodel.Within{"memoryBacking"},
		Doc:   "How guest memory is backed on the host.",
		Attrs: []table.Attr{
			{
				Name: "source", Type: table.String, Mode: table.Optional, Enum: []string{"anonymous", "file", "memfd"},
				Change: table.NextBoot, XML: nested{"source", xmlmodel.At("@type")},
				Doc: "The source of the memory. Unset: `anonymous`.",
			},
			{
				Name: "access", Type: table.String, Mode: table.Optional, Enum: []string{"private", "shared"},
				Change: table.NextBoot, XML: nested{"access", xmlmodel.At("@mode")},
				Doc: "Whether other processes of the host can map the memory. `virtiofs` and vhost-user require `shared`, " +
					"with source `memfd` or `file`. Unset: `private`.",
			},
			{
				Name: "hugepages", Type: table.Bool, Mode: table.Optional, Default: false, Change: table.NextBoot,
				XML: present("hugepages"),
				Doc: "Whether the memory consists of huge pages, which the host must have reserved.",
			},
			{
				Name: "hugepage_size", Type: table.Int, Mode: table.Optional, Change: table.NextBoot,
				Check: table.AtLeast(4, " KiB"), XML: hugepageSize,
				Doc: "The size of the huge pages, in KiB: `2048`, `1048576`. Unset: the host's default.",
			},
			{
				Name: "locked", Type: table.Bool, Mode: table.Optional, Default: false, Change: table.NextBoot,
				XML: present("locked"),
				Doc: "Whether the host never swaps the memory out. It requires `memtune.hard_limit`, or a host that allows it.",
			},
			{
				Name: "nosharepages", Type: table.Bool, Mode: table.Optional, Default: false, Change: table.NextBoot,
				XML: present("nosharepages"),
				Doc: "Whether the host excludes the memory from page sharing (KSM).",
			},
			{
				Name: "discard", Type: table.Bool, Mode: table.Optional, Default: false, Change: table.NextBoot,
				XML: present("discard"),
				Doc: "Whether the content of a memory file is discarded, and not written back, when the guest stops.",
			},
			{
				Name: "allocation", Type: table.String, Mode: table.Optional, Enum: []string{"immediate", "ondemand"},
				Change: table.NextBoot, XML: nested{"allocation", xmlmodel.At("@mode")},
				Doc: "When the host allocates the memory: at the start, or on demand. Unset: `ondemand`.",
			},
		},
	},
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
