package schema

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// processorRows are the virtual CPUs.
var processorRows = []table.Attr{
	{
		Name: "vcpu", Type: table.Int, Mode: table.Required,
		Running: table.Running{Operation: ChangeVCPUs, UndoStart: undoCPUOnline},
		OnHost:  table.OnHost{Decides: table.MachineSize}, CostOf: vcpuCost, Check: countCPU, XML: vcpu,
		Doc: "The number of virtual CPUs.",
		CostDoc: "A change within `maximum.vcpu` is live, as far as the guest releases its CPUs; otherwise it is in effect " +
			"after the guest's next start. Removing CPUs from a guest of type `qemu` always is.",
	},
	{
		Name: "cpu", Type: table.Object, Mode: table.Optional, Running: table.Running{UndoStart: undoHostModel},
		OnHost: table.OnHost{Decides: table.MachineKind}, Change: table.NextBoot,
		Group: cpu{xmlmodel.Element{"cpu"}}, Implied: impliedCPU,
		Doc: "The virtual CPU. Unset: libvirt's own choice, which every host can run.",
		Attrs: []table.Attr{
			{
				Name: "mode", Type: table.String, Mode: table.Required,
				Enum: []string{"host-passthrough", "host-model", "maximum", "custom"}, Change: table.NextBoot,
				XML: xmlmodel.At("@mode"),
				Doc: "`host-passthrough` is the host's CPU, `host-model` the nearest named model, `maximum` all features of " +
					"the accelerator, `custom` the CPU named in `model`.",
			},
			{
				Name: "model", Type: table.String, Mode: table.Optional, Change: table.NextBoot, Check: notEmpty,
				XML: cpuModel,
				Doc: "The CPU model, with mode `custom`: for example `Skylake-Server`.",
			},
		},
	},
}

// roomFor says whether a change can be made inside the limits that the guest runs with and that its definition will have meanwhile. Where
// there is none the guest has all that it can have, and can't give it back.
func roomFor(c table.ValueChange, name string) bool {
	was, is := c.From.Int(name), c.To.Int(name)
	running, defined := c.From.Group("maximum").Int(name), c.To.Group("maximum").Int(name)
	return is <= running && is <= defined && was <= defined
}

// vcpuCost is the cost of another number of processors. QEMU in software (7.2) removes a processor and never reports it, so that libvirt
// waits until its timeout.
func vcpuCost(c table.ValueChange) table.Cost {
	if !roomFor(c, "vcpu") || (c.From.Str("type") == "qemu" && c.To.Int("vcpu") < c.From.Int("vcpu")) {
		return table.NextBoot
	}
	return table.Live
}
