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

// ipRow describes the host's address of one family and the DHCP server. libvirt allows DHCP on one address of each
// family only.
func ipRow(family, doc, example string, prefix table.Attr, isOne func(any) error, hosts table.Attr) table.Attr {
	row := table.Attr{Name: family, Type: table.Object, Mode: table.Optional, Group: ipElement(family), Doc: doc,
		Attrs: []table.Attr{
			{Name: "address", Type: table.String, Mode: table.Required, Check: isOne, Same: sameAddress, XML: xmlmodel.At("@address"),
				Doc: "The address, for example `" + example + "`."},
			prefix,
			{Name: "dhcp", Type: table.Object, Mode: table.Optional, Group: xmlmodel.Element{"dhcp"},
				Doc: "The DHCP server for the guests. It can change while they run.",
				Attrs: []table.Attr{
					{Name: "start", Type: table.String, Mode: table.Optional, Check: isOne, Same: sameAddress,
						XML: xmlmodel.Lone{Element: "range", At: "@start"},
						Doc: "The first address of the range for guests without a reservation. Unset: only the addresses of `hosts` are assigned."},
					{Name: "end", Type: table.String, Mode: table.Optional, Check: isOne, Same: sameAddress,
						XML: xmlmodel.Lone{Element: "range", At: "@end"}, Doc: "The last address of the range."},
					{Name: "lease_time", Type: table.Int, Mode: table.Optional, Check: leaseTime, XML: lease,
						Doc: "The lease time in seconds; 0 is infinite. Unset: one hour."},
					hosts,
				}},
		}}
	if family == "ipv4" { // libvirt has neither for IPv6
		dhcp := &row.Attrs[len(row.Attrs)-1]
		dhcp.Attrs = append(dhcp.Attrs, bootpRow)
		row.Attrs = append(row.Attrs, tftpRow)
	}
	return row
}

var ipv4Row = ipRow("ipv4", "The host's IPv4 address on the network. Unset: no address and no DHCP.", "10.0.0.1",
	table.Attr{Name: "prefix", Type: table.Int, Mode: table.Required, Check: table.Between(1, 30), XML: prefix,
		Doc: "The prefix length, for example `24`."}, table.IPv4,
	table.Attr{Name: "hosts", Type: table.Map, Mode: table.Optional, Check: table.MAC, Entries: reservations{},
		Doc: "Address reservations, by the MAC address of the guest.",
		Attrs: []table.Attr{
			{Name: "ip", Type: table.String, Mode: table.Required, Check: table.IPv4, XML: xmlmodel.At("@ip"), Doc: "The address."},
			{Name: "name", Type: table.String, Mode: table.Optional, Check: guestName, XML: xmlmodel.At("@name"),
				Doc: "The guest's name in the network's DNS."},
		}})

var ipv6Row = ipRow("ipv6", "The host's IPv6 address on the network, which the host advertises to the guests. Unset: no address.", "fd00:1::1",
	table.Attr{Name: "prefix", Type: table.Int, Mode: table.Required, Check: table.Between(1, 127), XML: prefix,
		Doc: "The prefix length. Guests configure an address by themselves only with `64`."}, ipv6,
	table.Attr{Name: "hosts", Type: table.Map, Mode: table.Optional, Check: clientID, Entries: clients{},
		Doc: "Address reservations, by the name that the guest sends or by its DHCP unique identifier (DUID). IPv6 has no " +
			"reservations by MAC address.",
		Attrs: []table.Attr{
			{Name: "ip", Type: table.String, Mode: table.Required, Check: ipv6, Same: sameAddress, XML: xmlmodel.At("@ip"), Doc: "The address."},
			{Name: "name", Type: table.String, Mode: table.Optional, Check: guestName, XML: clientName,
				Doc: "The name in the network's DNS of a guest that is identified by its DUID."},
		}})

func ipv6(v any) error {
	a, err := netip.ParseAddr(v.(string))
	if err != nil || !a.Is6() || a.Is4In6() || a.Zone() != "" {
		return fmt.Errorf("must be an IPv6 address like fd00:1::1, got %q", v)
	}
	return nil
}

// sameAddress compares two spellings of an address: IPv6 has several, and libvirt keeps the one that it was given.
func sameAddress(config, host string) bool {
	one, err1 := netip.ParseAddr(config)
	other, err2 := netip.ParseAddr(host)
	return err1 == nil && err2 == nil && one == other
}

// ipElement is the network's first <ip> of a family. An <ip> without a family is IPv4.
type ipElement string

func (f ipElement) Find(network *etree.Element) *etree.Element {
	if at := f.index(network); at >= 0 {
		return network.SelectElements("ip")[at]
	}
	return nil
}

// index returns the position of the element among the network's <ip> elements; -1 if there is none.
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

// prefix reads a prefix or a netmask, and writes a prefix.
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

// clients are the <host> entries of IPv6, which libvirt identifies by an id or by a name.
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

var guestForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.-]*$`)

// guestName checks the name of a reservation. libvirt (9.0) does not escape it in its XML, and refuses one that begins with a digit.
func guestName(v any) error {
	if s := v.(string); !guestForm.MatchString(s) {
		return fmt.Errorf("must be a host name like web-1 that begins with a letter, got %q", s)
	}
	return nil
}

func clientID(v any) error {
	if s := v.(string); !duid.MatchString(s) && !hostForm.MatchString(s) {
		return fmt.Errorf("must be a host name, or a DUID in lower case like 00:03:00:01:52:54:00:12:34:56, got %q", s)
	}
	return nil
}

// clientName reads and writes the name of a client that is identified by its id.
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
	// libvirt (9.0) refuses a shorter one.
	if n, ok := v.(int64); ok && n != 0 && n < 120 {
		return fmt.Errorf("must be 0 (infinite) or at least 120 s, got %d", n)
	}
	return nil
}

var leaseUnits = map[string]int64{"seconds": 1, "minutes": 60, "hours": 3600}

// lease reads and writes the lease time of the range in seconds. libvirt's default unit is minutes.
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
