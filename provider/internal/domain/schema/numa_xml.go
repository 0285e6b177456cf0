package schema

import (
	"fmt"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// numaCodec reads and writes the guest's NUMA nodes, which are keyed by their numbers. A node that has everything and nothing of its own is
// none: libvirt requires one for the slots of memory devices.
type numaCodec struct{}

func (numaCodec) Elements(cpu *etree.Element) (keys []string, elements []*etree.Element) {
	numa := cpu.SelectElement("numa")
	if numa == nil {
		return nil, nil
	}
	cells := numa.SelectElements("cell")
	if len(cells) == 1 && cells[0].SelectAttr("memAccess") == nil && cells[0].SelectAttr("discard") == nil && len(cells[0].ChildElements()) == 0 {
		return nil, nil
	}
	for i, cell := range cells {
		keys, elements = append(keys, cell.SelectAttrValue("id", fmt.Sprint(i))), append(elements, cell)
	}
	return keys, elements
}

func (numaCodec) Make(cpu *etree.Element, key string, _ table.Model) *etree.Element {
	numa := xmlmodel.Ensure(cpu, "numa")
	if cell := numa.FindElement("cell[@id='" + key + "']"); cell != nil {
		return cell
	}
	cell := numa.CreateElement("cell")
	cell.CreateAttr("id", key)
	return cell
}

// Remove removes a node. The last one stays where memory devices have slots, and has everything.
func (numaCodec) Remove(cell *etree.Element) {
	numa := cell.Parent()
	if xmlmodel.Drop(cell); len(numa.ChildElements()) > 0 {
		return
	}
	domain := numa.Parent().Parent()
	if domain == nil || domain.SelectElement("maxMemory") == nil {
		xmlmodel.Drop(numa)
		return
	}
	numa.CreateElement("cell").CreateAttr("id", "0")
	setOwnMemory(domain, ownMemory(domain))
}

var cellMemoryAt = xmlmodel.Func{
	R: xmlmodel.At("@memory").Read,
	W: func(cell *etree.Element, v any) {
		xmlmodel.At("@memory").Write(cell, v)
		cell.CreateAttr("unit", "KiB")
	},
}

// distanceCodec reads and writes the distances to the other nodes. libvirt (9.0) adds that of a node to itself.
type distanceCodec struct{}

func (distanceCodec) Elements(cell *etree.Element) (keys []string, elements []*etree.Element) {
	distances := cell.SelectElement("distances")
	if distances == nil {
		return nil, nil
	}
	for _, s := range distances.SelectElements("sibling") {
		if id := s.SelectAttrValue("id", ""); id != cell.SelectAttrValue("id", "") {
			keys, elements = append(keys, id), append(elements, s)
		}
	}
	return keys, elements
}

func (distanceCodec) Make(cell *etree.Element, key string, _ table.Model) *etree.Element {
	s := xmlmodel.Ensure(cell, "distances").CreateElement("sibling")
	s.CreateAttr("id", key)
	return s
}

// Remove removes a distance, and the list with its last one.
func (c distanceCodec) Remove(sibling *etree.Element) {
	list := sibling.Parent()
	xmlmodel.Drop(sibling)
	if keys, _ := c.Elements(list.Parent()); len(keys) == 0 {
		xmlmodel.Drop(list)
	}
}

// memnodeCodec reads and writes the host's nodes for single nodes of the guest.
type memnodeCodec struct{}

func (memnodeCodec) Elements(numatune *etree.Element) (keys []string, elements []*etree.Element) {
	for _, n := range numatune.SelectElements("memnode") {
		keys, elements = append(keys, n.SelectAttrValue("cellid", "")), append(elements, n)
	}
	return keys, elements
}

func (memnodeCodec) Make(numatune *etree.Element, key string, _ table.Model) *etree.Element {
	n := numatune.CreateElement("memnode")
	n.CreateAttr("cellid", key)
	return n
}

// autoPlacement is of the memory and of the processors: libvirt asks numad once for both.
var autoPlacement = xmlmodel.Func{
	R: func(numatune *etree.Element) any {
		if xmlmodel.At("memory@placement").Text(numatune) == "auto" {
			return "auto"
		}
		return nil
	},
	W: func(numatune *etree.Element, v any) {
		nested{"memory", xmlmodel.At("@placement")}.Write(numatune, v)
		domain := numatune.Parent()
		if domain == nil || domain.SelectElement("vcpu") == nil {
			return
		}
		if v == nil {
			v = "static"
		}
		xmlmodel.At("vcpu@placement").Write(domain, v)
	},
}

// backing is the group of what backs the guest's memory, in two elements of the definition.
type backing struct{ xmlmodel.Within }

func (backing) Find(domain *etree.Element) *etree.Element {
	if domain.SelectElement("memoryBacking") == nil && domain.SelectElement("numatune") == nil {
		return nil
	}
	return domain
}

func (backing) Make(domain *etree.Element) *etree.Element { return domain }

// Remove removes the elements in which nothing is left.
func (backing) Remove(domain *etree.Element) {
	for _, name := range []string{"memoryBacking", "numatune"} {
		dropEmpty(domain.SelectElement(name))
	}
}
