package domain

import (
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
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
		"no thing":            {table.Model{"wait_for": table.Model{"timeout": int64(5)}}, "'wait_for' must wait for something; set 'address' or 'guest_agent', or take it out", "wait_for"},
		"no interface":        {table.Model{"wait_for": table.Model{"address": "any"}}, "'address' needs an interface; add it to 'interfaces', or take this out", "wait_for.address"},
		"another interface":   {table.Model{"interfaces": lan, "wait_for": table.Model{"address": "wan"}}, `'address' must be "any" or a name in 'interfaces', got "wan"; correct it, or add that interface`, "wait_for.address"},
		"no agent":            {table.Model{"wait_for": table.Model{"guest_agent": true}}, "'wait_for' needs the guest agent's channel; set 'guest_agent', or wait for something else", "wait_for"},
		"addresses, no agent": {table.Model{"interfaces": lan, "wait_for": table.Model{"address": "lan", "source": "agent"}}, "'wait_for' needs the guest agent's channel; set 'guest_agent', or wait for something else", "wait_for"},
	} {
		said, at := "", ""
		for _, p := range waitRules(c.config) {
			said, at = p.Text, table.PathString(p.Path)
		}
		if said != c.says || at != c.at {
			t.Errorf("%s: says %q at %s", name, said, at)
		}
	}
}

func TestThePlanSaysWhetherItWaits(t *testing.T) {
	u := table.Unknown
	wait := func(reached any) table.Model {
		return table.Model{"address": "lan", "source": "lease", "timeout": int64(5), "reached": reached}
	}
	longer := table.Model{"address": "lan", "source": "lease", "timeout": int64(9), "reached": true}
	there, failed := with("wait_for", wait(true)), with("wait_for", wait(false))
	off := later(there, "state", "stopped", "wait_for", wait(nil))
	for name, c := range map[string]struct {
		prior, plan table.Model
		want        any
	}{
		"a new one":                   {table.Model{}, with("wait_for", wait(u)), u},
		"a new one that does not run": {table.Model{}, later(off, "wait_for", wait(u)), nil},
		"nothing changes":             {there, there.Clone(), true},
		"another change":              {there, later(there, "title", "b"), true},
		"it failed":                   {failed, failed.Clone(), u},
		"it has another limit":        {there, later(there, "wait_for", longer), u},
		"it is new":                   {base, later(base, "wait_for", wait(u)), u},
		"it starts":                   {off, later(off, "state", "running"), u},
		"it stops":                    {there, later(there, "state", "stopped"), nil},
		"it goes on":                  {later(there, "state", "paused"), there.Clone(), true},
		"it restarts":                 {there, later(there, "on_change", "restart", "machine", "pc"), u},
		"nobody knows":                {there, later(there, "state", u), u},
	} {
		lookAhead(c.prior, c.plan).planWait()
		if got := c.plan.Group("wait_for")["reached"]; got != c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}

func TestAddressesAreThoseByWhichAGuestIsReached(t *testing.T) {
	root, err := xmlmodel.Parse(`<domain><devices><interface type='network'><mac address='52:54:00:AA:00:01'/><alias name='ua-lan'/></interface>` +
		`<interface type='bridge'><mac address='52:54:00:00:00:02'/></interface>` +
		`<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0' state='connected'/></channel></devices></domain>`)
	if err != nil {
		t.Fatal(err)
	}
	nics := NICs(root)
	if len(nics) != 2 || nics[0].String() != "lan (52:54:00:aa:00:01)" || nics[1].String() != "net1 (52:54:00:00:00:02)" {
		t.Errorf("got %v", nics)
	}
	if !AgentConnected(root) {
		t.Error("the agent is not seen")
	}
	root.FindElement("devices/channel/target").CreateAttr("state", "disconnected")
	if AgentConnected(root) {
		t.Error("the agent is seen that has gone")
	}
}
