package forecast

import (
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/domaintest"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

func TestThePlanNamesWhatIsNotDeclared(t *testing.T) {
	const list = "filesystem /srv as share"
	prior := with("undeclared", list)
	for name, c := range map[string]struct {
		prior, plan table.Model
		warns       string
		predicted   any
	}{
		"nothing":             {base, base.Clone(), "", nil},
		"nothing changes":     {prior, prior.Clone(), "web-1 has devices or settings that are not declared: " + list + "\nThey were made outside Terraform, and stay as they are. Declare them, or remove them (virsh detach-device, virsh edit).", list},
		"something does":      {prior, domaintest.With(prior, "title", "b"), "web-1 has devices or settings that are not declared: " + list + "\nThey were made outside Terraform, and stay as they are. Declare them, or remove them (virsh detach-device, virsh edit).", table.Unknown},
		"another uuid is set": {prior, domaintest.With(prior, "arch", "i686"), "", list},
	} {
		t.Run(name, func(t *testing.T) {
			advice := Plan(t.Context(), nowhere, c.prior, nil, c.plan)
			got := ""
			for _, w := range advice.Warnings {
				if len(w) > 0 && w != c.warns {
					continue
				}
				got = w
			}
			if got != c.warns || c.plan["undeclared"] != c.predicted {
				t.Errorf("warns %q and predicts %v", advice.Warnings, c.plan["undeclared"])
			}
		})
	}
}
