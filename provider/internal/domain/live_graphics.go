package domain

import (
	"context"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// passwordCost: QEMU asks for a password or does not, as it was started.
func passwordCost(c table.Case) table.Cost {
	if c.Was == nil || c.Is == nil || c.From.Str("type") != c.To.Str("type") {
		return table.NextBoot
	}
	return table.Live
}

// changePassword changes it in what the guest runs with, and then in the definition: DomainUpdateDeviceFlags puts all that it is given into
// the definition, the port that was free at the start for one.
func changePassword(ctx context.Context, g guest, _ []engine.Change) error {
	root, err := runningRoot(ctx, g)
	if err != nil {
		return err
	}
	screen := xmlmodel.Find(root, "devices", "graphics")
	if screen == nil {
		return nil // only the definition has one
	}
	screen.CreateAttr("passwd", g.plan.Group("graphics").Str("password"))
	xml, err := xmlmodel.Text(screen)
	if err != nil {
		return err
	}
	if err := updateRunning(ctx, g, xml); err != nil {
		return err
	}
	only := func(m table.Model) table.Model {
		return table.Model{"graphics": table.Model{"password": m.Group("graphics")["password"]}}
	}
	return define(context.WithoutCancel(ctx), g.host, g.domain, only(g.prior), only(g.plan))
}
