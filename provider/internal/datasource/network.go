package datasource

import (
	"net/netip"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Network says what is known of a network.
var Network = &table.Table{
	Name: "network",
	Doc:  "A virtual network that a host has already. It is asked in every plan.",
	See:  "https://libvirt.org/formatnetwork.html",
	Attrs: []table.Attr{
		idRow("host/name"),
		hostRow(),
		nameRow("network"),
		told("uuid", table.String, xmlmodel.At("uuid"), "The UUID by which libvirt knows it."),
		told("forward_mode", table.String, xmlmodel.At("forward@mode"), "How the guests get out: `nat`, `route`, `open`, `bridge` and so on. Unset: they don't."),
		told("forward_dev", table.String, xmlmodel.At("forward@dev"), "The host's network card that they get out by; unset where it is any."),
		told("bridge", table.String, xmlmodel.At("bridge@name"), "The bridge's name on the host; unset where there is none."),
		told("domain", table.String, xmlmodel.At("domain@name"), "The DNS domain of the guests."),
		told("mtu", table.Int, xmlmodel.At("mtu@size"), "The largest packet, in bytes; unset where nobody said."),
		{Name: "addresses", Type: table.Map, Mode: table.Computed, Entries: addresses{}, Doc: "The host's own addresses on it, each with what goes with it.", Attrs: []table.Attr{
			told("family", table.String, family, "The kind of address: `ipv4` or `ipv6`."),
			told("prefix", table.Int, prefix, "The prefix length."),
			told("dhcp_start", table.String, xmlmodel.At("dhcp/range@start"), "The first address that DHCP gives out; unset where it gives out none."),
			told("dhcp_end", table.String, xmlmodel.At("dhcp/range@end"), "The last one."),
		}},
		told("active", table.Bool, nil, "Whether it is started."),
		told("autostart", table.Bool, nil, "Whether libvirt starts it when the host starts."),
	},
}

// addresses are the <ip> elements, by their address.
type addresses struct{}

func (addresses) Elements(el *etree.Element) (keys []string, elements []*etree.Element) {
	for _, ip := range el.SelectElements("ip") {
		if address := ip.SelectAttrValue("address", ""); address != "" {
			keys, elements = append(keys, address), append(elements, ip)
		}
	}
	return keys, elements
}

func (addresses) Make(*etree.Element, string, table.Model) *etree.Element { return nil } // nothing is written here

// read is the codec of what is never written.
func read(how func(el *etree.Element) any) table.Codec {
	return xmlmodel.Func{R: how, W: func(*etree.Element, any) {}}
}

var family = read(func(el *etree.Element) any { return el.SelectAttrValue("family", "ipv4") })

// prefix is written as a length or, for IPv4, as a mask.
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
