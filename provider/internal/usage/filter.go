package usage

import (
	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"
)

// OfFilter finds the domains with an interface that has a network filter.
func OfFilter(l *libvirt.Libvirt, name string) ([]User, error) {
	return allUsers(l, func(definition *etree.Element) ([]User, error) {
		for _, f := range definition.FindElements("devices/interface/filterref") {
			if f.SelectAttrValue("filter", "") == name {
				return []User{{}}, nil
			}
		}
		return nil, nil
	}, name)
}
