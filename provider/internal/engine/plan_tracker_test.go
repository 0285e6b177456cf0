package engine

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// newcomer is a thing that is looked at before it is made.
type newcomer struct {
	thing
	look func(ctx context.Context, plan m) Advice
}

func (k *newcomer) Preflight(ctx context.Context, _ *conn.Fleet, plan table.Model) Advice {
	return k.look(ctx, plan)
}

func TestANewObjectIsLookedAtInThePlan(t *testing.T) {
	config := m{"host": "alpha", "name": "it"}
	looks := 0
	s := NewServer([]Resource{&newcomer{look: func(_ context.Context, plan m) Advice {
		looks++
		return Advice{Warnings: []string{"watch out\n" + plan.Str("name")}, Problems: []table.Problem{{Path: tftypes.NewAttributePath().WithAttributeName("name"), Text: "no"}}}
	}}})
	s.fleet = conn.NewFleet(map[string]*conn.URI{"alpha": nil})
	plan := func(prior, config m) string {
		t.Helper()
		s.tracker.reset() // each is a plan of its own
		resp, err := s.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{TypeName: "libvirt_thing", PriorState: value(t, prior), Config: value(t, config)})
		if err != nil {
			t.Fatal(err)
		}
		return said(resp.Diagnostics)
	}
	if got, want := plan(nil, config), "Invalid value: no\nwatch out: it"; got != want || looks != 1 {
		t.Errorf("says %q after %d looks, want %q", got, looks, want)
	}
	if got := plan(state, nil); got != "" || looks != 1 {
		t.Errorf("one that goes: says %q", got)
	}
	if got := plan(state, config); got != "" || looks != 1 {
		t.Errorf("one that stays: says %q", got)
	}
}

func TestAKindKnowsWhatElseThereIsToBe(t *testing.T) {
	var held, awaited bool
	s := NewServer([]Resource{&newcomer{look: func(ctx context.Context, _ m) Advice {
		held, awaited = IsInState(ctx, "thing", "alpha/it"), IsPlanned(ctx, "thing", "alpha/first")
		return Advice{}
	}}})
	s.fleet = conn.NewFleet(map[string]*conn.URI{"alpha": nil})
	look := func(name string) {
		t.Helper()
		req := &tfprotov6.PlanResourceChangeRequest{TypeName: "libvirt_thing", PriorState: value(t, nil), Config: value(t, m{"host": "alpha", "name": name})}
		if _, err := s.PlanResourceChange(t.Context(), req); err != nil {
			t.Fatal(err)
		}
	}
	if look("first"); held || awaited {
		t.Errorf("before anything: held %t, awaited %t", held, awaited)
	}
	raw := &tfprotov6.RawState{JSON: []byte(`{"id":"alpha/it","host":"alpha","name":"it"}`)}
	if _, err := s.UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{TypeName: "libvirt_thing", RawState: raw}); err != nil {
		t.Fatal(err)
	}
	if look("second"); !held || !awaited {
		t.Errorf("afterwards: held %t, awaited %t", held, awaited)
	}
	if IsInState(t.Context(), "thing", "alpha/it") || IsPlanned(t.Context(), "thing", "alpha/first") {
		t.Error("known outside of a plan")
	}
}
