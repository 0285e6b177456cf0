package hotplug

import (
	"context"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// changePassword changes it in what the guest runs with, and then in the definition: DomainUpdateDeviceFlags puts all that it is given into
// the definition, the port that was free at the start for one.
func changePassword(ctx context.Context, g guest, _ []table.Change) error {
	root, err := runningRoot(ctx, g)
	if err != nil {
		return err
	}
	screen := xmlmodel.Find(root, "devices", "graphics")
	if screen == nil || xmlmodel.At("@type").Read(screen) != g.plan.Group("graphics")["type"] {
		return nil // only the definition has it
	}
	screen.CreateAttr("passwd", g.plan.Group("graphics").Str("password"))
	xml, err := xmlmodel.Text(screen)
	if err != nil {
		return err
	}
	if err := updateRunningDevice(ctx, g, xml); err != nil {
		return err
	}
	only := func(m table.Model) table.Model {
		return table.Model{"graphics": table.Model{"password": m.Group("graphics")["password"]}}
	}
	return Define(context.WithoutCancel(ctx), g.host, g.domain, only(g.prior), only(g.plan))
}
