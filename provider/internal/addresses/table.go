package addresses

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Table is the table of libvirt_domain_addresses.
var Table = &table.Table{
	Name: "domain_addresses",
	Doc: "The current IP addresses of a domain's interfaces, without loopback and link-local addresses. A domain that does not run has none. " +
		"The provider asks the host in every plan. For a domain that the same apply creates, use the UUID: then the provider asks after " +
		"the domain was created.",
	See: "https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainInterfaceAddresses",
	Attrs: []table.Attr{
		{Name: "id", Type: table.String, Mode: table.Computed, Doc: "The host, the domain and the source, separated by slashes."},
		{Name: "host", Type: table.String, Mode: table.Required, Doc: "The host, as named in the provider's `hosts`."},
		{Name: "domain", Type: table.String, Mode: table.Required, Doc: "The domain's UUID, or its name."},
		{Name: "source", Type: table.String, Mode: table.Optional, Default: schema.FromLease, Enum: schema.Sources,
			Doc: "The source of the addresses. `lease`: the DHCP leases of the host's networks. `agent`: the guest agent, which must be connected. " +
				"`arp`: the ARP table of the host."},
		{Name: "addresses", Type: table.Strings, Mode: table.Computed,
			Doc: "All addresses, in the order of the interfaces, with IPv4 first for each interface."},
		{Name: "interfaces", Type: table.Map, Mode: table.Computed,
			Doc: "The interfaces of the domain, by their names in `interfaces` of `libvirt_domain`.", Attrs: []table.Attr{
				{Name: "mac", Type: table.String, Mode: table.Computed, Doc: "The MAC address."},
				{Name: "addresses", Type: table.Strings, Mode: table.Computed, Doc: "The addresses of the interface, IPv4 first."},
			}},
	},
}
