package usage

import (
	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
)

// OfSecret finds the domains and pools that refer to a secret, by its UUID or by its usage.
//
// https://libvirt.org/formatsecret.html
func OfSecret(l *libvirt.Libvirt, id, usage string) (domains []User, pools []string, err error) {
	names := func(definition *etree.Element) bool {
		for _, s := range definition.FindElements(".//secret") {
			if s.SelectAttrValue("uuid", "") == id || usage != "" && s.SelectAttrValue("usage", "") == usage {
				return true
			}
		}
		return false
	}
	domains, err = allUsers(l, func(definition *etree.Element) ([]User, error) {
		if names(definition) {
			return []User{{}}, nil
		}
		return nil, nil
	}, id, usage)
	if err != nil {
		return nil, nil, err
	}
	err = hostinfo.EachPool(l, 0, libvirt.StorageXMLInactive, func(name string, definition *etree.Element) {
		if names(definition) {
			pools = append(pools, name)
		}
	})
	return domains, pools, err
}
