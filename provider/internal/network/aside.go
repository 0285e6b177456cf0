package network

import (
	"errors"
	"fmt"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/usage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// A network that is stopped loses its bridge and so its guests' interfaces, and has none when it is started again (libvirt 9.0). So they are
// plugged into another network meanwhile, which has nothing but a bridge; the guests see their link stay up. It is libvirt that keeps it, and
// so what was begun can be ended by whoever finds it there.
//
// One on a bridge of the host's takes nothing away, but libvirt forgets that its guests have ports of it, without which their bandwidth can't
// be changed any more. Its guests, too, are plugged into another network meanwhile, on the same bridge. On a device of the host's an interface
// goes to no other network: it stays as it is.

// asideOf names the network that a network's guests are on while it is started again.
func asideOf(name string) string { return name + "-aside" }

// asideLike is that network's definition.
func asideLike(running *etree.Element, name string) *etree.Element {
	xml := etree.NewElement("network")
	xml.CreateElement("name").SetText(asideOf(name))
	if kindOf(running) == ofItsOwn {
		xml.CreateElement("bridge").CreateAttr("name", bridgeFor(asideOf(name)))
		return xml
	}
	for _, element := range []string{"forward", "bridge", "virtualport"} {
		if el := running.SelectElement(element); el != nil {
			xml.AddChild(el.Copy())
		}
	}
	return xml
}

// isSwitch: guests are on a bridge.
func isSwitch(network *etree.Element) bool {
	return kindOf(network) == ofItsOwn || kindOf(network) == onBridge
}

// takeAside plugs the guests' interfaces into the network aside, where that is needed; where one can't be, all are back where they were. The
// network is defined anew already.
func takeAside(l *libvirt.Libvirt, name string, users []usage.User) (back func() error, err error) {
	n, err := l.NetworkLookupByName(name)
	if err != nil {
		return nil, err
	}
	running, err := definition(l, n, 0)
	if err != nil {
		return nil, err
	}
	next, err := definition(l, n, libvirt.NetworkXMLInactive)
	if err != nil {
		return nil, err
	}
	switch {
	case kindOf(running) == ofItsOwn && !isSwitch(next):
		return nil, diag.New("update", "Nothing was changed: an interface on a bridge becomes none on a device while its guest runs. Stop these guests or move them to another "+
			"host first, or make a second network.", "network %q is used by running guests: %s", name, usage.Names(users))
	case !isSwitch(running) || !isSwitch(next):
		return func() error { return nil }, nil
	}
	if _, err := l.NetworkCreateXML(text(asideLike(running, name))); err != nil {
		return nil, fmt.Errorf("a network to keep the guests on meanwhile: %w", err)
	}
	for _, u := range users {
		if err := plug(l, u.Domain, name, asideOf(name)); err != nil {
			return nil, errors.Join(diag.New("update", "Nothing was changed: the network has to be started again, and this guest can't be kept attached. "+
				"Stop it, or make a second network for the new settings.", "an interface of %q: %w", u.Name, err), bringBack(l, name))
		}
	}
	return func() error { return bringBack(l, name) }, nil
}

// bringBack plugs the interfaces of all guests on the network aside into the network itself, which must be started, and ends the other.
func bringBack(l *libvirt.Libvirt, name string) error {
	aside, err := l.NetworkLookupByName(asideOf(name))
	if conn.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	users, err := usage.OfNetwork(l, aside.Name)
	if err != nil {
		return err
	}
	for _, u := range usage.Running(users) {
		if err := plug(l, u.Domain, aside.Name, name); err != nil && !conn.IsNotFound(err) {
			return fmt.Errorf("an interface of %q can't be plugged in again: %w", u.Name, err)
		}
	}
	return l.NetworkDestroy(aside)
}

// plug changes the network of a running domain's interfaces, and nothing else of them. What libvirt chose for the present connection is not in
// the XML that it would migrate, and so is chosen anew.
func plug(l *libvirt.Libvirt, d libvirt.Domain, from, to string) error {
	xml, err := l.DomainGetXMLDesc(d, libvirt.DomainXMLMigratable)
	if err != nil {
		return err
	}
	domain, err := xmlmodel.Parse(xml)
	if err != nil {
		return err
	}
	bridge := ""
	if n, err := l.NetworkLookupByName(from); err == nil {
		network, err := definition(l, n, 0)
		if err != nil {
			return err
		}
		bridge = Bridge(network)
	}
	for _, i := range domain.FindElements("devices/interface") {
		source := i.SelectElement("source")
		if source == nil {
			continue
		}
		if network := source.SelectAttrValue("network", ""); network != from {
			if bridge != "" && network == "" && source.SelectAttrValue("bridge", "") == bridge {
				return fmt.Errorf("it is on the network's bridge %s, and not on the network", bridge)
			}
			continue
		}
		source.CreateAttr("network", to)
		if err := l.DomainUpdateDeviceFlags(d, text(i), libvirt.DomainDeviceModifyLive); err != nil {
			return err
		}
	}
	return nil
}
