package hostinfo

import "github.com/digitalocean/go-libvirt"

// bridgeVLANsSince is the version of libvirt that gives the ports of a Linux bridge VLANs.
const bridgeVLANsSince = 11_000_000

// LacksBridgeVLANs returns the version of a host's libvirt, as in "9.0.0", if it has no VLANs on Linux bridges; "" if it has.
// https://libvirt.org/formatnetwork.html#setting-vlan-tag-on-supported-network-types-only
func LacksBridgeVLANs(l *libvirt.Libvirt) (lacking string, err error) {
	is, err := l.ConnectGetLibVersion()
	if err != nil || is >= bridgeVLANsSince {
		return "", err
	}
	return Version(is), nil
}
