package domain

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// interfaceRows are the network interfaces.
var interfaceRows = []table.Attr{
	{Name: "interfaces", Type: table.Map, Mode: table.Optional, Change: table.NextBoot, Check: interfaceKey, Entries: interfaces{}, Doc: "The network interfaces, by a name of yours.",
		Attrs: []table.Attr{
			{Name: "network", Type: table.String, Mode: table.Required, Change: table.NextBoot, Check: table.ObjectName, XML: source("network"), Doc: "The name of the network, on the same host."},
			{Name: "mac", Type: table.String, Mode: table.OptionalComputed, Change: table.NextBoot, Check: table.MAC, XML: xmlmodel.At("mac@address"), Doc: "The MAC address. Unset: libvirt chooses one, once."},
			{Name: "model", Type: table.String, Mode: table.Optional, Default: "virtio", Change: table.NextBoot, Check: notEmpty, XML: xmlmodel.At("model@type"), Doc: "What the guest sees: `virtio`, `e1000e`, ..."},
		}},
}
