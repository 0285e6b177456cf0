package engine

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// relabelled is a thing whose title was called 'label' in an earlier version.
type relabelled struct{ newcomer }

func (*relabelled) Table() *table.Table {
	t := *thingTable
	t.Upgrades = []table.Upgrade{{Changes: []string{"label"}, Apply: func(state map[string]any) error {
		state["title"] = state["label"]
		delete(state, "label")
		return nil
	}}}
	return &t
}

func TestAStateOfAnEarlierVersionIsUpgraded(t *testing.T) {
	var before table.Model
	s := NewServer([]Resource{&relabelled{newcomer{look: func(ctx context.Context, _ m) Advice {
		before = StateBefore(ctx, "thing", "alpha/it")
		return Advice{}
	}}}})
	s.fleet = conn.NewFleet(map[string]*conn.URI{"alpha": nil})
	upgrade := func(version int64, text string) *tfprotov6.UpgradeResourceStateResponse {
		t.Helper()
		resp, err := s.UpgradeResourceState(t.Context(),
			&tfprotov6.UpgradeResourceStateRequest{TypeName: "libvirt_thing", Version: version, RawState: &tfprotov6.RawState{JSON: []byte(text)}})
		if err != nil {
			t.Fatal(err)
		}
		return resp
	}

	resp := upgrade(0, `{"id":"alpha/it","host":"alpha","name":"it","label":"a","on":true,"machine":"q35-7.2"}`)
	outcome(t, resp.UpgradedState, resp.Diagnostics, state, "")
	req := &tfprotov6.PlanResourceChangeRequest{TypeName: "libvirt_thing", PriorState: value(t, nil), Config: value(t, m{"host": "alpha", "name": "other"})}
	if _, err := s.PlanResourceChange(t.Context(), req); err != nil || before.Str("title") != "a" {
		t.Errorf("%v: a plan finds %v in the state", err, before)
	}

	if got, want := said(upgrade(2, `{}`).Diagnostics), "Unable to read the state: the state of a libvirt_thing must have a schema version from 0 to 1, got 2; "+
		"use the version of the provider that wrote it, or a newer one"; got != want {
		t.Errorf("a state of a later version: says %q, want %q", got, want)
	}
}
