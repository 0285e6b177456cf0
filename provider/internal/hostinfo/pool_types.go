package hostinfo

import (
	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// PoolTypes lists all pools, with their types: dir, logical and so on.
func PoolTypes(l *libvirt.Libvirt, satisfied func(Names) bool) (Names, error) {
	return Cached(l, "pool types", satisfied, func() (Names, error) {
		names := Names{}
		err := EachPool(l, 0, 0, func(name string, root *etree.Element) { names[name] = root.SelectAttrValue("type", "") })
		return names, err
	})
}

// EachPool calls see with the live or the inactive definition of each pool. It skips pools that are removed meanwhile, and pools that cannot be
// read: one of them must not hide the others.
func EachPool(l *libvirt.Libvirt, flags libvirt.ConnectListAllStoragePoolsFlags, which libvirt.StorageXMLFlags,
	see func(name string, root *etree.Element)) error {
	all, _, err := l.ConnectListAllStoragePools(1, flags)
	if err != nil {
		return err
	}
	for _, p := range all {
		text, err := l.StoragePoolGetXMLDesc(p, which)
		if _, refused := conn.Message(err); refused {
			continue
		}
		if err != nil {
			return err
		}
		if root, err := xmlmodel.Parse(text); err == nil {
			see(p.Name, root)
		}
	}
	return nil
}
