// Package usage says which domains of a host use a file, a pool or a network.
package usage

import (
	"fmt"
	"strings"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// User is a domain that uses something.
type User struct {
	Domain libvirt.Domain
	Name   string
	// Running says that a guest, paused or not, uses it now; otherwise it is only in a definition, and used with the next start.
	Running bool
	// Target is the disk's, for example "vda"; "" for what is no disk: a kernel, firmware, an interface.
	Target string
	// Backing says that the disk's own image is another, which rests on this one.
	Backing bool
}

// find returns what of a definition uses it.
type find func(definition *etree.Element) ([]User, error)

// every looks at all domains of the host, at what runs and at what the next start uses.
func every(l *libvirt.Libvirt, uses find) ([]User, error) {
	domains, _, err := l.ConnectListAllDomains(1, 0)
	if err != nil {
		return nil, err
	}
	var users []User
	for _, d := range domains {
		found, err := ofDomain(l, d, uses)
		if err != nil && !conn.IsNotFound(err) { // one that has gone meanwhile uses nothing
			return nil, err
		}
		users = append(users, found...)
	}
	return users, nil
}

func ofDomain(l *libvirt.Libvirt, d libvirt.Domain, uses find) ([]User, error) {
	var users []User
	known := map[string]bool{}
	look := func(running bool, flags libvirt.DomainXMLFlags) error {
		text, err := l.DomainGetXMLDesc(d, flags)
		if err != nil {
			return err
		}
		definition, err := xmlmodel.Parse(text)
		if err != nil {
			return err
		}
		found, err := uses(definition)
		for _, u := range found {
			if known[u.Target] {
				continue
			}
			known[u.Target] = true
			u.Domain, u.Name, u.Running = d, d.Name, running
			users = append(users, u)
		}
		return err
	}
	if d.ID >= 0 {
		if err := look(true, 0); err != nil {
			return nil, err
		}
	}
	return users, look(false, libvirt.DomainXMLInactive)
}

// OfNetwork says which domains have an interface in a network, or on a bridge of its own.
func OfNetwork(l *libvirt.Libvirt, name string) ([]User, error) {
	bridge, err := ownBridge(l, name)
	if err != nil {
		return nil, err
	}
	return every(l, func(definition *etree.Element) ([]User, error) {
		for _, i := range definition.FindElements("devices/interface/source") {
			if i.SelectAttrValue("network", "") == name || (bridge != "" && i.SelectAttrValue("bridge", "") == bridge) {
				return []User{{}}, nil
			}
		}
		return nil, nil
	})
}

// ownBridge is the bridge that comes and goes with a network; one that the host has anyway is nothing of the network's.
func ownBridge(l *libvirt.Libvirt, name string) (string, error) {
	n, err := l.NetworkLookupByName(name)
	if conn.IsNotFound(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	xml, err := l.NetworkGetXMLDesc(n, 0)
	if err != nil {
		return "", err
	}
	network, err := xmlmodel.Parse(xml)
	if err != nil || xmlmodel.At("forward@mode").Text(network) == "bridge" {
		return "", err
	}
	return xmlmodel.At("bridge@name").Text(network), nil
}

// Running are the users that are running guests.
func Running(users []User) []User {
	var running []User
	for _, u := range users {
		if u.Running {
			running = append(running, u)
		}
	}
	return running
}

// Names lists the domains as a sentence does, each once: `"a", "b" and "c"`.
func Names(users []User) string {
	var names []string
	known := map[string]bool{}
	for _, u := range users {
		if !known[u.Name] {
			known[u.Name] = true
			names = append(names, fmt.Sprintf("%q", u.Name))
		}
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
