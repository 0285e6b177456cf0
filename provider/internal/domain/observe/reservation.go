package observe

import (
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// reservedAddresses returns the addresses that the host's networks reserve for a guest that moved to this host while it ran. The guest
// requested its addresses on the host that it came from, and until it requests them again, no network of this host has leased it any.
func reservedAddresses(l *libvirt.Libvirt, d libvirt.Domain) ([]string, error) {
	_, reason, err := l.DomainGetState(d, 0)
	if err != nil || libvirt.DomainRunningReason(reason) != libvirt.DomainRunningMigrated {
		return nil, err
	}
	text, err := l.DomainGetXMLDesc(d, 0)
	if err != nil {
		return nil, err
	}
	root, err := xmlmodel.Parse(text)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, nic := range root.FindElements("devices/interface[@type='network']") {
		mac := xmlmodel.At("mac@address").Text(nic)
		name := xmlmodel.At("source@network").Text(nic)
		address, err := reservedAddress(l, name, mac)
		if err != nil {
			return nil, err
		}
		if address != "" {
			out = append(out, address)
		}
	}
	return out, nil
}

// reservedAddress returns the address that a network reserves for a MAC address; "" if it reserves none, or was removed while the guest
// runs.
func reservedAddress(l *libvirt.Libvirt, name, mac string) (string, error) {
	network, err := l.NetworkLookupByName(name)
	if conn.IsNotFound(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	text, err := l.NetworkGetXMLDesc(network, 0)
	if err != nil {
		return "", err
	}
	root, err := xmlmodel.Parse(text)
	if err != nil {
		return "", err
	}
	for _, host := range root.FindElements("ip/dhcp/host") {
		if host.SelectAttrValue("mac", "") == mac {
			return host.SelectAttrValue("ip", ""), nil
		}
	}
	return "", nil
}
