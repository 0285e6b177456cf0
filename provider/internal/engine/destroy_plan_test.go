package engine

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// guarded is a thing whose destruction is checked in the plan.
type guarded struct {
	thing
	asked []string // the titles of the objects that were asked about
}

func (k *guarded) PlanDestroy(_ context.Context, _ *conn.Fleet, prior table.Model) Advice {
	k.asked = append(k.asked, prior.Str("title"))
	return Advice{Warnings: []string{"its data is lost\nreally"}, Problems: []table.Problem{{Path: tftypes.NewAttributePath().WithAttributeName("title"), Text: "it is needed"}}}
}

func TestPlanDestroy(t *testing.T) {
	same := m{"host": "alpha", "name": "it", "title": "a"}
	retitled, renamed := same.Clone(), same.Clone()
	retitled["title"], renamed["name"] = "b", "other"
	const refused = `Unable to destroy thing "it": it is needed` + "\nits data is lost: really"
	for name, c := range map[string]struct {
		prior, config m
		says          string
	}{
		"a destroy is checked":                    {state, nil, refused},
		"a replacement is checked":                {state, renamed, refused},
		"a change in place is not a destroy":      {state, retitled, ""},
		"an object that stays is not checked":     {state, same, ""},
		"a new object is not checked":             {nil, same, ""},
		"a destroy of nothing, which is harmless": {nil, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			k := &guarded{}
			s := NewServer([]Resource{k})
			s.fleet = conn.NewFleet(map[string]*conn.URI{"alpha": nil})
			resp, err := s.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{TypeName: "libvirt_thing",
				PriorState: value(t, c.prior), Config: value(t, c.config), ProposedNewState: value(t, c.config)})
			if err != nil {
				t.Fatal(err)
			}
			if got := said(resp.Diagnostics); got != c.says {
				t.Errorf("says %q, want %q", got, c.says)
			}
			if asked := len(k.asked) == 1 && k.asked[0] == "a"; asked != (c.says != "") {
				t.Errorf("asked about %q", k.asked)
			}
		})
	}
}

func TestPlanDestroyIsOffered(t *testing.T) {
	s := NewServer(nil)
	metadata, err := s.GetMetadata(t.Context(), &tfprotov6.GetMetadataRequest{})
	if err != nil {
		t.Fatal(err)
	}
	schema, err := s.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if !metadata.ServerCapabilities.PlanDestroy || !schema.ServerCapabilities.PlanDestroy {
		t.Error("Terraform does not ask a provider that does not say so")
	}
}
