package schema

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// The ways to learn a guest's addresses.
const (
	FromLease = "lease" // what the host's own networks gave it
	FromAgent = "agent" // what the guest agent says
	FromARP   = "arp"   // what the host has heard
)

// Sources lists the ways.
var Sources = []string{FromLease, FromAgent, FromARP}

// AnyInterface means the first interface that has an address.
const AnyInterface = "any"

// defaultWait is the default time limit in seconds, enough for a guest that installs packages.
const defaultWait = 300

// waitRow is the condition that a started guest must meet.
var waitRow = table.Attr{
	Name: "wait_for", Type: table.Object, Mode: table.Optional,
	Doc: "The condition that an apply waits for after it starts the guest. If it is not met in time, the guest stays as it " +
		"is. For a new domain this is a warning, because Terraform " +
		"would replace an object whose creation failed; for an existing domain it is an error. The next apply waits again.",
	Attrs: []table.Attr{
		{
			Name: "address", Type: table.String, Mode: table.Optional, Check: table.EntryKey,
			Doc: "The interface that must have an IP address, by its key in `interfaces`; `any` is the first interface with an address.",
		},
		{
			Name: "source", Type: table.String, Mode: table.Optional, Default: FromLease, Enum: Sources,
			Doc: "How addresses are found. `lease`: from the DHCP leases of the host's networks. `agent`: from the guest " +
				"agent. `arp`: from the ARP table of the host.",
		},
		{Name: "guest_agent", Type: table.Bool, Mode: table.Optional, Doc: "Whether the guest agent must be connected."},
		{
			Name: "timeout", Type: table.Int, Mode: table.Optional, Default: int64(defaultWait),
			Check: table.AtLeast(1, " seconds"),
			Doc:   "The time limit, in seconds.",
		},
		{
			Name: "reached", Type: table.Bool, Mode: table.Computed,
			Doc: "Whether the condition was met. Null if nothing was waited for: the guest is not meant to run, or was running already.",
		},
	},
}
