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

// Sources are all of them.
var Sources = []string{FromLease, FromAgent, FromARP}

// AnyInterface stands for whichever interface has an address first.
const AnyInterface = "any"

// defaultWait is how many seconds a guest has to come up: enough for one that installs what it needs.
const defaultWait = 300

// waitRow is what is waited for once a guest was started.
var waitRow = table.Attr{Name: "wait_for", Type: table.Object, Mode: table.Optional,
	Doc: "What an apply that starts the guest waits for. Where it does not come in time the guest is left as it is: of a new domain it is a warning, and of one that is there already an " +
		"error, because Terraform would replace an object whose creation failed. The next apply then waits again.",
	Attrs: []table.Attr{
		{Name: "address", Type: table.String, Mode: table.Optional, Check: interfaceKey, Doc: "The interface, by its name in `interfaces`, that is to have an IP address; `any` is whichever has one first."},
		{Name: "source", Type: table.String, Mode: table.Optional, Default: FromLease, Enum: Sources,
			Doc: "How addresses are known. `lease`: the networks of the host itself gave them. `agent`: the guest agent says so. `arp`: the host has heard of them."},
		{Name: "guest_agent", Type: table.Bool, Mode: table.Optional, Doc: "Whether the guest agent is to be connected."},
		{Name: "timeout", Type: table.Int, Mode: table.Optional, Default: int64(defaultWait), Check: table.AtLeast(1, " seconds"), Doc: "How many seconds to wait."},
		{Name: "reached", Type: table.Bool, Mode: table.Computed, Doc: "Whether it came. Null where nothing has been waited for: the guest is not to run, or was running already."},
	}}
