package usage

import (
	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"
)

// OfDevices says which domains use one of some devices of the host, or name the pool that they are in.
func OfDevices(l *libvirt.Libvirt, pool string, devices map[string]bool) ([]User, error) {
	return every(l, func(definition *etree.Element) ([]User, error) {
		files, err := filesOf(l, definition)
		return matching(files, func(f fileUse) bool { return f.pool == pool || devices[f.path] }), err
	})
}
