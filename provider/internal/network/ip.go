package network

import (
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"strconv"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// ipRow is the host's address of one family, and what it gives to guests. Of each family libvirt has DHCP on one address only.
func ipRow(family, doc, example string, prefix table.Attr, isOne func(any) error, hosts table.Attr) table.Attr {
	return table.Attr{Name: family, Type: table.Object, Mode: table.Optional, Group: ipElement(family), Doc: doc,
		Attrs: []table.Attr{
			{Name: "address", Type: table.String, Mode: table.Required, Check: isOne, Same: sameAddress, XML: xmlmodel.At("@address"), Doc: "The address, for example `" + example + "`."},
			prefix,
			{Name: "dhcp", Type: table.Object, Mode: table.Optional, Group: xmlmodel.Element{"dhcp"}, Doc: "DHCP for the guests. It changes while they run.",
				Attrs: []table.Attr{
					{Name: "start", Type: table.String, Mode: table.Optional, Check: isOne, Same: sameAddress, XML: xmlmodel.Lone{Element: "range", At: "@start"},
						Doc: "The first address that is given to whoever asks. Unset: only those of `hosts` are given out."},
					{Name: "end", Type: table.String, Mode: table.Optional, Check: isOne, Same: sameAddress, XML: xmlmodel.Lone{Element: "range", At: "@end"}, Doc: "The last of them."},
					{Name: "lease_time", Type: table.Int, Mode: table.Optional, Check: leaseTime, XML: lease, Doc: "For how many seconds an address is given; 0 is for ever. Unset: an hour."},
					hosts,
				}},
		}}
}

var ipv4Row = ipRow("ipv4", "The host's IPv4 address on the network. Unset: none, and no DHCP.", "10.0.0.1",
	table.Attr{Name: "prefix", Type: table.Int, Mode: table.Required, Check: table.Between(1, 30), XML: prefix, Doc: "The prefix length, for example `24`."}, table.IPv4,
	table.Attr{Name: "hosts", Type: table.Map, Mode: table.Optional, Check: table.MAC, Entries: reservations{}, Doc: "Addresses that are kept for one guest, by its MAC address.",
		Attrs: []table.Attr{
			{Name: "ip", Type: table.String, Mode: table.Required, Check: table.IPv4, XML: xmlmodel.At("@ip"), Doc: "The address."},
			{Name: "name", Type: table.String, Mode: table.Optional, XML: xmlmodel.At("@name"), Doc: "The name that the network's DNS gives it."},
		}})

var ipv6Row = ipRow("ipv6", "The host's IPv6 address on the network, which it announces to the guests. Unset: none.", "fd00:1::1",
	table.Attr{Name: "prefix", Type: table.Int, Mode: table.Required, Check: table.Between(1, 127), XML: prefix, Doc: "The prefix length: with any other than `64` guests choose no address by themselves."}, ipv6,
	table.Attr{Name: "hosts", Type: table.Map, Mode: table.Optional, Check: clientID, Entries: clients{},
		Doc: "Addresses that are kept for one guest, by the name that it gives itself, or by its DHCP unique identifier (DUID); IPv6 has none by MAC address.",
		Attrs: []table.Attr{
			{Name: "ip", Type: table.String, Mode: table.Required, Check: ipv6, Same: sameAddress, XML: xmlmodel.At("@ip"), Doc: "The address."},
			{Name: "name", Type: table.String, Mode: table.Optional, XML: clientName, Doc: "The name that the network's DNS gives a guest that is known by its identifier."},
		}})

func ipv6(v any) error {
	a, err := netip.ParseAddr(v.(string))
	if err != nil || !a.Is6() || a.Is4In6() || a.Zone() != "" {
		return fmt.Errorf("must be an IPv6 address like fd00:1::1, got %q", v)
	}
	return nil
}

// sameAddress: IPv6 has several spellings of one, and libvirt keeps its own.
func sameAddress(config, host string) bool {
	one, err1 := netip.ParseAddr(config)
	other, err2 := netip.ParseAddr(host)
	return err1 == nil && err2 == nil && one == other
}

// ipElement is the network's first address of a family: an <ip> with none is of IPv4.
type ipElement string

func (f ipElement) Find(network *etree.Element) *etree.Element {
	if at := f.index(network); at >= 0 {
		return network.SelectElements("ip")[at]
	}
	return nil
}

// index is its place among the network's addresses, -1 where it has none of the family.
func (f ipElement) index(network *etree.Element) int {
	for i, ip := range network.SelectElements("ip") {
		if ip.SelectAttrValue("family", "ipv4") == string(f) {
			return i
		}
	}
	return -1
}

func (f ipElement) Make(network *etree.Element) *etree.Element {
	if ip := f.Find(network); ip != nil {
		return ip
	}
	ip := network.CreateElement("ip")
	if f != "ipv4" {
		ip.CreateAttr("family", string(f))
	}
	return ip
}

func (f ipElement) Remove(network *etree.Element) { xmlmodel.Drop(f.Find(network)) }

// prefix reads either spelling, and writes one.
var prefix = xmlmodel.Func{
	R: func(ip *etree.Element) any {
		if p := ip.SelectAttrValue("prefix", ""); p != "" {
			return p
		}
		mask := net.ParseIP(ip.SelectAttrValue("netmask", "")).To4()
		if mask == nil {
			return nil
		}
		ones, _ := net.IPMask(mask).Size()
		return int64(ones)
	},
	W: func(ip *etree.Element, v any) {
		ip.RemoveAttr("netmask")
		ip.CreateAttr("prefix", fmt.Sprint(v))
	},
}

// reservations are the <host> entries of <dhcp>.
type reservations struct{}

func (reservations) Elements(dhcp *etree.Element) (keys []string, elements []*etree.Element) {
	for _, h := range dhcp.SelectElements("host") {
		if mac := h.SelectAttrValue("mac", ""); mac != "" {
			keys, elements = append(keys, mac), append(elements, h)
		}
	}
	return keys, elements
}

func (reservations) Make(dhcp *etree.Element, mac string, _ table.Model) *etree.Element {
	h := dhcp.CreateElement("host")
	h.CreateAttr("mac", mac)
	return h
}

// clients are those of IPv6, which libvirt knows by an identifier or by a name.
type clients struct{}

func (clients) Elements(dhcp *etree.Element) (keys []string, elements []*etree.Element) {
	for _, h := range dhcp.SelectElements("host") {
		key := h.SelectAttrValue("id", h.SelectAttrValue("name", ""))
		keys, elements = append(keys, key), append(elements, h)
	}
	return keys, elements
}

func (clients) Make(dhcp *etree.Element, key string, _ table.Model) *etree.Element {
	h := dhcp.CreateElement("host")
	if duid.MatchString(key) {
		h.CreateAttr("id", key)
	} else {
		h.CreateAttr("name", key)
	}
	return h
}

var (
	duid     = regexp.MustCompile(`^[0-9a-f]{2}(:[0-9a-f]{2})+$`)
	hostForm = regexp.MustCompile(`^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$`)
)

func clientID(v any) error {
	if s := v.(string); !duid.MatchString(s) && !hostForm.MatchString(s) {
		return fmt.Errorf("must be a host's name, or a DUID in lower case like 00:03:00:01:52:54:00:12:34:56, got %q", s)
	}
	return nil
}

// clientName is the name of one that is known by something else.
var clientName = xmlmodel.Func{
	R: func(host *etree.Element) any {
		if host.SelectAttr("id") == nil {
			return nil
		}
		return xmlmodel.At("@name").Read(host)
	},
	W: func(host *etree.Element, v any) {
		if host.SelectAttr("id") != nil {
			xmlmodel.At("@name").Write(host, v)
		}
	},
}

func leaseTime(v any) error {
	// libvirt (9.0) takes no shorter one.
	if n, ok := v.(int64); ok && n != 0 && n < 120 {
		return fmt.Errorf("must be 0, for ever, or at least 120 s, got %d", n)
	}
	return nil
}

var leaseUnits = map[string]int64{"seconds": 1, "minutes": 60, "hours": 3600}

// lease is how long an address of the range is given for, in seconds. libvirt's own unit is minutes.
var lease = xmlmodel.Func{
	R: func(dhcp *etree.Element) any {
		el := xmlmodel.Find(dhcp, "range", "lease")
		if el == nil {
			return nil
		}
		n, err := strconv.ParseInt(el.SelectAttrValue("expiry", ""), 10, 64)
		if err != nil {
			return nil
		}
		return n * leaseUnits[el.SelectAttrValue("unit", "minutes")]
	},
	W: func(dhcp *etree.Element, v any) {
		if v == nil {
			between := dhcp.SelectElement("range")
			xmlmodel.Drop(xmlmodel.Find(dhcp, "range", "lease"))
			if between != nil && len(between.Attr) == 0 {
				xmlmodel.Drop(between)
			}
			return
		}
		el := xmlmodel.Ensure(dhcp, "range", "lease")
		el.CreateAttr("expiry", fmt.Sprint(v))
		el.CreateAttr("unit", "seconds")
	},
}
