package hostinfo

import (
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// PoolTypes are the types of all pools: dir, logical and so on.
func PoolTypes(l *libvirt.Libvirt, hoped func(Names) bool) (Names, error) {
	return within(l, "pool types", hoped, func() (Names, error) {
		all, _, err := l.ConnectListAllStoragePools(1, 0)
		if err != nil {
			return nil, err
		}
		names := Names{}
		for _, p := range all {
			text, err := l.StoragePoolGetXMLDesc(p, 0)
			if conn.IsNotFound(err) {
				continue
			}
			if err != nil {
				return nil, err
			}
			root, err := xmlmodel.Parse(text)
			if err != nil {
				return nil, err
			}
			names[p.Name] = root.SelectAttrValue("type", "")
		}
		return names, nil
	})
}
