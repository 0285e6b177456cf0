package schema

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// HasVCPU says whether the running guest has a processor.
func HasVCPU(running *etree.Element, n int64) bool {
	if list := running.SelectElement("vcpus"); list != nil {
		for _, v := range list.SelectElements("vcpu") {
			if toInt(v.SelectAttrValue("id", "")) == n {
				return v.SelectAttrValue("enabled", "") == "yes"
			}
		}
	}
	return n < toInt(vcpu.Read(running))
}

// countCPU is what libvirt's schema calls so. The definition has an element for each of them: far more would be a text that nobody takes.
var countCPU = table.Between(1, math.MaxUint16)

// vcpu is what the guest boots with. Writing it makes it the most that the guest can have, too; maximumVCPU comes later and says otherwise.
var vcpu = xmlmodel.Func{
	R: func(el *etree.Element) any {
		if v := xmlmodel.At("vcpu@current").Read(el); v != nil {
			return v
		}
		return xmlmodel.At("vcpu").Read(el)
	},
	W: func(el *etree.Element, v any) {
		xmlmodel.At("vcpu").Write(el, v)
		xmlmodel.At("vcpu@current").Write(el, nil)
		xmlmodel.Drop(el.SelectElement("vcpus"))
		coverProcessors(el)
	},
}

// maximumVCPU is how many the guest can get while it runs. Where processors can be taken away again, all but the first are made so that
// they can: those that a guest simply boots with stay.
var maximumVCPU = xmlmodel.Func{
	R: func(el *etree.Element) any {
		if supportsCPUHotplug(el) && !allHotpluggable(el) {
			return nil
		}
		return xmlmodel.At("vcpu").Read(el)
	},
	W: func(el *etree.Element, v any) {
		boots, _ := vcpu.Read(el).(string)
		if vcpu.Write(el, boots); v == nil {
			return
		}
		xmlmodel.At("vcpu").Write(el, v)
		if boots != fmt.Sprint(v) {
			xmlmodel.At("vcpu@current").Write(el, boots)
		}
		coverProcessors(el)
		if supportsCPUHotplug(el) {
			listProcessors(el)
		}
	},
}

// supportsCPUHotplug reports whether QEMU (7.2) can add and remove processors: with x86 guests only.
func supportsCPUHotplug(el *etree.Element) bool {
	return archSupportsCPUHotplug(xmlmodel.At("os/type@arch").Read(el))
}

func archSupportsCPUHotplug(arch any) bool {
	return arch == nil || arch == any("x86_64") || arch == any("i686")
}

// allHotpluggable reports whether all processors but the first can be removed.
func allHotpluggable(el *etree.Element) bool {
	list := el.SelectElement("vcpus")
	if list == nil {
		return false
	}
	for _, v := range list.SelectElements("vcpu") {
		if v.SelectAttrValue("id", "") != "0" && v.SelectAttrValue("hotpluggable", "") != "yes" {
			return false
		}
	}
	return true
}

func listProcessors(el *etree.Element) {
	first, _ := vcpu.Read(el).(string)
	boots, _ := strconv.Atoi(first)
	all, _ := strconv.Atoi(el.SelectElement("vcpu").Text())
	list := xmlmodel.Ensure(el, "vcpus")
	for id := range all {
		v := list.CreateElement("vcpu")
		v.CreateAttr("id", strconv.Itoa(id))
		v.CreateAttr("enabled", yesNo(id < boots))
		v.CreateAttr("hotpluggable", yesNo(id > 0))
	}
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// coverProcessors lets a single NUMA cell have all processors. libvirt refuses a cell with more processors than there are, and puts those
// that no cell has into the first.
func coverProcessors(el *etree.Element) {
	numa := xmlmodel.Find(el, "cpu", "numa")
	if numa == nil {
		return
	}
	if cells := numa.SelectElements("cell"); len(cells) == 1 {
		cells[0].RemoveAttr("cpus")
	}
}

// cpu keeps what stands in the element beside the processor's kind when that goes.
type cpu struct{ xmlmodel.Element }

// Remove leaves the guest's NUMA nodes and its topology.
func (c cpu) Remove(el *etree.Element) {
	there := c.Find(el)
	if there == nil {
		return
	}
	there.Attr = nil
	for _, child := range there.ChildElements() {
		if child.Tag != "numa" && child.Tag != "topology" {
			xmlmodel.Drop(child)
		}
	}
	dropEmpty(there)
}

func dropEmpty(el *etree.Element) {
	if el != nil && len(el.Attr) == 0 && len(el.ChildElements()) == 0 && strings.TrimSpace(el.Text()) == "" {
		xmlmodel.Drop(el)
	}
}

// impliedCPU recognizes QEMU's default CPU, which libvirt records.
func impliedCPU(cpu any) bool {
	return table.Equal(cpu, table.Model{"mode": "custom", "model": "qemu64"}) || table.Equal(cpu, table.Model{"mode": "custom", "model": "qemu32"})
}

var cpuModel = xmlmodel.Func{
	R: xmlmodel.At("model").Read,
	W: func(cpu *etree.Element, v any) {
		xmlmodel.At("model").Write(cpu, v)
		if v != nil {
			// Without these two libvirt would take a poorer CPU in silence.
			cpu.CreateAttr("match", "exact")
			xmlmodel.At("model@fallback").Write(cpu, "forbid")
		} else {
			cpu.RemoveAttr("match")
		}
	},
}
