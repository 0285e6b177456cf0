package forecast

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// variablesNotice returns a notice about the guest's current UEFI variables if the plan gives it another variables file, or none.
func (o ChangeSummary) variablesNotice() (notice, bool) {
	was, is := schema.VariablesFileOf(o.prior), schema.VariablesFileOf(o.plan)
	switch {
	case was == "" || was == is || o.plan["firmware"] == table.Unknown || o.plan["efi"] == table.Unknown ||
		o.plan.Group("efi")["nvram"] == table.Unknown:
		return notice{}, false
	case is == "":
		return notice{"leaves its UEFI variables behind", "They stay in " + was + ", for when it goes back to \"efi\"."}, true
	default:
		return notice{
			"gets other UEFI variables",
			"What it boots is decided anew, in " + is + "; those that it has now stay in " + was + ", for when it goes back.",
		}, true
	}
}
