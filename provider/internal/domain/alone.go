package domain

import (
	"context"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/runguard"
)

// alone makes sure that no other host of the fleet runs the domain.
func (r run) alone(ctx context.Context) error {
	if r.sure {
		return nil
	}
	return runguard.EnsureNotRunningElsewhere(ctx, r.host, r.domain, "start", "It was not started")
}
