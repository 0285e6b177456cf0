package power

import (
	"context"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/runguard"
)

// ensureNotRunningElsewhere checks that no other host of the fleet runs the domain.
func (r *Controller) ensureNotRunningElsewhere(ctx context.Context) error {
	if r.OnlyHere {
		return nil
	}
	return runguard.EnsureNotRunningElsewhere(ctx, r.host, r.domain, "start", "It was not started")
}
