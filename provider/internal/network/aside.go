package network

import (
	"errors"
	"fmt"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/fault"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/usage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// A network that is stopped loses its guests' interfaces, and has none when it is started again (libvirt 9.0). So they are plugged into
// another network meanwhile, which has nothing but a bridge; the guests see their link stay up. It is libvirt that keeps it, and so what
// was begun can be ended by whoever finds it there.

// asideOf names the network that a network's guests are on while it is started again.
func asideOf(name string) string { return name + "-aside" }

// takeAside plugs the guests' interfaces into the network aside; where one can't be, all are back where they were.
func takeAside(l *libvirt.Libvirt, name string, users []usage.User) (back func() error, err error) {
	aside := asideOf(name)
	xml := etree.NewElement("network")
	xml.CreateElement("name").SetText(aside)
	xml.CreateElement("bridge").CreateAttr("name", bridgeFor(aside))
	if _, err := l.NetworkCreateXML(text(xml)); err != nil {
		return nil, fmt.Errorf("a network to keep the guests on meanwhile: %w", err)
	}
	for _, u := range users {
		if err := plug(l, u.Domain, name, aside); err != nil {
			return nil, errors.Join(fault.New("update", "Nothing was changed: the network has to be started again, and this guest can't be kept attached. "+
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

// plug changes the network of a running domain's interfaces, and nothing else of them.
func plug(l *libvirt.Libvirt, d libvirt.Domain, from, to string) error {
	xml, err := l.DomainGetXMLDesc(d, 0)
	if err != nil {
		return err
	}
	definition, err := xmlmodel.Parse(xml)
	if err != nil {
		return err
	}
	bridge := ""
	if n, err := l.NetworkLookupByName(from); err == nil {
		bridge, _ = l.NetworkGetBridgeName(n)
	}
	for _, i := range definition.FindElements("devices/interface") {
		source := i.SelectElement("source")
		if source == nil {
			continue
		}
		if i.SelectAttrValue("type", "") != "network" {
			if bridge != "" && source.SelectAttrValue("bridge", "") == bridge {
				return fmt.Errorf("it is on the network's bridge %s, and not on the network", bridge)
			}
			continue
		}
		if source.SelectAttrValue("network", "") != from {
			continue
		}
		// What the host chose for the present connection it chooses anew.
		source.RemoveAttr("portid")
		source.RemoveAttr("bridge")
		source.CreateAttr("network", to)
		if err := l.DomainUpdateDeviceFlags(d, text(i), libvirt.DomainDeviceModifyLive); err != nil {
			return err
		}
	}
	return nil
}
