package schema

import (
	"fmt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// numaRow are the guest's NUMA nodes. https://libvirt.org/formatdomain.html#guest-numa-topology
var numaRow = table.Attr{
	Name: "numa", Type: table.Map, Mode: table.Optional, Check: cellNumber, Change: table.NextBoot, Entries: numaCodec{},
	Doc: "The NUMA nodes that the guest sees, by their numbers from 0. Together they have all virtual CPUs, and the guest's memory: " +
		"`maximum.memory`, or `memory` without it. Unset: one node.",
	Attrs: []table.Attr{
		{
			Name: "cpus", Type: table.String, Mode: table.Optional, Change: table.NextBoot, Check: cpusetForm, Same: sameCPUs,
			XML: xmlmodel.At("@cpus"),
			Doc: "The virtual CPUs of the node: `0-3`. Unset: none.",
		},
		{
			Name: "memory", Type: table.Int, Mode: table.Required, Change: table.NextBoot, Check: cellMemory, XML: cellMemoryAt,
			Doc: "The memory of the node, in KiB: a multiple of 1024.",
		},
		{
			Name: "access", Type: table.String, Mode: table.Optional, Enum: []string{"shared", "private"}, Change: table.NextBoot,
			XML: xmlmodel.At("@memAccess"),
			Doc: "Whether other processes of the host can map the memory of the node. Unset: as `memory_backing.access` says.",
		},
		{
			Name: "discard", Type: table.Bool, Mode: table.Optional, Change: table.NextBoot, XML: xmlmodel.At("@discard"),
			Doc: "Whether the content of the node's memory file is discarded when the guest stops. Unset: as `memory_backing.discard` says.",
		},
		{
			Name: "distances", Type: table.Map, Mode: table.Optional, Check: cellNumber, Change: table.NextBoot, Entries: distanceCodec{},
			Doc: "The distance to each other node, by its number. Either all nodes have distances or none. Unset: 20.",
			Attrs: []table.Attr{{
				Name: "value", Type: table.Int, Mode: table.Required, Change: table.NextBoot, Check: table.Between(10, 254),
				XML: xmlmodel.At("@value"),
				Doc: "The distance. That of a node to itself is 10.",
			}},
		},
	},
}

// numatuneRow says which NUMA nodes of the host have the guest's memory. https://libvirt.org/formatdomain.html#numa-node-tuning
var numatuneRow = table.Attr{
	Name: "numatune", Type: table.Object, Mode: table.Optional, Change: table.NextBoot,
	Running: table.Running{Operation: ChangeHostNodes, Drifts: always},
	Group:   xmlmodel.Within{"numatune"},
	Doc:     "The NUMA nodes of the host that have the guest's memory. Unset: the host chooses.",
	Attrs: []table.Attr{
		{
			Name: "mode", Type: table.String, Mode: table.Optional, Enum: []string{"strict", "preferred", "interleave", "restrictive"},
			Change: table.NextBoot, XML: nested{"memory", xmlmodel.At("@mode")},
			Doc: "How the nodes are used: `strict` is only these, `preferred` these first, `interleave` all of these in turn; " +
				"`restrictive` is only these, as the host's control groups enforce it, so that `nodeset` can change live.",
		},
		{
			Name: "nodeset", Type: table.String, Mode: table.Optional, Check: nodesetForm, Same: sameCPUs,
			OnHost: table.OnHost{NUMANodes: true}, CostOf: nodesetCost,
			CostDoc: "A change is live with mode `restrictive`; otherwise it is in effect after the guest's next start.",
			XML:     nested{"memory", xmlmodel.At("@nodeset")},
			Doc:     "The nodes of the host: `0-1`.",
		},
		{
			Name: "placement", Type: table.String, Mode: table.Optional, Enum: []string{"auto"}, Change: table.NextBoot, XML: autoPlacement,
			Doc: "`auto`: numad on the host chooses the nodes of the memory and the CPUs at each start, in place of `nodeset`.",
		},
		{
			Name: "cells", Type: table.Map, Mode: table.Optional, Check: cellNumber, Change: table.NextBoot, Entries: memnodeCodec{},
			Doc: "The nodes of the host for each node of the guest in `cpu.numa`, by its number.",
			Attrs: []table.Attr{
				{
					Name: "mode", Type: table.String, Mode: table.Optional, Default: "strict",
					Enum: []string{"strict", "preferred", "interleave", "restrictive"}, Change: table.NextBoot, XML: xmlmodel.At("@mode"),
					Doc: "How the nodes are used, as above.",
				},
				{
					Name: "nodeset", Type: table.String, Mode: table.Required, Change: table.NextBoot, Check: nodesetForm, Same: sameCPUs,
					OnHost: table.OnHost{NUMANodes: true},
					XML:    xmlmodel.At("@nodeset"),
					Doc:    "The nodes of the host: `0`.",
				},
			},
		},
	},
}

func cellNumber(v any) error {
	if vcpuNumber(v) != nil {
		return fmt.Errorf("must be the number of a NUMA node like \"0\", got %q", v)
	}
	return nil
}

// cellMemory checks the memory of a node: libvirt (9.0) makes it whole MiB when the guest starts.
func cellMemory(v any) error {
	if n, ok := v.(int64); ok && (n < 1024 || n%1024 != 0) {
		return fmt.Errorf("must be a multiple of 1024 KiB, got %d", n)
	}
	return nil
}

func nodesetForm(v any) error {
	if _, err := ParseCPUs(v.(string)); err != nil {
		return fmt.Errorf("must be NUMA nodes of the host like \"0-1\", got %q", v)
	}
	return nil
}

// nodesetCost is the cost of other nodes of the host. With the mode 'strict', QEMU has bound the memory to its nodes.
func nodesetCost(c table.ValueChange) table.Cost {
	if c.Was != nil && c.Is != nil && c.From.Str("mode") == "restrictive" && c.To.Str("mode") == "restrictive" {
		return table.Live
	}
	return table.NextBoot
}
