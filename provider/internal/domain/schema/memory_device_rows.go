package schema

import (
	"fmt"
	"math/bits"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// memoryDeviceRow has a name, because the code that changes it live refers to it. https://libvirt.org/formatdomain.html#memory-devices
var memoryDeviceRow = table.Attr{
	Name: "memory_devices", Type: table.Map, Mode: table.Optional,
	Running: table.Running{Operation: ChangeMemoryDevices}, OnHost: table.OnHost{Decides: table.MachineSize},
	CostOf: deviceCost, Check: table.EntryKey, Entries: memoryDeviceCodec{},
	Doc: "Memory devices in addition to `memory`, by a name of your choice. They require `maximum.memory_slots`.",
	CostDoc: "A `dimm` is attached live, and detached as far as the guest releases it. `virtio-mem` and `virtio-pmem` are attached live, " +
		"and detached at the guest's next start. An `nvdimm` is attached and detached at the guest's next start, as is every device if the " +
		"slots are added or removed with it.",
	Attrs: memoryDeviceRows,
}

var memoryDeviceRows = []table.Attr{
	{
		Name: "model", Type: table.String, Mode: table.Optional, Default: dimm, Enum: memoryModels, Change: table.NextBoot, XML: memoryModel,
		// libvirt 9.0 attaches it live, and does not start a guest that has it.
		OnHost: table.OnHost{ValuesSince: map[string]uint64{virtioPMem: 9_001_000}},
		Doc: "`dimm` is a module of a fixed size. Of `virtio-mem`, the guest takes and returns as much as is `requested` while it runs. " +
			"`nvdimm` and `virtio-pmem` are persistent memory, whose content is in a file of the host; `virtio-pmem` requires libvirt 9.1.",
	},
	{
		Name: "size", Type: table.Int, Mode: table.Required, Change: table.NextBoot, Check: wholeModule,
		XML: xmlmodel.At("target/size"),
		Doc: "The size, in KiB. Of `virtio-mem`: the most that can be requested.",
	},
	{
		Name: "node", Type: table.Int, Mode: table.Optional, Default: int64(0), DefaultIn: defaultMemoryNode, Change: table.NextBoot,
		Check: table.AtLeast(0, ""), XML: xmlmodel.At("target/node"),
		Doc: "The NUMA node of the guest. `virtio-pmem` is in none.",
	},
	changedAs(StepRequest, drifting(table.Attr{
		Name: "requested", Type: table.Int, Mode: table.Optional, OnlyFor: []string{virtioMem}, Check: table.AtLeast(0, " KiB"),
		CostOf: requestCost, XML: requestedMemory,
		Doc: "How much of a `virtio-mem` device the guest is to have, in KiB: a multiple of `block`. An apply waits until the guest, whose driver " +
			"must be running, has taken or returned the difference.",
		CostDoc: "A change within the `size` is live.",
	})),
	{
		Name: "block", Type: table.Int, Mode: table.Optional, OnlyFor: []string{virtioMem}, Change: table.NextBoot, Check: memoryBlockSize,
		XML:      memoryBlock,
		Assigned: true, Implied: func(host any) bool { return host == int64(defaultBlock) },
		Doc: "The unit in which the guest takes memory of a `virtio-mem` device, in KiB: a power of two, at least the size of the host's " +
			"transparent huge pages. Unset: 2048.",
	},
	{
		Name: "path", Type: table.String, Mode: table.Optional, OnlyFor: []string{nvdimm, virtioPMem}, Change: table.NextBoot,
		Check: table.AbsolutePath, XML: nested{"source", xmlmodel.At("path")},
		Doc: "The file or device of the host with the content of an `nvdimm` or `virtio-pmem`, which require it. It must exist.",
	},
	{
		Name: "label_size", Type: table.Int, Mode: table.Optional, OnlyFor: []string{nvdimm}, Change: table.NextBoot,
		Check: table.AtLeast(128, " KiB"), XML: nested{"target", nested{"label", kibAt("size")}},
		Doc: "The part of an `nvdimm` that keeps its namespaces, in KiB. Unset: none.",
	},
	{
		Name: "readonly", Type: table.Bool, Mode: table.Optional, OnlyFor: []string{nvdimm}, Default: false, Change: table.NextBoot,
		XML: inChild("target", present("readonly")),
		Doc: "Whether the guest sees the `nvdimm` as read-only.",
	},
	{
		Name: "pmem", Type: table.Bool, Mode: table.Optional, OnlyFor: []string{nvdimm}, Default: false, Change: table.NextBoot,
		XML: inChild("source", present("pmem")),
		Doc: "Whether `path` of an `nvdimm` is persistent memory of the host, so that QEMU guarantees that writes are persistent.",
	},
	{
		Name: "align", Type: table.Int, Mode: table.Optional, OnlyFor: []string{nvdimm}, Change: table.NextBoot, Check: table.AtLeast(4, " KiB"),
		XML: nested{"source", kibAt("alignsize")},
		Doc: "The alignment of the addresses of an `nvdimm`, in KiB, which a DAX device requires. Unset: the host's page size.",
	},
	{
		Name: "page_size", Type: table.Int, Mode: table.Optional, OnlyFor: []string{dimm, virtioMem}, Change: table.NextBoot,
		Check: table.AtLeast(4, " KiB"), XML: nested{"source", kibAt("pagesize")},
		Doc: "The size of the host's pages of a `dimm` or `virtio-mem`, in KiB: `2048`, `1048576`. Unset: as `memory_backing` says.",
	},
	{
		Name: "host_nodes", Type: table.String, Mode: table.Optional, OnlyFor: []string{dimm, virtioMem}, Change: table.NextBoot, Check: nodesetForm,
		Same: sameCPUs, OnHost: table.OnHost{NUMANodes: true}, XML: nested{"source", xmlmodel.At("nodemask")},
		Doc: "The NUMA nodes of the host that have the memory of a `dimm` or `virtio-mem`: `0-1`. Unset: as `memory_backing.numatune` says.",
	},
	{
		Name: "access", Type: table.String, Mode: table.Optional, Enum: []string{"shared", "private"}, Change: table.NextBoot,
		XML: xmlmodel.At("@access"),
		Doc: "Whether other processes of the host can map the memory. `virtio-pmem` requires `shared`; without it, an `nvdimm` does not write to " +
			"its file. Unset: as `cpu.numa` and `memory_backing` say.",
	},
	{
		Name: "discard", Type: table.Bool, Mode: table.Optional, OnlyFor: []string{dimm, virtioMem}, Change: table.NextBoot,
		XML: xmlmodel.At("@discard"),
		Doc: "Whether the content of the memory file of a `dimm` or `virtio-mem` is discarded when the guest stops. Unset: as `cpu.numa` and " +
			"`memory_backing` say.",
	},
}

// moduleUnit is the unit of the size of QEMU's memory devices, in KiB.
const moduleUnit = 2048

func wholeModule(v any) error {
	if n, ok := v.(int64); ok && (n < moduleUnit || n%moduleUnit != 0) {
		return fmt.Errorf("must be a multiple of %d KiB, got %d; Linux on x86 takes multiples of 131072 only", moduleUnit, n)
	}
	return nil
}

func memoryBlockSize(v any) error {
	if n, ok := v.(int64); ok && (n < 1024 || bits.OnesCount64(uint64(n)) != 1) {
		return fmt.Errorf("must be a power of two, at least 1024 KiB, got %d", n)
	}
	return nil
}

func defaultMemoryNode(device table.Model) any {
	switch device["model"] {
	case virtioPMem:
		return nil
	case table.Unknown:
		return table.Unknown
	default:
		return int64(0)
	}
}

// deviceCost is the cost of a memory device that comes or goes: the slots are fixed at the guest's start, and so is whether the machine can
// have an NVDIMM. QEMU (7.2) refuses to unplug all models but the DIMM.
func deviceCost(c table.ValueChange) table.Cost {
	if c.From.Group("maximum")["memory_slots"] == nil || c.To.Group("maximum")["memory_slots"] == nil {
		return table.NextBoot
	}
	was, _ := c.Was.(table.Model)
	is, _ := c.Is.(table.Model)
	if was != nil && was.Str("model") != dimm || is.Str("model") == nvdimm {
		return table.NextBoot
	}
	return table.Live
}

// requestCost is the cost of another request: live for a device that the guest has, within its size.
func requestCost(c table.ValueChange) table.Cost {
	asked, _ := c.Is.(int64)
	if c.From.Str("model") == virtioMem && c.To.Str("model") == virtioMem && c.Is != nil && asked <= c.From.Int("size") {
		return table.Live
	}
	return table.NextBoot
}
