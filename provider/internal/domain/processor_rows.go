package domain

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// processorRows are the virtual CPUs.
var processorRows = []table.Attr{
	{Name: "vcpu", Type: table.Int, Mode: table.Required, Change: table.NextBoot, Check: table.AtLeast(1, ""), XML: vcpu, Doc: "The number of virtual CPUs."},
	{Name: "cpu", Type: table.Object, Mode: table.Optional, Change: table.NextBoot, Group: xmlmodel.Element{"cpu"}, Implied: impliedCPU, Doc: "The virtual CPU. Unset: libvirt's own choice, which every host can run.",
		Attrs: []table.Attr{
			{Name: "mode", Type: table.String, Mode: table.Required, Enum: []string{"host-passthrough", "host-model", "maximum", "custom"}, Change: table.NextBoot, XML: xmlmodel.At("@mode"),
				Doc: "`host-passthrough` is the host's CPU itself, `host-model` the nearest named model, `maximum` all that the accelerator can do, `custom` the `model`."},
			{Name: "model", Type: table.String, Mode: table.Optional, Change: table.NextBoot, Check: notEmpty, XML: cpuModel, Doc: "The model, with mode `custom`: for example `Skylake-Server`."},
		}},
}
