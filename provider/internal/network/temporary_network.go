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

// When libvirt (9.0) stops a network, the network loses its bridge and the interfaces of its guests, and does not get the interfaces back
// when it starts again. The guests are therefore attached to a temporary network during a restart, which has only a bridge; their links
// stay up. libvirt keeps the temporary network, so a later apply can complete a restart that was interrupted.
//
// A network on a bridge of the host does not lose the interfaces, but libvirt forgets that they are ports of the network, and then their
// bandwidth can no longer be changed. Its guests are also attached to a temporary network, on the same bridge. An interface on a device of
// the host cannot change its network, so it stays as it is.

// temporaryName returns the name of the temporary network of a network.
func temporaryName(name string) string { return name + "-aside" }

// temporaryNetwork returns the definition of the temporary network.
func temporaryNetwork(running *etree.Element, name string) *etree.Element {
	xml := etree.NewElement("network")
	xml.CreateElement("name").SetText(temporaryName(name))
	if linkTypeOf(running) == ownBridge {
		xml.CreateElement("bridge").CreateAttr("name", bridgeFor(temporaryName(name)))
		return xml
	}
	for _, element := range []string{"forward", "bridge", "virtualport"} {
		if el := running.SelectElement(element); el != nil {
			xml.AddChild(el.Copy())
		}
	}
	return xml
}

// isSwitch reports whether guests are attached to a bridge.
func isSwitch(network *etree.Element) bool {
	return linkTypeOf(network) == ownBridge || linkTypeOf(network) == hostBridge
}

// moveToTemporary attaches the guests to the temporary network if that is necessary. If that fails for one of them, it attaches all of them
// to the network again. The network already has its new definition.
func moveToTemporary(l *libvirt.Libvirt, name string, users []usage.User) (back func() error, err error) {
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
	case linkTypeOf(running) == ownBridge && !isSwitch(next):
		return nil, diag.New("update", "Nothing was changed: an interface on a bridge cannot become an interface on a device while its guest runs. "+
			"Stop these guests or move them to another host first, or create a second network.", "network %q is used by running guests: %s",
			name, usage.Names(users))
	case !isSwitch(running) || !isSwitch(next):
		return func() error { return nil }, nil
	}
	if lost, err := onLostBridge(l, running, next); err != nil {
		return nil, err
	} else if len(lost) > 0 {
		return nil, diag.New("update", "Nothing was changed: the change removes this bridge, and the interfaces do not follow. Attach them to the "+
			"network instead of its bridge, or stop these guests first.", "bridge %s of the network is named by interfaces of %s",
			Bridge(running), usage.Names(lost))
	}
	if _, err := l.NetworkCreateXML(text(temporaryNetwork(running, name))); err != nil {
		return nil, fmt.Errorf("unable to start the temporary network for the guests: %w", err)
	}
	for _, u := range users {
		if err := changeNetwork(l, u.Domain, name, temporaryName(name)); err != nil {
			return nil, errors.Join(diag.New("update", "Nothing was changed: the change requires a restart of the network, and this guest "+
				"cannot be kept attached. Stop the guest, or create a second network with the new settings.", "an interface of %q: %w", u.Name, err),
				returnGuests(l, name))
		}
	}
	return func() error { return returnGuests(l, name) }, nil
}

// returnGuests attaches all guests on the temporary network to the network itself, which must be active, and removes the temporary network.
func returnGuests(l *libvirt.Libvirt, name string) error {
	temporary, err := l.NetworkLookupByName(temporaryName(name))
	if conn.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	users, err := usage.OfNetwork(l, temporary.Name)
	if err != nil {
		return err
	}
	for _, u := range usage.Running(users) {
		if err := changeNetwork(l, u.Domain, temporary.Name, name); err != nil && !conn.IsNotFound(err) {
			return fmt.Errorf("unable to attach an interface of %q again: %w", u.Name, err)
		}
	}
	return l.NetworkDestroy(temporary)
}

// changeNetwork changes the network, or the network's bridge, of a running domain's interfaces and nothing else of them. The migratable XML does
// not contain what libvirt chose for the present connection, so libvirt chooses it again.
func changeNetwork(l *libvirt.Libvirt, d libvirt.Domain, from, to string) error {
	xml, err := l.DomainGetXMLDesc(d, libvirt.DomainXMLMigratable)
	if err != nil {
		return err
	}
	domain, err := xmlmodel.Parse(xml)
	if err != nil {
		return err
	}
	fromBridge, err := bridgeOf(l, from)
	if err != nil {
		return err
	}
	toBridge, err := bridgeOf(l, to)
	if err != nil {
		return err
	}
	for _, i := range domain.FindElements("devices/interface") {
		source := i.SelectElement("source")
		if source == nil {
			continue
		}
		network := source.SelectAttrValue("network", "")
		switch {
		case network == from:
			source.CreateAttr("network", to)
		case network == "" && fromBridge != "" && source.SelectAttrValue("bridge", "") == fromBridge:
			source.CreateAttr("bridge", toBridge)
		default:
			continue
		}
		if err := l.DomainUpdateDeviceFlags(d, text(i), libvirt.DomainDeviceModifyLive); err != nil {
			return err
		}
	}
	return nil
}

// bridgeOf returns the bridge of an active network that libvirt creates with it; "" for other networks.
func bridgeOf(l *libvirt.Libvirt, name string) (string, error) {
	n, err := l.NetworkLookupByName(name)
	if err != nil {
		return "", diag.IgnoreNotFound("look up", err)
	}
	network, err := definition(l, n, 0)
	if err != nil {
		return "", err
	}
	return Bridge(network), nil
}

// onLostBridge returns the running guests whose interfaces name the bridge of a network, if the network loses that bridge.
func onLostBridge(l *libvirt.Libvirt, running, next *etree.Element) ([]usage.User, error) {
	bridge := Bridge(running)
	if bridge == "" || bridge == Bridge(next) {
		return nil, nil
	}
	all, err := readAttachments(l)
	return all.toBridge[bridge], err
}
