package schema

import "github.com/kvm-fleet/kvm-fleet/provider/internal/table"

// processorRows are the virtual CPUs.
var processorRows = []table.Attr{
	{
		Name: "vcpu", Type: table.Int, Mode: table.Required,
		Running: table.Running{Operation: ChangeVCPUs, UndoStart: undoCPUOnline},
		OnHost:  table.OnHost{Decides: table.MachineSize}, CostOf: vcpuCost, Check: countCPU, XML: vcpu,
		Doc: "The number of virtual CPUs. In a new domain they are the cores of one socket, unless `cpu.topology` says otherwise.",
		CostDoc: "A change within `maximum.vcpu` is live, as far as the guest releases its CPUs; otherwise it is in effect " +
			"after the guest's next start. Removing CPUs from a guest of type `qemu` always is.",
	},
}

// roomFor reports whether a change is possible within the limits of the running guest and of its new definition. Without a limit the guest
// already has all that it can have, and cannot give any back.
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
