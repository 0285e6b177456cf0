package forecast

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// variablesNotice returns a notice about the guest's current UEFI variables if the plan gives it another variables file, or none.
func (o ChangeSummary) variablesNotice() (notice, bool) {
	before := o.prior.Clone()
	before["name"] = o.plan["name"] // a renamed domain keeps its variables
	was, is := schema.VariablesFileOf(before), schema.VariablesFileOf(o.plan)
	switch {
	case was == "" || was == is || o.plan["name"] == table.Unknown || o.plan["firmware"] == table.Unknown || o.plan["efi"] == table.Unknown ||
		o.plan.Group("efi")["nvram"] == table.Unknown:
		return notice{}, false
	case is == "":
		return notice{"leaves its UEFI variables behind", "They stay in " + was + ", and are used again when 'firmware' is \"efi\" again."}, true
	default:
		return notice{
			"gets other UEFI variables",
			"Its boot entries start anew in " + is + ". The present variables stay in " + was + ", and are used again if you revert the change.",
		}, true
	}
}
