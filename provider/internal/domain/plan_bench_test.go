package domain

import (
	"bytes"
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
		value := table.ToTF(rows, m)
		dynamic, err := tfprotov6.NewDynamicValue(typ, value)
		if err != nil {
			b.Fatal(err)
		}
		requests = append(requests, &tfprotov6.PlanResourceChangeRequest{TypeName: "libvirt_domain", PriorState: &dynamic, ProposedNewState: &dynamic, Config: configOf(b, typ, rows, m)})
	}
	server := engine.NewServer([]engine.Resource{Resource{}})
	for b.Loop() {
		for _, request := range requests {
			response, err := server.PlanResourceChange(b.Context(), request)
			if err != nil || len(response.Diagnostics) > 0 || !bytes.Equal(response.PlannedState.MsgPack, request.PriorState.MsgPack) {
				b.Fatal("something changes", err, response.Diagnostics)
			}
		}
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
	dynamic, err := tfprotov6.NewDynamicValue(typ, table.ToTF(rows, m))
	if err != nil {
		b.Fatal(err)
	}
	return &dynamic
}
