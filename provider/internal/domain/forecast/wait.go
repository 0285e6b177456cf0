package forecast

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// predictReached returns the planned value of wait_for.reached: Unknown if there is something to wait for.
func (o ChangeSummary) predictReached() any {
	was, is := o.prior.Group("wait_for"), o.plan.Group("wait_for")
	switch {
	case o.plan["state"] == table.Unknown:
		return table.Unknown
	case o.PlannedState() != schema.Running:
		return nil
	case !o.guestIsAlive() || o.Restarts() || was["reached"] == false || !table.Equal(was.Without("reached"), is.Without("reached")):
		return table.Unknown
	default:
		return was["reached"]
	}
}

// planWait sets wait_for.reached in the plan.
func (o ChangeSummary) planWait() {
	if w := o.plan.Group("wait_for"); w != nil {
		w["reached"] = o.predictReached()
	}
}
