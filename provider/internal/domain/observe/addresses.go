package observe

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

var addressSource = map[string]libvirt.DomainInterfaceAddressesSource{
	schema.FromLease: libvirt.DomainInterfaceAddressesSrcLease, schema.FromAgent: libvirt.DomainInterfaceAddressesSrcAgent,
	schema.FromARP: libvirt.DomainInterfaceAddressesSrcArp,
}

// NIC is an interface of a running guest.
type NIC struct {
	Key       string // the key in `interfaces`
	MAC       string
	Network   string   // the network of the host; "" for another connection
	Addresses []string // IPv4 first; only addresses by which others can reach the guest
}

// NICs returns the interfaces of a running guest in their order, without addresses.
func NICs(running *etree.Element) []NIC {
	var all []NIC
	keys, elements := schema.InterfaceElements(running)
	for i, key := range keys {
		all = append(all, NIC{
			Key: key, MAC: strings.ToLower(xmlmodel.At("mac@address").Text(elements[i])), Network: xmlmodel.At("source@network").Text(elements[i]),
		})
	}
	return all
}

// WithAddresses returns the interfaces with the addresses that a source reports for them.
func WithAddresses(l *libvirt.Libvirt, d libvirt.Domain, nics []NIC, source string) ([]NIC, error) {
	told, err := l.DomainInterfaceAddresses(d, uint32(addressSource[source]), 0)
	if err != nil {
		return nil, err
	}
	all := slices.Clone(nics)
	for i := range all {
		found := map[netip.Addr]bool{}
		for _, t := range told {
			if len(t.Hwaddr) == 0 || !strings.EqualFold(t.Hwaddr[0], all[i].MAC) {
				continue
			}
			for _, a := range t.Addrs {
				if ip, err := netip.ParseAddr(a.Addr); err == nil && !ip.IsLoopback() && !ip.IsLinkLocalUnicast() {
					found[ip.Unmap()] = true
				}
			}
		}
		all[i].Addresses = sorted(found)
	}
	return all, nil
}

// Leases returns when the leases of interfaces expire, by MAC address, in seconds since 1970. A lease outlives the guest that requested it.
func Leases(l *libvirt.Libvirt, nics []NIC) (map[string]int64, error) {
	expire := map[string]int64{}
	var asked []string
	for _, n := range nics {
		if n.Network == "" || slices.Contains(asked, n.Network) {
			continue
		}
		asked = append(asked, n.Network)
		network, err := l.NetworkLookupByName(n.Network)
		if err != nil {
			return nil, err
		}
		leases, _, err := l.NetworkGetDhcpLeases(network, nil, 1, 0)
		if err != nil {
			return nil, err
		}
		for _, lease := range leases {
			if len(lease.Mac) > 0 {
				mac := strings.ToLower(lease.Mac[0])
				expire[mac] = max(expire[mac], lease.Expirytime)
			}
		}
	}
	return expire, nil
}

func sorted(found map[netip.Addr]bool) []string {
	var ips []netip.Addr
	for ip := range found {
		ips = append(ips, ip)
	}
	slices.SortFunc(ips, netip.Addr.Compare) // IPv4 before IPv6
	texts := make([]string, len(ips))
	for i, ip := range ips {
		texts[i] = ip.String()
	}
	return texts
}

// AgentConnected reports whether the agent in a running guest has connected.
func AgentConnected(running *etree.Element) bool {
	agent := schema.FindAgentChannel(running)
	return agent != nil && xmlmodel.At("target@state").Text(agent) == "connected"
}

// String returns the name of a NIC for messages.
func (n NIC) String() string { return fmt.Sprintf("%s (%s)", n.Key, n.MAC) }
