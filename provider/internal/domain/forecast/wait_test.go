package forecast

import (
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/domaintest"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

func TestThePlanSaysWhetherItWaits(t *testing.T) {
	u := table.Unknown
	wait := func(reached any) table.Model {
		return table.Model{"address": "lan", "source": "lease", "timeout": int64(5), "reached": reached}
	}
	longer := table.Model{"address": "lan", "source": "lease", "timeout": int64(9), "reached": true}
	there, failed := with("wait_for", wait(true)), with("wait_for", wait(false))
	off := domaintest.With(there, "state", "stopped", "wait_for", wait(nil))
	for name, c := range map[string]struct {
		prior, plan table.Model
		want        any
	}{
		"a new one":                   {table.Model{}, with("wait_for", wait(u)), u},
		"a new one that does not run": {table.Model{}, domaintest.With(off, "wait_for", wait(u)), nil},
		"nothing changes":             {there, there.Clone(), true},
		"another change":              {there, domaintest.With(there, "title", "b"), true},
		"it failed":                   {failed, failed.Clone(), u},
		"it has another limit":        {there, domaintest.With(there, "wait_for", longer), u},
		"it is new":                   {base, domaintest.With(base, "wait_for", wait(u)), u},
		"it starts":                   {off, domaintest.With(off, "state", "running"), u},
		"it stops":                    {there, domaintest.With(there, "state", "stopped"), nil},
		"it continues":                {domaintest.With(there, "state", "paused"), there.Clone(), true},
		"it restarts":                 {there, domaintest.With(there, "on_change", "restart", "machine", "pc"), u},
		"it is unknown":               {there, domaintest.With(there, "state", u), u},
	} {
		Summarize(c.prior, c.plan).planWait()
		if got := c.plan.Group("wait_for")["reached"]; got != c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}
