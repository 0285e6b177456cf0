package domain

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// interfaceRows are the network interfaces.
var interfaceRows = []table.Attr{
	{Name: "interfaces", Type: table.Map, Mode: table.Optional, Costs: bootCost, Unless: "One with a `boot` comes at the guest's next start.", Check: interfaceKey, Entries: interfaces{},
		Doc: "The network interfaces, by a name of yours. One that is taken away is taken away once the guest has let go of it.",
		Attrs: []table.Attr{
			{Name: "network", Type: table.String, Mode: table.Required, Check: table.ObjectName, XML: source("network"), Doc: "The name of the network, on the same host."},
			{Name: "mac", Type: table.String, Mode: table.OptionalComputed, Change: table.NextBoot, Check: table.MAC, XML: xmlmodel.At("mac@address"), Doc: "The MAC address. Unset: libvirt chooses one, once."},
			{Name: "model", Type: table.String, Mode: table.Optional, Default: "virtio", Change: table.NextBoot, Check: notEmpty, XML: xmlmodel.At("model@type"), Doc: "What the guest sees: `virtio`, `e1000e`, ..."},
			{Name: "link", Type: table.String, Mode: table.Optional, Enum: []string{"up", "down"}, XML: lone{"link", "@state"}, Doc: "Whether the cable is plugged in, as the guest sees it. Unset: `up`."},
			{Name: "filter", Type: table.String, Mode: table.Optional, Check: notEmpty, XML: filter,
				Doc: "The network filter (nwfilter) on the host that says what the guest may send and receive: `clean-traffic`, ..."},
			{Name: "boot", Type: table.Int, Mode: table.Optional, Change: table.NextBoot, Check: table.AtLeast(1, ""), XML: bootAt, Doc: "Its place in the order in which the firmware tries to boot, see `boot` of `disks`."},
			{Name: "bandwidth", Type: table.Object, Mode: table.Optional, Group: xmlmodel.Element{"bandwidth"}, Attrs: bandwidthRows,
				Doc: "How much may go through. `inbound` is what the guest receives."},
		}},
}

// bandwidthRows are in libvirt's units. https://libvirt.org/formatnetwork.html#quality-of-service
var bandwidthRows = []table.Attr{
	rate("inbound", "average", "Kilobytes a second that the guest may receive in the long run."),
	rate("inbound", "peak", "Kilobytes a second that it may receive at most."),
	rate("inbound", "burst", "KiB that it may receive at `inbound_peak`."),
	rate("outbound", "average", "Kilobytes a second that the guest may send in the long run."),
	rate("outbound", "peak", "Kilobytes a second that it may send at most."),
	rate("outbound", "burst", "KiB that it may send at `outbound_peak`."),
}

func rate(direction, name, doc string) table.Attr {
	return table.Attr{Name: direction + "_" + name, Type: table.Int, Mode: table.Optional, Check: table.AtLeast(1, ""), XML: lone{direction, xmlmodel.At("@" + name)}, Doc: doc}
}
