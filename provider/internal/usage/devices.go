package usage

import (
	"maps"
	"slices"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"
)

// OfDevices finds the domains that use one of some block devices of the host, or that name the pool of the devices.
func OfDevices(l *libvirt.Libvirt, pool string, devices map[string]bool) ([]User, error) {
	return allUsers(l, func(definition *etree.Element) ([]User, error) {
		files, err := filesOf(l, definition)
		return matching(files, func(f fileUse) bool { return f.pool == pool || devices[f.path] }), err
	}, append(slices.Collect(maps.Keys(devices)), pool)...)
}
