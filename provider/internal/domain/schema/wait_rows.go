package schema

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

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

// waitRules: what nobody can bring is not waited for.
func waitRules(config table.Model) []table.Problem {
	w := config.Group("wait_for")
	if w == nil {
		return nil
	}
	at := tftypes.NewAttributePath().WithAttributeName("wait_for")
	agent := w["guest_agent"] == true || w["address"] != nil && w["source"] == FromAgent
	switch key := w.Str("address"); {
	case w["address"] == nil && (w["guest_agent"] == nil || w["guest_agent"] == false):
		return []table.Problem{{Path: at, Text: "'wait_for' must wait for something; set 'address' or 'guest_agent', or take it out"}}
	case agent && (config["guest_agent"] == nil || config["guest_agent"] == false):
		return []table.Problem{{Path: at, Text: "'wait_for' needs the guest agent's channel; set 'guest_agent', or wait for something else"}}
	case w["address"] != nil && config["interfaces"] == nil:
		return []table.Problem{{Path: at.WithAttributeName("address"), Text: "'address' needs an interface; add it to 'interfaces', or take this out"}}
	case key != "" && key != AnyInterface && config.Group("interfaces") != nil && !slices.Contains(table.Keys(config.Group("interfaces")), key):
		return []table.Problem{{Path: at.WithAttributeName("address"), Text: "'address' must be \"" + AnyInterface + "\" or a name in 'interfaces', got \"" + key + "\"; correct it, or add that interface"}}
	}
	return nil
}
