package schema

import (
	"slices"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// waitRules refuses a condition that cannot be met.
func waitRules(p table.Problems, config table.Model) {
	w := config.Group("wait_for")
	if w == nil {
		return
	}
	agent := w["guest_agent"] == true || w["address"] != nil && w["source"] == FromAgent
	switch key := w.Str("address"); {
	case w["address"] == nil && isUnsetOrFalse(w["guest_agent"]):
		p.Add("wait_for", "'wait_for' requires 'address' or 'guest_agent'; set one of them, or remove 'wait_for'")
	case agent && isUnsetOrFalse(config["guest_agent"]):
		p.Add("wait_for", "'wait_for' requires the channel of the guest agent; set 'guest_agent' of the domain, or wait for something else")
	case w["address"] != nil && config["interfaces"] == nil:
		p.Requires("wait_for.address", "interfaces")
	case key != "" && key != AnyInterface && config.Group("interfaces") != nil && !slices.Contains(table.Keys(config.Group("interfaces")), key):
		p.Must("wait_for.address", "be %q or a key of 'interfaces', got %q; correct it, or add that interface", AnyInterface, key)
	}
}
