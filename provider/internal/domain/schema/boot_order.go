package schema

import (
	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// bootOrder is a device's place in the order in which the firmware tries them.
var bootOrder = xmlmodel.Whole{Element: "boot", Attr: "order"}

// hasBootOrder reports whether at least one device has a place in the boot order.
func hasBootOrder(domain *etree.Element) bool { return domain.FindElement("devices/*/boot") != nil }

// reconcileBootOrder keeps one of the two boot orders. libvirt accepts an order of devices or one of kinds of devices, and refuses both.
// When no device has a position any more, the guest boots from its first disk, as it does by default.
func reconcileBootOrder(domain *etree.Element, wasOrdered bool) {
	os := domain.SelectElement("os")
	switch kinds := os.SelectElements("boot"); {
	case hasBootOrder(domain):
		for _, kind := range kinds {
			xmlmodel.Drop(kind)
		}
	case wasOrdered && len(kinds) == 0:
		os.CreateElement("boot").CreateAttr("dev", "hd")
	}
}
