package observe

import (
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// reservedAddresses are the addresses that the host's networks keep for a guest which moved there while it ran: it asked for them on the host it came
// from, and until it asks again no network of this one has leased it any.
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

// reservedAddress is the address that a network keeps for a MAC address; "" where it keeps none, or has gone while the guest runs.
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
