package schema

import (
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

func TestWhatIsWaitedForHasToBeThere(t *testing.T) {
	lan := table.Model{"lan": table.Model{"network": "lan"}}
	for name, c := range map[string]struct {
		config table.Model
		says   string
		at     string
	}{
		"nothing":             {table.Model{}, "", ""},
		"an interface":        {table.Model{"interfaces": lan, "wait_for": table.Model{"address": "lan"}}, "", ""},
		"any":                 {table.Model{"interfaces": lan, "wait_for": table.Model{"address": "any"}}, "", ""},
		"the agent":           {table.Model{"guest_agent": true, "wait_for": table.Model{"guest_agent": true}}, "", ""},
		"one not known yet":   {table.Model{"interfaces": lan, "wait_for": table.Model{"address": table.Unknown}}, "", ""},
		"of unknown ones":     {table.Model{"interfaces": table.Unknown, "wait_for": table.Model{"address": "lan"}}, "", ""},
		"no thing":            {table.Model{"wait_for": table.Model{"timeout": int64(5)}}, "'wait_for' requires 'address' or 'guest_agent'; set one of them, or remove 'wait_for'", "wait_for"},
		"no interface":        {table.Model{"wait_for": table.Model{"address": "any"}}, "'address' requires 'interfaces'; set it, or remove 'address'", "wait_for.address"},
		"another interface":   {table.Model{"interfaces": lan, "wait_for": table.Model{"address": "wan"}}, `'address' must be "any" or a key of 'interfaces', got "wan"; correct it, or add that interface`, "wait_for.address"},
		"no agent":            {table.Model{"wait_for": table.Model{"guest_agent": true}}, "'wait_for' requires the channel of the guest agent; set 'guest_agent' of the domain, or wait for something else", "wait_for"},
		"addresses, no agent": {table.Model{"interfaces": lan, "wait_for": table.Model{"address": "lan", "source": "agent"}}, "'wait_for' requires the channel of the guest agent; set 'guest_agent' of the domain, or wait for something else", "wait_for"},
	} {
		said, at := "", ""
		for _, p := range problemsOf(waitRules, c.config) {
			said, at = p.Text, table.PathString(p.Path)
		}
		if said != c.says || at != c.at {
			t.Errorf("%s: says %q at %s", name, said, at)
		}
	}
}
