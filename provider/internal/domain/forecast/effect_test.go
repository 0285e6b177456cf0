package forecast

import (
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/domaintest"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

func TestThePlanHasItsEffect(t *testing.T) {
	paused, saved, stopped := with("state", "paused"), with("state", "saved"), with("state", "stopped")
	restarting, waiting := with("on_change", "restart"), with("pending_restart", "machine")
	effect := func(action string, causes ...string) any {
		return table.Model{"action": action, "causes": table.ListOf(causes...)}
	}
	for name, c := range map[string]struct {
		prior, plan table.Model
		want        any
	}{
		"a new domain that runs":                   {nil, base, effect("power-on")},
		"a new domain that is off":                 {nil, stopped, effect("none")},
		"a live change":                            {base, domaintest.With(base, "title", "b"), effect("live", "title")},
		"a change that waits":                      {base, domaintest.With(base, "machine", "pc"), effect("next-start", "machine")},
		"one that waits and one that does not":     {base, domaintest.With(base, "machine", "pc", "title", "b"), effect("next-start", "machine")},
		"a restart":                                {restarting, domaintest.With(restarting, "machine", "pc", "cpu.model", "Nehalem"), effect("restart", "cpu.model", "machine")},
		"a live change where a restart is allowed": {restarting, domaintest.With(restarting, "title", "b"), effect("live", "title")},
		"a change of a stopped domain":             {stopped, domaintest.With(stopped, "machine", "pc"), effect("none", "machine")},
		"a start":                                  {stopped, domaintest.With(stopped, "state", "running", "machine", "pc"), effect("power-on", "state")},
		"a stop":                                   {base, stopped, effect("power-off", "state")},
		"a pause":                                  {base, paused, effect("live", "state")},
		"a save":                                   {base, saved, effect("power-off", "state")},
		"a resumed save":                           {saved, base, effect("power-on", "state")},
		"a move":                                   {base, domaintest.With(base, "host", "beta"), effect("migrate-live", "host")},
		"a move of a stopped domain":               {stopped, domaintest.With(stopped, "host", "beta"), effect("migrate-offline", "host")},
		"a move of a paused domain":                {paused, domaintest.With(paused, "host", "beta"), effect("migrate-offline", "host")},
		"protection alone":                         {base, domaintest.With(base, "protect", true), effect("none", "protect")},
		"a value that only the apply knows":        {base, domaintest.With(base, "serial.log_file", table.Unknown), table.Unknown},
		"a state that only the apply knows":        {base, domaintest.With(base, "state", table.Unknown), table.Unknown},
		"a change where something waits already":   {waiting, domaintest.With(waiting, "cpu.model", "Nehalem"), table.Unknown},
	} {
		plan := c.plan.Clone()
		Summarize(c.prior, plan).planEffect()
		if got := plan["effect"]; !table.Equal(table.Model{"effect": got}, table.Model{"effect": c.want}) {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}
