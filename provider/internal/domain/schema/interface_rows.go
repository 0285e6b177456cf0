package schema

import (
	"fmt"
	"regexp"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/portprofile"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// interfaceRows are the network interfaces.
var interfaceRows = []table.Attr{
	{
		Name: "interfaces", Type: table.Map, Mode: table.Optional,
		Running: table.Running{Operation: ChangeInterfaces, UndoStart: undoInterfacePlaces, Observed: keepStatedPositions},
		CostOf:  placedCost,
		CostDoc: "An entry with `boot` or `address` is attached at the guest's next start.",
		Check:   table.EntryKey, Entries: interfaceCodec{},
		Doc: "The network interfaces, by a name of your choice: each connected to a network, a bridge or a device. A removed " +
			"entry is detached as soon as the guest has released it.",
		Attrs: append(connectionRows, []table.Attr{
			{
				Name: "mac", Type: table.String, Mode: table.OptionalComputed, Change: table.NextBoot, Check: table.MAC,
				XML: xmlmodel.At("mac@address"),
				Doc: "The MAC address. Unset: libvirt chooses one when it attaches the interface.",
			},
			{
				Name: "model", Type: table.String, Mode: table.Optional, Default: "virtio", Change: table.NextBoot,
				Check: interfaceModel, XML: xmlmodel.At("model@type"),
				Doc: "The model that the guest sees: `virtio`, `e1000e`, ...",
			},
			{
				Name: "link", Type: table.String, Mode: table.Optional, ReadUnset: true,
				Running: table.Running{Step: StepLink, Drifts: always}, Enum: []string{"up", "down"},
				XML: xmlmodel.Lone{Element: "link", At: "@state"},
				Doc: "Whether the guest sees a plugged-in cable. Unset: `up`.",
			},
			{
				Name: "mtu", Type: table.Int, Mode: table.Optional, Change: table.NextBoot, Check: portprofile.MTU,
				XML: xmlmodel.Whole{Element: "mtu", Attr: "size"},
				Doc: "The maximum packet size (MTU), in bytes. Unset: the MTU of the network.",
			},
			{
				Name: "queues", Type: table.Int, Mode: table.Optional, Change: table.NextBoot, Check: table.Between(2, 256),
				XML: xmlmodel.Lone{Element: "driver", At: "@queues"},
				Doc: "How many of its processors the guest can use for the interface at the same time, with model `virtio`. Unset: one.",
			},
			{
				Name: "isolated", Type: table.Bool, Mode: table.Optional, Running: table.Running{Step: StepIsolation},
				XML: xmlmodel.Whole{Element: "port", Attr: "isolated"},
				Doc: "Whether the interface cannot reach other isolated interfaces of its bridge.",
			},
			changedAs(StepVLAN, portprofile.VLANRow("The VLANs of the interface, on a bridge of Open vSwitch, on a virtual "+
				"function, or since libvirt 11.0.0 on a Linux bridge with VLAN filtering.", vlanCost,
				"Adding or removing the group is in effect after the guest's next start.")),
			{
				Name: "filter", Type: table.String, Mode: table.Optional,
				Running: table.Running{Step: StepFilter, Drifts: always}, OnHost: table.OnHost{Names: table.FilterOnHost},
				Check: filterName, XML: filter,
				Doc: "The network filter (nwfilter) on the host that restricts what the guest sends and receives: `clean-traffic`, ...",
			},
			{
				Name: "filter_parameters", Type: table.Map, Mode: table.Optional,
				Running: table.Running{Step: StepFilter, Drifts: always}, Check: parameterName,
				Entries: filterParameterCodec{},
				Doc:     "The parameters of the filter, by name: `IP`, `CTRL_IP_LEARNING`, ...",
				Attrs: []table.Attr{{
					Name: "values", Type: table.Strings, Mode: table.Required, Check: parameterValue, XML: parameterValues,
					Doc: "The value of the parameter, or all its values.",
				}},
			},
			{
				Name: "boot", Type: table.Int, Mode: table.Optional, Change: table.NextBoot, Check: table.AtLeast(1, ""),
				XML: bootOrder,
				Doc: "The position in the boot order of the firmware, see `boot` of `disks`.",
			},
			drifting(changedAs(StepBandwidth, portprofile.BandwidthRow("the guest"))),
			positionRow,
			pciAddressRow(),
		}...),
	},
}

const otherKind = "If the interface is or was on a device or on a bridge of Open vSwitch, it is in effect after the guest's next start."

// connectionRows are what an interface is connected to. A new kind of connection replaces the previous one.
var connectionRows = []table.Attr{
	{
		Name: "network", Type: table.String, Mode: table.Optional, Running: table.Running{Step: StepConnection, Drifts: always},
		OnHost: table.OnHost{Names: table.NetworkOnHost}, CostOf: plugCost,
		CostDoc: otherKind,
		Check:   table.ObjectName, XML: connection("network"),
		Doc: "The name of the network, on the same host.",
	},
	{
		Name: "portgroup", Type: table.String, Mode: table.Optional, Running: table.Running{Step: StepConnection},
		CostOf:  groupCost,
		CostDoc: "Unless `network` changes too, it is in effect after the guest's next start.",
		Check:   portprofile.GroupName, XML: portGroup,
		Doc: "The port group of the network. Unset: the network's default group.",
	},
	{
		// Read although it is unset: an interface whose network is gone may be on a bridge instead.
		Name: "bridge", Type: table.String, Mode: table.Optional, ReadUnset: true,
		Running: table.Running{Step: StepConnection, Drifts: always},
		OnHost:  table.OnHost{Names: table.BridgeOnHost}, CostOf: plugCost,
		CostDoc: otherKind,
		Check:   portprofile.Device, XML: connection("bridge"),
		Doc: "The name of a bridge on the host, instead of a network.",
	},
	portprofile.VirtualPortRow(table.NextBoot),
	{
		Name: "direct", Type: table.Object, Mode: table.Optional, Change: table.NextBoot, Group: direct{},
		Doc: "A network device of the host (macvtap), instead of a network.",
		Attrs: []table.Attr{
			{
				Name: "dev", Type: table.String, Mode: table.Required, OnHost: table.OnHost{Names: table.DeviceOnHost},
				Change: table.NextBoot, Check: portprofile.Device, XML: xmlmodel.At("@dev"),
				Doc: "The network device, for example `eth0`.",
			},
			{
				Name: "mode", Type: table.String, Mode: table.Optional, Default: "bridge",
				Enum: []string{"bridge", "private", "vepa", "passthrough"}, Change: table.NextBoot,
				XML: xmlmodel.At("@mode"),
				Doc: "Whom the guest reaches on the device: other guests (`bridge`), no other guest (`private`), or guests " +
					"through the switch (`vepa`). `passthrough` gives the whole device to the guest.",
			},
		},
	},
}

// plugCost is the cost of another connection. A running guest's interface can move from one Linux bridge to another, but neither to nor
// from anything else.
// https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/qemu/qemu_hotplug.c, qemuDomainChangeNet
func plugCost(c table.ValueChange) table.Cost {
	for _, other := range []string{"direct", "virtualport"} {
		if c.From[other] != nil || c.To[other] != nil {
			return table.NextBoot
		}
	}
	return table.Live
}

// groupCost is the cost of another port group. If the network stays the same, libvirt (9.0) removes an Open vSwitch port from its VLANs and
// adds it to none.
func groupCost(c table.ValueChange) table.Cost {
	if c.From["network"] == c.To["network"] {
		return table.NextBoot
	}
	return plugCost(c)
}

// vlanCost is the cost of other VLANs. An interface whose own VLANs are removed would be in none, and not in those of its network or group
// (libvirt 9.0).
func vlanCost(c table.ValueChange) table.Cost {
	if c.From == nil || c.To == nil {
		return table.NextBoot
	}
	return table.Live
}

// https://libvirt.org/formatnwfilter.html#usage-of-variables-in-filters
var (
	parameterForm = regexp.MustCompile(`^[A-Za-z0-9_]+$`)
	valueForm     = regexp.MustCompile(`^[A-Za-z0-9_.:/-]+$`)
)

func parameterName(v any) error {
	if s := v.(string); !parameterForm.MatchString(s) {
		return fmt.Errorf("must be letters, digits and '_', got %q", s)
	}
	return nil
}

func parameterValue(v any) error {
	if s := v.(string); !valueForm.MatchString(s) {
		return fmt.Errorf("must be letters, digits, '_', '.', ':', '/' and '-', got %q", s)
	}
	return nil
}
