package network

import (
	"errors"
	"fmt"
	"hash/fnv"
	"net"
	"net/netip"
	"regexp"

	"github.com/beevik/etree"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// ipv4Element is the network's first IPv4 address: an <ip> with no family is one.
type ipv4Element struct{}

func (ipv4Element) Find(parent *etree.Element) *etree.Element {
	for _, ip := range parent.SelectElements("ip") {
		if f := ip.SelectAttrValue("family", "ipv4"); f == "ipv4" {
			return ip
		}
	}
	return nil
}

func (e ipv4Element) Make(parent *etree.Element) *etree.Element {
	if ip := e.Find(parent); ip != nil {
		return ip
	}
	return parent.CreateElement("ip")
}

func (e ipv4Element) Remove(parent *etree.Element) { xmlmodel.Drop(e.Find(parent)) }

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

// whole is an attribute without which its element goes: to libvirt (9.0) a <forward> without a mode is one by NAT.
type whole struct{ element, attr string }

func (w whole) Read(network *etree.Element) any {
	return xmlmodel.At(w.element + "@" + w.attr).Read(network)
}

func (w whole) Write(network *etree.Element, v any) {
	if v == nil {
		xmlmodel.Drop(network.SelectElement(w.element))
		return
	}
	xmlmodel.At(w.element+"@"+w.attr).Write(network, v)
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

var bridgeForm = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)

// An interface's name has at most 15 characters (IFNAMSIZ).
func bridgeName(v any) error {
	s := v.(string)
	if len(s) > 15 || !bridgeForm.MatchString(s) {
		return fmt.Errorf("must be 1 to 15 letters, digits, '-', '_' or '.', got %q", s)
	}
	return nil
}

// bridgeFor names the bridge of a network whose user does not. libvirt (9.0) would take the first free name, but gives two networks that are
// defined at the same time the same one, and then the second can't be started.
func bridgeFor(network string) string {
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(network)) // never fails
	return fmt.Sprintf("virbr%08x", sum.Sum32())
}

// Validate checks that what is given out belongs to the network.
func (Kind) Validate(config table.Model) []table.Problem {
	ip := config.Group("ipv4")
	address, err := netip.ParseAddr(ip.Str("address"))
	if err != nil || ip["prefix"] == nil || ip["prefix"] == table.Unknown {
		return nil
	}
	block, err := address.Prefix(int(ip.Int("prefix")))
	if err != nil {
		return nil
	}
	at := tftypes.NewAttributePath().WithAttributeName("ipv4").WithAttributeName("dhcp")
	dhcp := ip.Group("dhcp")
	var out []table.Problem
	inside := func(name, text string, p table.Problem) {
		if a, err := netip.ParseAddr(text); err == nil && !block.Contains(a) {
			p.Text = fmt.Sprintf("'%s' must be inside %s, got %s", name, block, text)
			out = append(out, p)
		}
	}
	inside("start", dhcp.Str("start"), table.Problem{Path: at.WithAttributeName("start")})
	inside("end", dhcp.Str("end"), table.Problem{Path: at.WithAttributeName("end")})
	hosts := dhcp.Group("hosts")
	for _, mac := range table.Keys(hosts) {
		if h, ok := hosts[mac].(table.Model); ok {
			inside("ip", h.Str("ip"), table.Problem{Path: at.WithAttributeName("hosts").WithElementKeyString(mac).WithAttributeName("ip")})
		}
	}
	if err := ordered(dhcp.Str("start"), dhcp.Str("end")); err != nil {
		out = append(out, table.Problem{Path: at.WithAttributeName("end"), Text: err.Error()})
	}
	return out
}

func ordered(start, end string) error {
	s, err1 := netip.ParseAddr(start)
	e, err2 := netip.ParseAddr(end)
	if err := errors.Join(err1, err2); err == nil && e.Less(s) {
		return fmt.Errorf("'end' must not be before 'start' (%s), got %s", start, end)
	}
	return nil
}
