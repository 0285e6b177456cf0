package datasource

import (
	"net/netip"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Network is the table of the data source libvirt_network.
var Network = &table.Table{
	Name: "network",
	Doc:  "An existing virtual network on a host. The provider asks the host in every plan.",
	See:  "https://libvirt.org/formatnetwork.html",
	Attrs: []table.Attr{
		idRow("host/name"),
		hostRow(),
		nameRow("network"),
		computed("uuid", table.String, xmlmodel.At("uuid"), "The UUID of the network."),
		computed("forward_mode", table.String, xmlmodel.At("forward@mode"),
			"The forward mode: `nat`, `route`, `open`, `bridge` and so on. Unset: the network is isolated."),
		computed("forward_dev", table.String, xmlmodel.At("forward@dev"),
			"The host's network device for outgoing traffic; unset if any device is used."),
		computed("bridge", table.String, xmlmodel.At("bridge@name"), "The name of the bridge on the host; unset if there is none."),
		computed("domain", table.String, xmlmodel.At("domain@name"), "The DNS domain of the guests."),
		computed("mtu", table.Int, xmlmodel.At("mtu@size"), "The maximum packet size (MTU) in bytes; unset if none is configured."),
		{Name: "addresses", Type: table.Map, Mode: table.Computed, Entries: addresses{},
			Doc: "The host's addresses on the network, by address.", Attrs: []table.Attr{
				computed("family", table.String, family, "The address family: `ipv4` or `ipv6`."),
				computed("prefix", table.Int, prefix, "The prefix length."),
				computed("dhcp_start", table.String, xmlmodel.At("dhcp/range@start"), "The first address of the DHCP range; unset if there is none."),
				computed("dhcp_end", table.String, xmlmodel.At("dhcp/range@end"), "The last address of the DHCP range."),
			}},
		computed("active", table.Bool, nil, "Whether the network is active."),
		computed("autostart", table.Bool, nil, "Whether libvirt starts it when the host starts."),
	},
}

// addresses are the <ip> elements, keyed by their address.
type addresses struct{}

func (addresses) Elements(el *etree.Element) (keys []string, elements []*etree.Element) {
	for _, ip := range el.SelectElements("ip") {
		if address := ip.SelectAttrValue("address", ""); address != "" {
			keys, elements = append(keys, address), append(elements, ip)
		}
	}
	return keys, elements
}

func (addresses) Make(*etree.Element, string, table.Model) *etree.Element { return nil } // a data source writes nothing

// read returns a codec that only reads.
func read(how func(el *etree.Element) any) table.Codec {
	return xmlmodel.Func{R: how, W: func(*etree.Element, any) {}}
}

var family = read(func(el *etree.Element) any { return el.SelectAttrValue("family", "ipv4") })

// prefix reads a prefix length or, for IPv4, a netmask.
var prefix = read(func(el *etree.Element) any {
	if length := el.SelectAttrValue("prefix", ""); length != "" {
		return length
	}
	mask, err := netip.ParseAddr(el.SelectAttrValue("netmask", ""))
	if err != nil {
		return nil
	}
	n := int64(0)
	for _, b := range mask.AsSlice() {
		for ; b != 0; b <<= 1 {
			n++
		}
	}
	return n
})

func network(l *libvirt.Libvirt, config table.Model) (table.Model, error) {
	n, err := l.NetworkLookupByName(config.Str("name"))
	if err != nil {
		return nil, missing(l, err, "network", config.Str("name"), "", hostinfo.Networks)
	}
	xml, err := l.NetworkGetXMLDesc(n, 0)
	_, seen, err := described(Network.Attrs, xml, err)
	if err != nil {
		return nil, err
	}
	if seen["active"], err = truth(l.NetworkIsActive(n)); err != nil {
		return nil, err
	}
	seen["autostart"], err = truth(l.NetworkGetAutostart(n))
	return seen, err
}
