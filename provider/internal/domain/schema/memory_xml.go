package schema

import (
	"fmt"
	"strconv"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// memory is what the guest has of its own. Writing it makes it the most that the guest can have, too; maximumMemory comes later and says
// otherwise. libvirt gives all sizes back in KiB, and counts memory devices in.
var memory = xmlmodel.Func{
	R: func(el *etree.Element) any {
		if now := kib(el, "currentMemory"); now > 0 {
			return now - DeviceMemory(el)
		}
		return ownMemory(el)
	},
	W: func(el *etree.Element, v any) {
		own := toInt(v)
		setOwnMemory(el, own)
		setKiB(el, "currentMemory", own+DeviceMemory(el))
	},
}

// maximumMemory is what the guest has when its balloon is empty; unset where that is what it has anyway.
var maximumMemory = xmlmodel.Func{
	R: func(el *etree.Element) any {
		if own := ownMemory(el); any(own) != memory.Read(el) {
			return own
		}
		return nil
	},
	W: func(el *etree.Element, v any) {
		now := memory.Read(el)
		if v == nil {
			v = now
		}
		setOwnMemory(el, toInt(v))
		setKiB(el, "currentMemory", toInt(now)+DeviceMemory(el))
	},
}

func ownMemory(el *etree.Element) int64 { return kib(el, "memory") - DeviceMemory(el) }

// setOwnMemory sets the memory without devices, in the NUMA nodes too: if there are any, libvirt goes by them and not by the total.
func setOwnMemory(el *etree.Element, own int64) {
	was := ownMemory(el)
	setKiB(el, "memory", own+DeviceMemory(el))
	numa := xmlmodel.Find(el, "cpu", "numa")
	if numa == nil {
		return
	}
	cells, left := numa.SelectElements("cell"), own
	for i, cell := range cells {
		share := left
		if old, err := strconv.ParseInt(cell.SelectAttrValue("memory", ""), 10, 64); err == nil && was > 0 && i < len(cells)-1 {
			share = old * own / was
		}
		left -= share
		cell.CreateAttr("memory", fmt.Sprint(share))
		cell.CreateAttr("unit", "KiB")
	}
}

func DeviceMemory(el *etree.Element) (total int64) {
	for _, m := range xmlmodel.Ensure(el, "devices").SelectElements("memory") {
		if target := m.SelectElement("target"); target != nil {
			total += kib(target, "size")
		}
	}
	return total
}

// CurrentMemory is how much memory the guest has just now, in KiB, with its memory devices.
func CurrentMemory(domain *etree.Element) int64 { return kib(domain, "currentMemory") }

func kib(el *etree.Element, name string) int64 {
	n := el.SelectElement(name)
	if n == nil {
		return 0
	}
	return toInt(n.Text())
}

func setKiB(el *etree.Element, name string, kib int64) {
	m := xmlmodel.Ensure(el, name)
	m.CreateAttr("unit", "KiB")
	m.SetText(fmt.Sprint(kib))
}

func toInt(v any) int64 {
	n, _ := strconv.ParseInt(fmt.Sprint(v), 10, 64)
	return n
}

// memorySlots is a part of <maxMemory>, which is there whole or not at all. libvirt (9.0) wants a NUMA node where there are any.
func memorySlots(at xmlmodel.At) xmlmodel.Func {
	return xmlmodel.Func{
		R: at.Read,
		W: func(el *etree.Element, v any) {
			if v == nil {
				maximum{}.removeSlots(el)
				return
			}
			at.Write(el, v)
			el.SelectElement("maxMemory").CreateAttr("unit", "KiB")
			if numa := xmlmodel.Ensure(el, "cpu", "numa"); len(numa.SelectElements("cell")) == 0 {
				cell := numa.CreateElement("cell")
				cell.CreateAttr("id", "0")
				setOwnMemory(el, ownMemory(el))
			}
		},
	}
}

// maximum has no element of its own: it is where a definition says more than what the guest boots with.
type maximum struct{}

func (maximum) Find(el *etree.Element) *etree.Element {
	grows := supportsCPUHotplug(el) && allHotpluggable(el) || xmlmodel.At("vcpu@current").Read(el) != nil && !supportsCPUHotplug(el)
	if grows || maximumMemory.Read(el) != nil || el.SelectElement("maxMemory") != nil {
		return el
	}
	return nil
}

func (maximum) Make(el *etree.Element) *etree.Element { return el }

func (m maximum) Remove(el *etree.Element) {
	maximumVCPU.Write(el, nil)
	maximumMemory.Write(el, nil)
	m.removeSlots(el)
}

// removeSlots takes the NUMA node along that was only there for them.
func (maximum) removeSlots(el *etree.Element) {
	xmlmodel.Drop(el.SelectElement("maxMemory"))
	numa := xmlmodel.Find(el, "cpu", "numa")
	if numa == nil {
		return
	}
	if cells := numa.SelectElements("cell"); len(cells) == 1 && len(cells[0].ChildElements()) == 0 && len(numa.ChildElements()) == 1 {
		xmlmodel.Drop(numa)
		dropEmpty(el.SelectElement("cpu"))
	}
}

// keepStatedMaximum adds a maximum that was asked for and equals what the guest has: in the definition it looks like none.
func keepStatedMaximum(seen, asked table.Model, _ *etree.Element) {
	want, have := asked.Group("maximum"), seen.Group("maximum").Clone()
	if have == nil {
		have = table.Model{}
	}
	if want["memory"] != nil && have["memory"] == nil {
		have["memory"] = seen["memory"]
	}
	if want["vcpu"] != nil && have["vcpu"] == nil && !archSupportsCPUHotplug(seen["arch"]) {
		have["vcpu"] = seen["vcpu"]
	}
	if len(have) > 0 {
		seen["maximum"] = have
	}
}

// memoryDeviceCodec are the memory modules, keyed as interfaces are.
type memoryDeviceCodec struct{}

func (memoryDeviceCodec) Elements(el *etree.Element) (keys []string, elements []*etree.Element) {
	for i, m := range xmlmodel.Ensure(el, "devices").SelectElements("memory") {
		if m.SelectAttrValue("model", "") != "dimm" {
			continue
		}
		keys, elements = append(keys, keyOf(m, fmt.Sprintf("dimm%d", i))), append(elements, m)
	}
	return keys, elements
}

func (memoryDeviceCodec) Make(el *etree.Element, key string, _ table.Model) *etree.Element {
	m := xmlmodel.Ensure(el, "devices").CreateElement("memory")
	m.CreateAttr("model", "dimm")
	target := m.CreateElement("target")
	target.CreateElement("size").CreateAttr("unit", "KiB")
	m.CreateElement("alias").CreateAttr("name", aliasPrefix+key)
	return m
}
