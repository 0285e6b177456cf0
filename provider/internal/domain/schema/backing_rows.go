package schema

import (
	"fmt"
	"strconv"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// backingRows say which memory of the host backs the guest's memory.
var backingRows = []table.Attr{
	{
		Name: "memory_backing", Type: table.Object, Mode: table.Optional, Change: table.NextBoot,
		Group: backing{},
		Doc:   "How guest memory is backed on the host.",
		Attrs: []table.Attr{
			{
				Name: "source", Type: table.String, Mode: table.Optional, Enum: []string{"anonymous", "file", "memfd"},
				Change: table.NextBoot, XML: inChild("memoryBacking", nested{"source", xmlmodel.At("@type")}),
				Doc: "The source of the memory. Unset: `anonymous`.",
			},
			{
				Name: "access", Type: table.String, Mode: table.Optional, Enum: []string{"private", "shared"},
				Change: table.NextBoot, XML: inChild("memoryBacking", nested{"access", xmlmodel.At("@mode")}),
				Doc: "Whether other processes of the host can map the memory. `virtiofs` and vhost-user require `shared`, " +
					"with source `memfd` or `file`. Unset: `private`.",
			},
			{
				Name: "hugepages", Type: table.Bool, Mode: table.Optional, Default: false, Change: table.NextBoot,
				XML: inChild("memoryBacking", present("hugepages")),
				Doc: "Whether the memory consists of huge pages, which the host must have reserved.",
			},
			{
				Name: "hugepage_size", Type: table.Int, Mode: table.Optional, Change: table.NextBoot,
				Check: table.AtLeast(4, " KiB"), XML: inChild("memoryBacking", hugepageSize),
				Doc: "The size of the huge pages, in KiB: `2048`, `1048576`. Unset: the host's default; with `hugepage_nodes`, the other nodes " +
					"have ordinary pages.",
			},
			{
				Name: "hugepage_nodes", Type: table.Map, Mode: table.Optional, Change: table.NextBoot, Check: pageSize, Entries: hugepageNodesCodec{},
				Doc: "The NUMA nodes of the guest that have huge pages of another size, by the size in KiB: `1048576`.",
				Attrs: []table.Attr{{
					Name: "nodes", Type: table.String, Mode: table.Required, Change: table.NextBoot, Check: guestNodes, Same: sameCPUs,
					XML: xmlmodel.At("@nodeset"),
					Doc: "The nodes in `cpu.numa`: `0-1`.",
				}},
			},
			{
				Name: "locked", Type: table.Bool, Mode: table.Optional, Default: false, Change: table.NextBoot,
				XML: inChild("memoryBacking", present("locked")),
				Doc: "Whether the host never swaps the memory out, with that of QEMU itself. libvirt permits the guest's process to lock " +
					"as much as `memtune.hard_limit`, or any amount without it. The plan refuses a limit that is too low.",
			},
			{
				Name: "nosharepages", Type: table.Bool, Mode: table.Optional, Default: false, Change: table.NextBoot,
				XML: inChild("memoryBacking", present("nosharepages")),
				Doc: "Whether the host excludes the memory from page sharing (KSM).",
			},
			{
				Name: "discard", Type: table.Bool, Mode: table.Optional, Default: false, Change: table.NextBoot,
				XML: inChild("memoryBacking", present("discard")),
				Doc: "Whether the content of a memory file is discarded, and not written back, when the guest stops.",
			},
			{
				Name: "allocation", Type: table.String, Mode: table.Optional, Enum: []string{"immediate", "ondemand"},
				Change: table.NextBoot, XML: inChild("memoryBacking", nested{"allocation", xmlmodel.At("@mode")}),
				Doc: "When the host allocates the memory: at the start, or on demand. Unset: `ondemand`.",
			},
			numatuneRow,
		},
	},
}

// hugepageSize is the size of the pages of all NUMA nodes that have none of their own.
var hugepageSize = xmlmodel.Func{
	R: func(backing *etree.Element) any {
		if page := commonPage(backing.SelectElement("hugepages")); page != nil {
			return xmlmodel.At("@size").Read(page)
		}
		return nil
	},
	W: func(backing *etree.Element, v any) {
		pages := backing.SelectElement("hugepages")
		if pages == nil {
			return // the row hugepages has just removed them
		}
		page := commonPage(pages)
		if v == nil {
			xmlmodel.Drop(page)
			return
		}
		if page == nil {
			page = pages.CreateElement("page")
		}
		xmlmodel.At("@size").Write(page, v)
		page.CreateAttr("unit", "KiB")
	},
}

func commonPage(pages *etree.Element) *etree.Element {
	if pages == nil {
		return nil
	}
	for _, page := range pages.SelectElements("page") {
		if page.SelectAttr("nodeset") == nil {
			return page
		}
	}
	return nil
}

// hugepageNodesCodec reads and writes the sizes of pages that only some NUMA nodes have. libvirt gives sizes back in KiB.
type hugepageNodesCodec struct{}

func (hugepageNodesCodec) Elements(domain *etree.Element) (keys []string, elements []*etree.Element) {
	pages := xmlmodel.Find(domain, "memoryBacking", "hugepages")
	if pages == nil {
		return nil, nil
	}
	for _, page := range pages.SelectElements("page") {
		if page.SelectAttr("nodeset") != nil {
			keys, elements = append(keys, page.SelectAttrValue("size", "")), append(elements, page)
		}
	}
	return keys, elements
}

func (hugepageNodesCodec) Make(domain *etree.Element, key string, _ table.Model) *etree.Element {
	page := xmlmodel.Ensure(domain, "memoryBacking", "hugepages").CreateElement("page")
	page.CreateAttr("size", key)
	page.CreateAttr("unit", "KiB")
	return page
}

func pageSize(v any) error {
	if n, err := strconv.Atoi(v.(string)); err != nil || n < 4 || strconv.Itoa(n) != v {
		return fmt.Errorf("must be a size of pages in KiB like \"1048576\", got %q", v)
	}
	return nil
}

func guestNodes(v any) error {
	if _, err := ParseCPUs(v.(string)); err != nil {
		return fmt.Errorf("must be NUMA nodes of the guest like \"0-1\", got %q", v)
	}
	return nil
}

// backingRules checks how guest memory is backed.
func backingRules(p table.Problems, config table.Model) {
	backing := config.Group("memory_backing")
	if backing != nil && allUnsetOrFalse(backing) {
		p.Empty("memory_backing")
	}
	for _, name := range []string{"hugepage_size", "hugepage_nodes"} {
		if pages := backing["hugepages"]; backing[name] != nil && pages != true && pages != table.Unknown {
			p.RequiresValue("memory_backing."+name, "hugepages", nil, "true")
		}
	}
	hugepageNodesRules(p.In("memory_backing"), config)
}

// hugepageNodesRules checks that the guest has the nodes that have pages of their own, and that each has pages of one size.
func hugepageNodesRules(p table.Problems, config table.Model) {
	sizes, owner := config.Group("memory_backing").Group("hugepage_nodes"), map[int]string{}
	cells, known := config.Group("cpu").Group("numa"), config["cpu"] != table.Unknown && config.Group("cpu")["numa"] != table.Unknown
	for _, size := range table.Keys(sizes) {
		set, err := ParseCPUs(sizes.Group(size).Str("nodes"))
		if err != nil {
			continue
		}
		for n := range set {
			if other, taken := owner[n]; taken {
				p.Entry("hugepage_nodes", size).Must("nodes", "not have node %d, which has pages of %s KiB; remove it from one of them", n, other)
				return
			}
			if owner[n] = size; known && cells[strconv.Itoa(n)] == nil {
				p.Entry("hugepage_nodes", size).Must("nodes", "be nodes in 'cpu.numa', got %d; add that node, or remove it here", n)
				return
			}
		}
	}
}
