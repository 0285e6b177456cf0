package domain

import (
	"context"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// passwordCost: QEMU asks for a password or does not, as it was started. With a console that comes or goes, it is the console that waits.
func passwordCost(c table.ValueChange) table.Cost {
	stays := c.From != nil && c.To != nil
	if stays && ((c.Was == nil) != (c.Is == nil) || c.From["type"] != c.To["type"]) {
		return table.NextBoot
	}
	return table.Live
}

// noPassword: where there is no password, nobody has given it one. Which it is that is there, only those know who gave it.
func noPassword(seen table.Model, defined *etree.Element) {
	if screen := seen.Group("graphics"); screen != nil && passwordOf(defined) == nil {
		screen["password_version"] = nil
	}
}

// passwordWaits notes in both models of a running domain, in place of their versions, which password a console that stays has.
func passwordWaits(live, defined *etree.Element, now, next table.Model) {
	if before, after := now.Group("graphics"), next.Group("graphics"); before != nil && after != nil {
		before["password_version"], after["password_version"] = passwordOf(live), passwordOf(defined)
	}
}

func passwordOf(domain *etree.Element) any {
	return xmlmodel.At("devices/graphics@passwd").Read(domain)
}

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
	if err := updateRunning(ctx, g, xml); err != nil {
		return err
	}
	only := func(m table.Model) table.Model {
		return table.Model{"graphics": table.Model{"password": m.Group("graphics")["password"]}}
	}
	return define(context.WithoutCancel(ctx), g.host, g.domain, only(g.prior), only(g.plan))
}
