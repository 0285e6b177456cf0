package domain

import (
	"context"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/forecast"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Validate checks what must and must not go together.
func (Resource) Validate(config table.Model) []table.Problem { return schema.Validate(config) }

// Plan says what a change means for the guest, and predicts what will wait for its next start.
func (Resource) Plan(ctx context.Context, fleet *conn.Fleet, prior, config, plan table.Model) engine.Advice {
	return forecast.Plan(ctx, fleet, prior, config, plan)
}

// Preflight checks a new domain against its host.
func (Resource) Preflight(ctx context.Context, fleet *conn.Fleet, plan table.Model) engine.Advice {
	return forecast.Preflight(ctx, fleet, plan)
}
