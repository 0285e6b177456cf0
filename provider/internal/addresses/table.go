package addresses

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Table says what is known of a guest's addresses.
var Table = &table.Table{
	Name: "domain_addresses",
	Doc: "The IP addresses of a domain's interfaces, as they are now: only those by which others can reach the guest, no loopback or link-local ones. A domain that does not run has none. " +
		"It is asked in every plan; of a domain that the same apply makes, name the UUID, and it is asked once that is there.",
	See: "https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainInterfaceAddresses",
	Attrs: []table.Attr{
		{Name: "id", Type: table.String, Mode: table.Computed, Doc: "The host, the domain and the source, with slashes between them."},
		{Name: "host", Type: table.String, Mode: table.Required, Doc: "The host, as named in the provider's `hosts`."},
		{Name: "domain", Type: table.String, Mode: table.Required, Doc: "The domain's UUID, or its name."},
		{Name: "source", Type: table.String, Mode: table.Optional, Default: schema.FromLease, Enum: schema.Sources,
			Doc: "How they are known. `lease`: the networks of the host itself gave them. `agent`: the guest agent says so, and has to be connected. `arp`: the host has heard of them."},
		{Name: "addresses", Type: table.Strings, Mode: table.Computed, Doc: "All addresses, in the order of the interfaces; of each interface IPv4 first."},
		{Name: "interfaces", Type: table.Map, Mode: table.Computed, Doc: "The interfaces of the domain, by their names in `interfaces` of `libvirt_domain`.", Attrs: []table.Attr{
			{Name: "mac", Type: table.String, Mode: table.Computed, Doc: "The MAC address."},
			{Name: "addresses", Type: table.Strings, Mode: table.Computed, Doc: "Its addresses, IPv4 first."},
		}},
	},
}
