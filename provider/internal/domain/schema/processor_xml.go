package schema

import (
	"fmt"
	"math"
	"strconv"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// HasVCPU reports whether the running guest has a processor.
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

// countCPU is the limit of the type countCPU in libvirt's schema. A definition has an element for each processor.
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
		fitTopology(el)
	},
}

// maximumVCPU is how many the guest can get while it runs. Where processors can be taken away again, all but the first are made so that
// they can: those that a guest simply boots with stay.
var maximumVCPU = xmlmodel.Func{
	R: func(el *etree.Element) any {
		if supportsCPUHotplug(el) && !allHotpluggable(el) && xmlmodel.At("vcpu@current").Read(el) == nil {
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
		fitTopology(el)
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
