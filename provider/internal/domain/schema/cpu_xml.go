package schema

import (
	"slices"
	"strings"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// cpu keeps what stands in the element beside the processor's kind when that goes.
type cpu struct{ xmlmodel.Within }

// Remove removes what an element without a mode cannot have, and leaves the guest's NUMA nodes and its topology.
func (c cpu) Remove(el *etree.Element) {
	there := c.Find(el)
	if there == nil || there.SelectAttr("mode") != nil {
		return
	}
	there.Attr = nil
	for _, child := range there.ChildElements() {
		if child.Tag != "numa" && child.Tag != "topology" {
			xmlmodel.Drop(child)
		}
	}
	dropEmpty(there)
	addCPU(el)
}

func dropEmpty(el *etree.Element) {
	if el != nil && len(el.Attr) == 0 && len(el.ChildElements()) == 0 && strings.TrimSpace(el.Text()) == "" {
		xmlmodel.Drop(el)
	}
}

// addCPU gives a 64-bit ARM guest a CPU if it has none: QEMU (7.2) would give it one with 32 bits.
func addCPU(el *etree.Element) {
	if xmlmodel.At("os/type@arch").Text(el) != "aarch64" || xmlmodel.At("cpu@mode").Read(el) != nil {
		return
	}
	cpu := xmlmodel.Ensure(el, "cpu")
	if el.SelectAttrValue("type", "") == "kvm" {
		cpu.CreateAttr("mode", "host-passthrough")
		return
	}
	cpu.CreateAttr("mode", "custom")
	cpuModel.Write(cpu, "cortex-a57")
}

// impliedCPU recognizes QEMU's default CPU, which libvirt records, and an element that sets nothing.
func impliedCPU(cpu any) bool {
	group := cpu.(table.Model)
	if !isDefaultCPU(group) {
		return group.IsEmpty()
	}
	for name, v := range group {
		switch {
		case v == nil || slices.Contains([]string{"mode", "model", "check", "migratable"}, name):
		case name != "topology" || !impliedTopology(v):
			return false
		}
	}
	return true
}

func isDefaultCPU(cpu table.Model) bool {
	return cpu["mode"] == "custom" && (cpu["model"] == "qemu64" || cpu["model"] == "qemu32")
}

// forgetDefaultCPU removes QEMU's default CPU from a group that has something else, if no one has set it: libvirt records it for a domain that only
// sets its topology.
func forgetDefaultCPU(seen, asked table.Model, defined *etree.Element) {
	cpu := seen.Group("cpu")
	if cpu == nil || !isDefaultCPU(cpu) || asked.Group("cpu")["mode"] != nil {
		return
	}
	written := WrittenIn(defined)
	if written["cpu.mode"] || asked.Group("cpu") == nil && !written["cpu"] {
		return
	}
	cpu = cpu.Clone()
	cpu["mode"], cpu["model"] = nil, nil
	seen["cpu"] = cpu
}

// cpuMode removes with the mode what libvirt assigned for it, and would refuse with another.
var cpuMode = xmlmodel.Func{
	R: xmlmodel.At("@mode").Read,
	W: func(cpu *etree.Element, v any) {
		cpu.RemoveAttr("check")
		cpu.RemoveAttr("migratable")
		xmlmodel.At("@mode").Write(cpu, v)
	},
}

// modeWithout is a mode that another attribute belongs to, which libvirt would refuse with another mode.
func modeWithout(other string) xmlmodel.Func {
	return xmlmodel.Func{R: xmlmodel.At("@mode").Read, W: func(el *etree.Element, v any) {
		el.RemoveAttr(other)
		xmlmodel.At("@mode").Write(el, v)
	}}
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

// vendorOfCPU is in the element of the model, which host-model can have without a name.
var vendorOfCPU = xmlmodel.Func{
	R: xmlmodel.At("model@vendor_id").Read,
	W: func(cpu *etree.Element, v any) {
		xmlmodel.At("model@vendor_id").Write(cpu, v)
		if model := cpu.SelectElement("model"); model != nil && v == nil && model.Text() == "" {
			xmlmodel.Drop(model)
		}
	},
}

// cpuFeatureCodec reads and writes the features, which are keyed by their names.
type cpuFeatureCodec struct{}

func (cpuFeatureCodec) Elements(cpu *etree.Element) (keys []string, elements []*etree.Element) {
	for _, f := range cpu.SelectElements("feature") {
		keys, elements = append(keys, f.SelectAttrValue("name", "")), append(elements, f)
	}
	return keys, elements
}

func (cpuFeatureCodec) Make(cpu *etree.Element, key string, _ table.Model) *etree.Element {
	f := cpu.CreateElement("feature")
	f.CreateAttr("policy", "require")
	f.CreateAttr("name", key)
	return f
}

// undoCPU undoes what libvirt changes in the CPU of a running guest (9.0): it runs the nearest model of the host for host-model, and records its
// vendor, which it does for no other mode; it lists the features that the guest has beyond those of a named model; and it then checks all of them.
func undoCPU(live, defined *etree.Element) {
	cpu, is := live.SelectElement("cpu"), defined.SelectElement("cpu")
	if cpu == nil || is == nil {
		return
	}
	if xmlmodel.At("@mode").Read(is) == any("host-model") && cpu.SelectElement("vendor") != nil {
		cpu.CreateAttr("mode", "host-model")
		for _, name := range []string{"model", "vendor"} {
			xmlmodel.Drop(cpu.SelectElement(name))
		}
		if model := is.SelectElement("model"); model != nil {
			cpu.AddChild(model.Copy())
		}
	}
	if xmlmodel.At("@check").Read(cpu) == any("full") {
		xmlmodel.At("@check").Write(cpu, xmlmodel.At("@check").Read(is))
	}
	mode := cpu.SelectAttrValue("mode", "")
	expands := mode == "custom" || mode == "host-model"
	undoFeatures(cpu, is, expands)
}

// undoFeatures gives the running guest the policies of its definition where they say what the guest has. If libvirt expands the features of a model,
// those that the definition does not name are libvirt's.
func undoFeatures(cpu, defined *etree.Element, expands bool) {
	asked := defined.SelectElements("feature")
	for _, f := range cpu.SelectElements("feature") {
		named := slices.ContainsFunc(asked, func(a *etree.Element) bool { return a.SelectAttrValue("name", "") == f.SelectAttrValue("name", "") })
		if expands && !named {
			xmlmodel.Drop(f)
		}
	}
	for _, a := range asked {
		name, policy := a.SelectAttrValue("name", ""), a.SelectAttrValue("policy", "")
		has := cpu.FindElement("feature[@name='" + name + "']")
		on := has != nil && slices.Contains([]string{"force", "require"}, has.SelectAttrValue("policy", ""))
		switch {
		case has == nil && (policy == "optional" || expands && policy != "force"):
			cpu.AddChild(a.Copy()) // the model has it, or lacks it, as asked
		case has == nil:
		case policy == "optional", policy == "require" && on, (policy == "disable" || policy == "forbid") && !on:
			has.CreateAttr("policy", policy)
		}
	}
}
