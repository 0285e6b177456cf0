package schema

import "github.com/kvm-fleet/kvm-fleet/provider/internal/table"

// memoryRows are the guest's memory. The memory devices come first, because libvirt counts them in all other values.
var memoryRows = []table.Attr{
	memoryDeviceRow,
	{
		Name: "memory", Type: table.Int, Mode: table.Required,
		Running: table.Running{Operation: ChangeMemory, UndoStart: undoBallooning},
		OnHost:  table.OnHost{Decides: table.MachineSize}, CostOf: memoryCost, Check: table.AtLeast(1024, " KiB"),
		XML: memory,
		Doc: "The memory, in KiB, without `memory_devices`.",
		CostDoc: "A change within `maximum.memory` is live, by the balloon driver of the guest; otherwise it is in effect " +
			"after the guest's next start.",
	},
	{
		Name: "maximum", Type: table.Object, Mode: table.Optional, ReadUnset: true,
		Running: table.Running{Observed: keepStatedMaximum}, OnHost: table.OnHost{Decides: table.MachineSize},
		Change: table.NextBoot, Group: maximum{},
		Doc: "The limits within which the guest can grow while it runs. Unset: `vcpu` and `memory`.",
		Attrs: []table.Attr{
			{
				Name: "vcpu", Type: table.Int, Mode: table.Optional, ReadUnset: true, Change: table.NextBoot, Check: countCPU,
				XML: maximumVCPU,
				Doc: "The maximum number of virtual CPUs. All CPUs but the first can then be removed again.",
			},
			{
				Name: "memory", Type: table.Int, Mode: table.Optional, ReadUnset: true, Change: table.NextBoot,
				Check: table.AtLeast(1024, " KiB"), XML: maximumMemory,
				Doc: "The maximum memory that the balloon can give, in KiB. The guest boots with all of it and returns what " +
					"exceeds `memory` as soon as its driver runs.",
			},
			{
				Name: "memory_slots", Type: table.Int, Mode: table.Optional, ReadUnset: true, Change: table.NextBoot,
				Check: table.Between(1, 256), XML: memorySlots("maxMemory@slots"),
				Doc: "The maximum number of memory devices.",
			},
			{
				Name: "memory_with_devices", Type: table.Int, Mode: table.Optional, ReadUnset: true, Change: table.NextBoot,
				Check: table.AtLeast(1024, " KiB"), XML: memorySlots("maxMemory"),
				Doc: "The maximum memory including all devices, in KiB.",
			},
		},
	},
}

func memoryCost(c table.ValueChange) table.Cost {
	if roomFor(c, "memory") {
		return table.Live
	}
	return table.NextBoot
}
