package schema

import (
	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// ownWatchdog is the model of the watchdog that libvirt from 9.1 on gives to each q35 machine, besides one of the configuration and with the same
// action. Older versions do not know the model.
const ownWatchdog = "itco"

// impliedWatchdog recognizes a q35 machine's own watchdog.
func impliedWatchdog(host any) bool {
	return table.Equal(host, table.Model{"model": ownWatchdog, "action": "reset"})
}

// watchdog is the watchdog of the configuration: the first one.
type watchdog struct{ xmlmodel.Element }

func (watchdog) Remove(devices *etree.Element) {
	for _, el := range devices.SelectElements("watchdog") {
		xmlmodel.Drop(el)
	}
}

var watchdogModel = withoutOwnWatchdog(busDevice("model"))

// withoutOwnWatchdog drops a machine's own watchdog when an attribute of the other one is written: libvirt adds it again, and refuses two
// watchdogs with different actions.
func withoutOwnWatchdog(attr xmlmodel.Func) xmlmodel.Func {
	return xmlmodel.Func{R: attr.R, W: func(el *etree.Element, v any) {
		attr.W(el, v)
		if devices := el.Parent(); devices != nil {
			dropOwnWatchdog(devices, el)
		}
	}}
}

func dropOwnWatchdog(devices, except *etree.Element) {
	for _, el := range devices.SelectElements("watchdog") {
		if el != except && el.SelectAttrValue("model", "") == ownWatchdog {
			xmlmodel.Drop(el)
		}
	}
}

// DropOwnWatchdog drops a machine's own watchdog from a definition that goes to another host: an older libvirt refuses it, and a newer one adds
// it again.
func DropOwnWatchdog(domain *etree.Element) {
	devices := domain.SelectElement("devices")
	if devices == nil {
		return
	}
	first := devices.SelectElement("watchdog")
	if first != nil && first.SelectAttrValue("model", "") == ownWatchdog && first.SelectAttrValue("action", "reset") == "reset" {
		first = nil
	}
	dropOwnWatchdog(devices, first)
}
