package domain

import (
	"context"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/power"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/room"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// takeDown waits until the rolling group of a domain permits that its guest is interrupted. The caller calls ready as room.TakeDown says.
func takeDown(ctx context.Context, host *conn.Host, verb string, m table.Model) (ready func(error), err error) {
	r := schema.RolloutOf(m)
	return room.TakeDown(ctx, verb, r, func(ctx context.Context) (room.Members, error) {
		return power.Members(ctx, host, r.Group, m.Group("wait_for"))
	})
}

// rolling starts the guest of a member of a rolling group, and records whether it is ready.
func rolling(ctx context.Context, r *power.Controller, group room.Rollout, start func() error) error {
	if group.Group == "" {
		return start()
	}
	if err := r.MarkReady(ctx, group.Group, false); err != nil {
		return diag.Wrap("record the rolling group of", err)
	}
	if err := start(); err != nil {
		return err
	}
	return diag.Wrap("record the rolling group of", r.MarkReady(ctx, group.Group, true))
}
