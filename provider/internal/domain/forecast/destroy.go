package forecast

import (
	"fmt"
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/power"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Destroy warns about what the destruction of a domain removes beside its definition. The second warning has the same summary for each domain:
// Terraform shows warnings with one summary once.
func Destroy(prior table.Model) (warnings []string) {
	name, state := prior.Str("name"), prior.Str("state")
	if state == schema.Saved {
		warnings = append(warnings, name+" loses its saved memory\nIts save image is discarded, and the guest never shut down: what it has not "+
			"written to its disks is lost. To keep it, apply 'state' = \"running\" or \"stopped\" first.")
	}
	var parts, removed []string
	if schema.GuestIsUp(state) {
		parts = append(parts, capitalized(power.PolicyOf(prior))+".")
	}
	if prior.Str("firmware") == "efi" {
		removed = append(removed, "its UEFI variables")
	}
	if prior.Group("devices")["tpm"] != nil {
		removed = append(removed, "the state of its TPM, with the keys in it")
	}
	if len(removed) > 0 {
		parts = append(parts, "The domain is removed with "+strings.Join(removed, " and ")+"; its volumes stay.")
	}
	if len(parts) > 0 {
		warnings = append(warnings, fmt.Sprintf("Domains are destroyed with what belongs to them\n%s: %s", name, strings.Join(parts, " ")))
	}
	return warnings
}
