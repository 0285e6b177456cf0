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
		// Another tool may count all devices in: libvirt (9.0) does where <currentMemory> is absent.
		if now := kib(el, "currentMemory"); now > 0 {
			return min(now-currentDeviceMemory(el), ownMemory(el))
		}
		return ownMemory(el)
	},
	W: func(el *etree.Element, v any) {
		own := toInt(v)
		setOwnMemory(el, own)
		setKiB(el, "currentMemory", own+currentDeviceMemory(el))
	},
}

// maximumMemory is the guest's memory when its balloon is empty, or unset if that equals its memory.
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
		setKiB(el, "currentMemory", toInt(now)+currentDeviceMemory(el))
	},
}

func ownMemory(el *etree.Element) int64 { return kib(el, "memory") - deviceMemory(el) }

// setOwnMemory sets the memory without devices, in the NUMA nodes too: if there are any, libvirt goes by them and not by the total.
func setOwnMemory(el *etree.Element, own int64) {
	was := ownMemory(el)
	setKiB(el, "memory", own+deviceMemory(el))
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

// memorySlots is one of the two parts of <maxMemory>, which requires both. With slots, libvirt (9.0) requires a NUMA node.
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

// maximum has no element of its own: it exists where a definition has more than the guest boots with.
type maximum struct{}

func (maximum) Find(el *etree.Element) *etree.Element {
	grows := supportsCPUHotplug(el) && allHotpluggable(el) || xmlmodel.At("vcpu@current").Read(el) != nil
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

// removeSlots removes the slots, and the NUMA node that existed only for them.
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
