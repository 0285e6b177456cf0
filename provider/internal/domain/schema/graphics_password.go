package schema

import (
	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// passwordCost: whether QEMU asks for a password is fixed at its start. If the console itself is added or removed, that change waits, and
// the password adds no cost.
func passwordCost(c table.ValueChange) table.Cost {
	stays := c.From != nil && c.To != nil
	if stays && ((c.Was == nil) != (c.Is == nil) || c.From["type"] != c.To["type"]) {
		return table.NextBoot
	}
	return table.Live
}

// clearPasswordVersion clears password_version where the definition has no password: then no version of it is in effect. Which version a password
// is, the definition does not say.
func clearPasswordVersion(seen, _ table.Model, defined *etree.Element) {
	if screen := seen.Group("graphics"); screen != nil && passwordOf(defined) == nil {
		screen["password_version"] = nil
	}
}

// comparePasswords notes in both models of a running domain, in place of their versions, which password a console that stays has.
func comparePasswords(now, next table.Model, live, defined *etree.Element) {
	if before, after := now.Group("graphics"), next.Group("graphics"); before != nil && after != nil {
		before["password_version"], after["password_version"] = passwordOf(live), passwordOf(defined)
	}
}

func passwordOf(domain *etree.Element) any {
	return xmlmodel.At("devices/graphics@passwd").Read(domain)
}
