package schema

import (
	"fmt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// memoryRows are the guest's memory. What was plugged in stands first: libvirt counts it in all the others.
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
		Name: "maximum", Type: table.Object, Mode: table.Optional,
		Running: table.Running{Observed: keepStatedMaximum}, OnHost: table.OnHost{Decides: table.MachineSize},
		Change: table.NextBoot, Group: maximum{},
		Doc: "The limits within which the guest can grow while it runs. Unset: `vcpu` and `memory`.",
		Attrs: []table.Attr{
			{
				Name: "vcpu", Type: table.Int, Mode: table.Optional, Change: table.NextBoot, Check: countCPU,
				XML: maximumVCPU,
				Doc: "The maximum number of virtual CPUs. All CPUs but the first can then be removed again.",
			},
			{
				Name: "memory", Type: table.Int, Mode: table.Optional, Change: table.NextBoot,
				Check: table.AtLeast(1024, " KiB"), XML: maximumMemory,
				Doc: "The maximum memory that the balloon can give, in KiB. The guest boots with all of it and returns what " +
					"exceeds `memory` as soon as its driver runs.",
			},
			{
				Name: "memory_slots", Type: table.Int, Mode: table.Optional, Change: table.NextBoot,
				Check: table.Between(1, 256), XML: memorySlots("maxMemory@slots"),
				Doc: "The maximum number of memory devices.",
			},
			{
				Name: "memory_with_devices", Type: table.Int, Mode: table.Optional, Change: table.NextBoot,
				Check: table.AtLeast(1024, " KiB"), XML: memorySlots("maxMemory"),
				Doc: "The maximum memory including all devices, in KiB.",
			},
		},
	},
}

// memoryDeviceRow has a name: what changes it live needs to know it.
var memoryDeviceRow = table.Attr{
	Name: "memory_devices", Type: table.Map, Mode: table.Optional,
	Running: table.Running{Operation: ChangeMemoryDevices}, OnHost: table.OnHost{Decides: table.MachineSize},
	CostOf: deviceCost, Check: interfaceKey, Entries: memoryDeviceCodec{},
	Doc: "Memory devices in addition to `memory`, by a name of your choice. They require `maximum.memory_slots`.",
	CostDoc: "An entry is attached live, and detached as far as the guest releases it; at the guest's next start if the slots " +
		"are added or removed with it.",
	Attrs: []table.Attr{
		{
			Name: "size", Type: table.Int, Mode: table.Required, Change: table.NextBoot, Check: wholeModule,
			XML: xmlmodel.At("target/size"),
			Doc: "The size, in KiB.",
		},
		{
			Name: "node", Type: table.Int, Mode: table.Optional, Default: int64(0), Change: table.NextBoot,
			Check: table.AtLeast(0, ""), XML: xmlmodel.At("target/node"),
			Doc: "The NUMA node of the guest.",
		},
	},
}

// moduleUnit is what QEMU's memory devices are a multiple of, in KiB.
const moduleUnit = 2048

func wholeModule(v any) error {
	if n, ok := v.(int64); ok && (n < moduleUnit || n%moduleUnit != 0) {
		return fmt.Errorf("must be a multiple of %d KiB, got %d; Linux on x86 takes multiples of 131072 only", moduleUnit, n)
	}
	return nil
}

func memoryCost(c table.ValueChange) table.Cost {
	if roomFor(c, "memory") {
		return table.Live
	}
	return table.NextBoot
}

// deviceCost is the cost of a memory device: the slots are fixed at the guest's start.
func deviceCost(c table.ValueChange) table.Cost {
	if c.From.Group("maximum")["memory_slots"] == nil || c.To.Group("maximum")["memory_slots"] == nil {
		return table.NextBoot
	}
	return table.Live
}
