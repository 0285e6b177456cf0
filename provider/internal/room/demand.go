package room

import (
	"maps"
	"strconv"
	"strings"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// AnyNode is the node of pages that may come from any NUMA node of the host.
const AnyNode = -1

// Pages are huge pages of one kind. Size is in KiB; 0 is the host's default size.
type Pages struct {
	Size int64
	Node int
}

// Demand is the memory that a domain needs of its host, in KiB.
type Demand struct {
	Guest int64           // ordinary memory of the guest
	QEMU  int64           // what QEMU needs of its own
	Huge  map[Pages]int64 // memory of the guest in huge pages
}

// ordinary is what the demand takes of the memory that is not in huge pages.
func (d Demand) ordinary() int64 { return d.Guest + d.QEMU }

// Empty reports whether the demand is nothing.
func (d Demand) Empty() bool { return d.ordinary() <= 0 && len(d.Huge) == 0 }

// Beyond returns what d needs more than other does.
func (d Demand) Beyond(other Demand) Demand {
	more := Demand{Guest: max(0, d.Guest-other.Guest), QEMU: max(0, d.QEMU-other.QEMU), Huge: map[Pages]int64{}}
	for p, n := range d.Huge {
		if n > other.Huge[p] {
			more.Huge[p] = n - other.Huge[p]
		}
	}
	return more
}

// Or returns the larger of two demands, by kind of memory.
func (d Demand) Or(other Demand) Demand {
	both := Demand{Guest: max(d.Guest, other.Guest), QEMU: max(d.QEMU, other.QEMU), Huge: maps.Clone(d.Huge)}
	for p, n := range other.Huge {
		if both.Huge == nil {
			both.Huge = map[Pages]int64{}
		}
		both.Huge[p] = max(both.Huge[p], n)
	}
	return both
}

// AtStart returns the demand of a domain that starts from this definition: a guest boots with all of its maximum memory.
func AtStart(domain *etree.Element) Demand {
	return demand(domain, kib(domain, "memory")-untaken(domain))
}

// Running returns the demand of a domain that runs with this live configuration: what its balloon holds it can't use.
func Running(domain *etree.Element) Demand {
	all := kib(domain, "memory") - untaken(domain)
	if now := kib(domain, "currentMemory"); now > 0 && now < all {
		all = now
	}
	return demand(domain, all)
}

// Growth returns what more memory, in KiB, brings for a running guest, and what the guest then needs. Memory that is added to a guest in huge
// pages consists of them too.
func Growth(domain *etree.Element, more int64) (brings, needs Demand) {
	now := Running(domain)
	needs = demand(domain, now.Guest+now.huge()+more)
	return needs.Beyond(now), needs
}

func (d Demand) huge() (all int64) {
	for _, n := range d.Huge {
		all += n
	}
	return all
}

func demand(domain *etree.Element, memory int64) Demand {
	own := devicePages(domain)
	d := Demand{Huge: hugePages(domain, memory-Demand{Huge: own}.huge())}
	for p, n := range own {
		if d.Huge == nil {
			d.Huge = map[Pages]int64{}
		}
		d.Huge[p] += n
	}
	d.Guest = max(0, memory-d.huge())
	d.QEMU = overhead(domain, d.Guest)
	for p, n := range d.Huge {
		if p.Size > 0 {
			d.Huge[p] = (n + p.Size - 1) / p.Size * p.Size
		}
	}
	return d
}

// What QEMU needs beside the memory of the guest, in KiB, as decisions/0011-memory-counted-together.md measures it.
const (
	baseOverhead      = 32 << 10 // heap and stacks
	overheadPerCPU    = 3 << 10
	pageTableShare    = 512      // 8 bytes of page tables for a page of 4 KiB
	translationShare  = 8        // the code that emulation has translated takes up to this part of the guest's memory,
	translationLimit  = 64 << 10 // of which an ordinary guest fills this much
	defaultVideoRAM   = 16 << 10
	kibPerMiB         = 1 << 10
	kibPerGiB         = 1 << 20
	reservedPerDevice = 2 << 10 // VFIO's and vhost's tables
)

// overhead returns what QEMU needs of its own.
func overhead(domain *etree.Element, guest int64) int64 {
	n := int64(baseOverhead) + guest/pageTableShare + overheadPerCPU*number(textAt(domain, "vcpu"))
	if domain.SelectAttrValue("type", "") == "qemu" {
		n += min(guest/translationShare, translationLimit)
	}
	devices := domain.SelectElement("devices")
	if devices == nil {
		return n
	}
	for _, model := range devices.FindElements("video/model") {
		if model.SelectAttrValue("type", "") == "none" {
			continue
		}
		video := number(model.SelectAttrValue("ram", "0")) + number(model.SelectAttrValue("vram", "0"))
		n += max(video, defaultVideoRAM)
	}
	return n + reservedPerDevice*int64(len(devices.SelectElements("hostdev")))
}

// hugePages returns the memory of a domain that is in huge pages, without rounding.
//
// https://libvirt.org/formatdomain.html#memory-backing
func hugePages(domain *etree.Element, memory int64) map[Pages]int64 {
	list := xmlmodel.Find(domain, "memoryBacking", "hugepages")
	if list == nil {
		return nil
	}
	huge := map[Pages]int64{}
	kinds := list.SelectElements("page")
	cells := guestCells(domain)
	if len(kinds) == 0 {
		kinds = []*etree.Element{etree.NewElement("page")}
	}
	all := int64(0)
	for _, c := range cells {
		all += c.memory
	}
	apart := "" // the cells that have pages of their own
	for _, kind := range kinds {
		apart += kind.SelectAttrValue("nodeset", "") + ","
	}
	for _, kind := range kinds {
		size := inKiB(kind.SelectAttrValue("size", "0"), kind.SelectAttrValue("unit", "KiB"))
		nodes := kind.SelectAttrValue("nodeset", "")
		if len(cells) == 0 {
			huge[Pages{size, hostNode(domain, "")}] += memory
			break
		}
		for _, c := range cells {
			if nodes == "" && !inSet(apart, c.id) || inSet(nodes, c.id) {
				huge[Pages{size, hostNode(domain, c.id)}] += c.memory
			}
		}
	}
	if rest := memory - all; len(cells) > 0 && rest > 0 { // memory devices
		size := inKiB(kinds[0].SelectAttrValue("size", "0"), kinds[0].SelectAttrValue("unit", "KiB"))
		huge[Pages{size, AnyNode}] += rest
	}
	maps.DeleteFunc(huge, func(_ Pages, n int64) bool { return n <= 0 })
	return huge
}

type guestCell struct {
	id     string
	memory int64
}

func guestCells(domain *etree.Element) (cells []guestCell) {
	numa := xmlmodel.Find(domain, "cpu", "numa")
	if numa == nil {
		return nil
	}
	for i, c := range numa.SelectElements("cell") {
		cells = append(cells, guestCell{c.SelectAttrValue("id", strconv.Itoa(i)),
			inKiB(c.SelectAttrValue("memory", "0"), c.SelectAttrValue("unit", "KiB"))})
	}
	return cells
}

// largestOrdinaryPage is the largest size of pages that are not huge, in KiB: that of some ARM hosts.
const largestOrdinaryPage = 64

// devicePages returns the memory of devices that state the size of their huge pages.
//
// https://libvirt.org/formatdomain.html#memory-devices
func devicePages(domain *etree.Element) map[Pages]int64 {
	huge := map[Pages]int64{}
	for _, device := range memoryDevices(domain) {
		source := device.SelectElement("source")
		if source == nil {
			continue
		}
		if size := kib(source, "pagesize"); size > largestOrdinaryPage {
			node, err := strconv.Atoi(textAt(source, "nodemask"))
			if err != nil {
				node = AnyNode
			}
			huge[Pages{size, node}] += taken(device)
		}
	}
	return huge
}

// untaken is the memory that libvirt counts in the total of a domain with memory devices, and that the guest does not take of the host.
func untaken(domain *etree.Element) (all int64) {
	for _, device := range memoryDevices(domain) {
		if target := device.SelectElement("target"); target != nil {
			all += kib(target, "size") - taken(device)
		}
	}
	return all
}

// taken is what a memory device takes of the host's memory: of virtio-mem as much as is requested, and nothing of persistent memory, whose content
// is in a file.
func taken(device *etree.Element) int64 {
	target, model := device.SelectElement("target"), device.SelectAttrValue("model", "")
	switch {
	case target == nil || model == "nvdimm" || model == "virtio-pmem":
		return 0
	case model == "virtio-mem":
		return kib(target, "requested")
	default:
		return kib(target, "size")
	}
}

func memoryDevices(domain *etree.Element) []*etree.Element {
	return domain.FindElements("devices/memory")
}

// hostNode returns the NUMA node of the host that a cell of the guest is bound to; AnyNode if it is bound to none or to several.
func hostNode(domain *etree.Element, cell string) int {
	bound := domain.FindElement("numatune/memnode[@cellid='" + cell + "']")
	if bound == nil {
		bound = domain.FindElement("numatune/memory")
	}
	if bound == nil || bound.SelectAttrValue("mode", "strict") != "strict" {
		return AnyNode
	}
	node, err := strconv.Atoi(bound.SelectAttrValue("nodeset", ""))
	if err != nil {
		return AnyNode
	}
	return node
}

// inSet reports whether a set of numbers such as "0-2,4" contains a number.
func inSet(set, number string) bool {
	n, err := strconv.Atoi(number)
	if err != nil {
		return false
	}
	for part := range strings.SplitSeq(set, ",") {
		low, high, isRange := strings.Cut(strings.TrimSpace(part), "-")
		from, err := strconv.Atoi(low)
		to := from
		if isRange && err == nil {
			to, err = strconv.Atoi(high)
		}
		if err == nil && from <= n && n <= to {
			return true
		}
	}
	return false
}

func kib(el *etree.Element, name string) int64 {
	size := el.SelectElement(name)
	if size == nil {
		return 0
	}
	return inKiB(size.Text(), size.SelectAttrValue("unit", "KiB"))
}

// units are the units in which libvirt accepts sizes, in bytes. https://libvirt.org/formatdomain.html#memory-allocation
var units = map[string]int64{
	"b": 1, "bytes": 1, "KB": 1e3, "k": 1 << 10, "KiB": 1 << 10, "MB": 1e6, "M": 1 << 20, "MiB": 1 << 20, "GB": 1e9, "G": 1 << 30, "GiB": 1 << 30,
	"TB": 1e12, "T": 1 << 40, "TiB": 1 << 40,
}

func inKiB(text, unit string) int64 { return number(text) * max(units[unit], 1) >> 10 }

func number(text string) int64 {
	n, _ := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	return n
}

func textAt(el *etree.Element, name string) string {
	if child := el.SelectElement(name); child != nil {
		return child.Text()
	}
	return ""
}
