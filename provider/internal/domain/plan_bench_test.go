package domain

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// BenchmarkPlanOfUnchangedDomains plans 1,000 domains of which none changes: what every plan of a large fleet takes.
func BenchmarkPlanOfUnchangedDomains(b *testing.B) {
	const domains = 1000
	rows := Resource{}.Table().Attrs
	xml, err := os.ReadFile(filepath.Join("schema", "testdata", "server-q35.xml"))
	if err != nil {
		b.Fatal(err)
	}
	seen, err := xmlmodel.ReadText(rows, string(xml))
	if err != nil {
		b.Fatal(err)
	}
	typ := table.TFType(rows)
	var requests []*tfprotov6.PlanResourceChangeRequest
	for i := range domains {
		m := seen.Clone()
		name := fmt.Sprintf("web-%d", i)
		m["id"], m["host"], m["name"], m["state"], m["on_change"], m["autostart"] = "alpha/"+name, "alpha", name, "running", "defer", false
		state := dynamic(b, typ, table.ToTF(rows, m))
		requests = append(requests, &tfprotov6.PlanResourceChangeRequest{TypeName: "libvirt_domain", PriorState: state, ProposedNewState: state, Config: configOf(b, typ, rows, m)})
	}
	server := engine.NewServer([]engine.Resource{Resource{}})
	for _, request := range requests { // the first plan fills in the defaults
		response, err := server.PlanResourceChange(b.Context(), request)
		if err != nil {
			b.Fatal(err)
		}
		request.PriorState, request.ProposedNewState = response.PlannedState, response.PlannedState
	}
	var last *tfprotov6.DynamicValue
	for b.Loop() {
		for _, request := range requests {
			response, err := server.PlanResourceChange(b.Context(), request)
			if err != nil || len(response.Diagnostics) > 0 {
				b.Fatal(err, response.Diagnostics)
			}
			last = response.PlannedState
		}
	}
	was, err := requests[domains-1].PriorState.Unmarshal(typ)
	if err != nil {
		b.Fatal(err)
	}
	if is, err := last.Unmarshal(typ); err != nil || !is.Equal(was) {
		b.Fatal("something changes", err)
	}
}

// configOf is the model as a user writes it: without what the provider computes.
func configOf(b *testing.B, typ tftypes.Object, rows []table.Attr, m table.Model) *tfprotov6.DynamicValue {
	b.Helper()
	m = m.Clone()
	for i := range rows {
		if rows[i].Mode == table.Computed {
			m[rows[i].Name] = nil
		}
	}
	return dynamic(b, typ, table.ToTF(rows, m))
}

func dynamic(b *testing.B, typ tftypes.Object, v tftypes.Value) *tfprotov6.DynamicValue {
	b.Helper()
	value, err := tfprotov6.NewDynamicValue(typ, v)
	if err != nil {
		b.Fatal(err)
	}
	return &value
}
