package hotplug

import (
	"context"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// changePassword changes the password in the running guest and then in the definition. One call for both does not work:
// DomainUpdateDeviceFlags writes everything that it is given into the definition, for example the port that was free at the start.
func changePassword(ctx context.Context, g guest, _ []table.Change) error {
	root, err := runningRoot(ctx, g)
	if err != nil {
		return err
	}
	screen := xmlmodel.Find(root, "devices", "graphics")
	if screen == nil || xmlmodel.At("@type").Read(screen) != g.plan.Group("graphics")["type"] {
		return nil // only the definition has the screen
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
	return Define(context.WithoutCancel(ctx), g.host, g.domain, only(g.prior), only(g.plan), g.soon)
}
