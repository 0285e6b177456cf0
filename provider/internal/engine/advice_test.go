package engine

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// advised is a thing with a planner.
type advised struct {
	thing
	plan func(prior, plan m) Advice
}

func (k *advised) Plan(_ context.Context, _ *conn.Fleet, prior, _, plan table.Model) Advice {
	return k.plan(prior, plan)
}

func TestAPlannersAdvice(t *testing.T) {
	config := m{"host": "alpha", "name": "it", "title": "a"}
	retitled, renamed := config.Clone(), config.Clone()
	retitled["title"], renamed["name"] = "b", "other"
	warn := Advice{Warnings: []string{"watch out\nreally"}, Problems: []table.Problem{{Path: tftypes.NewAttributePath().WithAttributeName("title"), Text: "no"}}}
	even := warn
	even.AlsoOnReplace = true
	const both = "Invalid value: no\nwatch out: really"
	for name, c := range map[string]struct {
		config  m
		advice  Advice
		machine string // what the planner makes of a computed value
		says    string
		changed bool
	}{
		"a change":                          {retitled, warn, "", both, true},
		"a replacement":                     {renamed, warn, "", "", true},
		"a replacement that is spoken of":   {renamed, even, "", both, true},
		"nothing":                           {config, Advice{}, "", "", false},
		"nothing but what the planner sees": {config, warn, "q35-8.0", both, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := NewServer([]Resource{&advised{plan: func(_, plan m) Advice {
				if c.machine != "" {
					plan["machine"] = c.machine
				}
				return c.advice
			}}})
			resp, err := s.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{TypeName: "libvirt_thing", PriorState: value(t, state), Config: value(t, c.config)})
			if err != nil {
				t.Fatal(err)
			}
			if got := said(resp.Diagnostics); got != c.says {
				t.Errorf("says %q, want %q", got, c.says)
			}
			if got := modelOf(t, resp.PlannedState); table.Equal(got, state) == c.changed {
				t.Errorf("planned %v for %v", got, state)
			}
		})
	}
}
