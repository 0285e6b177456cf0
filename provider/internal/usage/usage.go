// Package usage finds the domains of a host that use a file, a pool, a network, a filter or a secret.
package usage

import (
	"fmt"
	"slices"
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
	// Running is true if a running or paused guest uses it now. If it is false, only the definition names it, for the next start.
	Running bool
	// Target is the target of the disk, for example "vda"; "" for a use that is not a disk: a kernel, firmware, an interface.
	Target string
	// Backing is true if the file is in the backing chain of the disk's image.
	Backing bool
}

// find returns the uses in one definition.
type find func(definition *etree.Element) ([]User, error)

// allUsers searches the live and the inactive definition of every domain of the host. In a definition that cannot be parsed it searches for the
// words by which a definition names the thing: one domain that cannot be read must neither hide what it uses nor block what it does not use.
func allUsers(l *libvirt.Libvirt, uses find, words ...string) ([]User, error) {
	domains, _, err := l.ConnectListAllDomains(1, 0)
	if err != nil {
		return nil, err
	}
	var users []User
	for _, d := range domains {
		found, err := usersInDomain(l, d, uses, words)
		if err != nil && !conn.IsNotFound(err) { // the domain was removed meanwhile
			return nil, fmt.Errorf("domain %q, which may use it: %w", d.Name, err)
		}
		users = append(users, found...)
	}
	return users, nil
}

func usersInDomain(l *libvirt.Libvirt, d libvirt.Domain, uses find, words []string) ([]User, error) {
	var users []User
	known := map[string]bool{}
	search := func(running bool, flags libvirt.DomainXMLFlags) error {
		text, err := l.DomainGetXMLDesc(d, flags)
		if err != nil {
			return err
		}
		found, err := usesIn(text, uses, words)
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
		if err := search(true, 0); err != nil {
			return nil, err
		}
	}
	return users, search(false, libvirt.DomainXMLInactive)
}

func usesIn(text string, uses find, words []string) ([]User, error) {
	definition, err := xmlmodel.Parse(text)
	switch {
	case err == nil:
		return uses(definition)
	case mentions(text, words):
		return []User{{Target: unreadable}}, nil
	default:
		return nil, nil
	}
}

// unreadable stands for the target of a use in a definition that cannot be parsed.
const unreadable = "unreadable"

// inXML writes a word as libvirt writes it into XML.
var inXML = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "'", "&apos;", `"`, "&quot;")

// mentions reports whether a text has one of the words, as they are or as XML writes them.
func mentions(text string, words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool {
		return word != "" && (strings.Contains(text, word) || strings.Contains(text, inXML.Replace(word)))
	})
}

// OfNetwork finds the domains with an interface in a network, or on the network's own bridge.
func OfNetwork(l *libvirt.Libvirt, name string) ([]User, error) {
	bridge, err := ownBridge(l, name)
	if err != nil {
		return nil, err
	}
	return allUsers(l, func(definition *etree.Element) ([]User, error) {
		for _, i := range definition.FindElements("devices/interface/source") {
			if i.SelectAttrValue("network", "") == name || (bridge != "" && i.SelectAttrValue("bridge", "") == bridge) {
				return []User{{}}, nil
			}
		}
		return nil, nil
	}, name, bridge)
}

// ownBridge returns the bridge that libvirt creates and removes with a network; "" for a network on a bridge of the
// host.
func ownBridge(l *libvirt.Libvirt, name string) (string, error) {
	n, err := l.NetworkLookupByName(name)
	if conn.IsNotFound(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	text, err := l.NetworkGetXMLDesc(n, 0)
	if err != nil {
		return "", err
	}
	network, err := xmlmodel.Parse(text)
	if err != nil || xmlmodel.At("forward@mode").Text(network) == "bridge" {
		return "", err
	}
	return xmlmodel.At("bridge@name").Text(network), nil
}

// Running returns the users that are running guests.
func Running(users []User) []User {
	var running []User
	for _, u := range users {
		if u.Running {
			running = append(running, u)
		}
	}
	return running
}

// Names lists the names of the domains, each once: `"a", "b" and "c"`.
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
