package engine

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
)

func TestWhatWasWaitedForInVainTakesNothingAway(t *testing.T) {
	plan := m{"id": "alpha/it", "host": "alpha", "name": "it", "title": "b", "on": true, "machine": "q35-7.2"}
	late := diag.Wrap("finish waiting for", ErrWaitTimeout)
	const says = `Unable to finish waiting for thing "it": the condition was not met in time`
	for name, c := range map[string]struct {
		kind     thing
		prior    m
		severity tfprotov6.DiagnosticSeverity
	}{
		"a new one": {thing{createErr: late, made: true}, nil, tfprotov6.DiagnosticSeverityWarning},
		"a change":  {thing{on: map[string]m{"alpha": {"title": "a", "on": true, "machine": "q35-7.2"}}, updateErr: late}, state, tfprotov6.DiagnosticSeverityError},
	} {
		s := newServer(t, &c.kind)
		resp, err := s.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{TypeName: "libvirt_thing", PriorState: value(t, c.prior), PlannedState: value(t, plan)})
		if err != nil {
			t.Fatal(err)
		}
		outcome(t, resp.NewState, resp.Diagnostics, m{"title": "b"}, says)
		if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Severity != c.severity {
			t.Errorf("%s: said as %v", name, resp.Diagnostics)
		}
	}
}
