package network

import (
	"errors"
	"fmt"
	"math"
	"net/netip"
	"strconv"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// routesRow describes the networks that the host reaches through guests.
// https://libvirt.org/formatnetwork.html#static-routes
var routesRow = table.Attr{Name: "routes", Type: table.Map, Mode: table.Optional, Check: destination, Entries: routes{},
	Doc: "Static routes of the host through a guest on the network, by destination: `10.9.0.0/16`, `fd00:9::/48`.",
	Attrs: []table.Attr{
		{Name: "gateway", Type: table.String, Mode: table.Required, Check: anyAddress, Same: sameAddress, XML: xmlmodel.At("@gateway"),
			Doc: "The guest's address on the network."},
		{Name: "metric", Type: table.Int, Mode: table.Optional, Check: table.Between(1, math.MaxUint32), XML: xmlmodel.At("@metric"),
			Doc: "The metric. Of several routes to a destination, the host uses the one with the lowest metric."},
	}}

type routes struct{}

func (routes) Elements(network *etree.Element) (keys []string, elements []*etree.Element) {
	for _, r := range network.SelectElements("route") {
		to := r.SelectAttrValue("address", "")
		bits := r.SelectAttrValue("prefix", "")
		if n, ok := prefix.Read(r).(int64); ok {
			bits = strconv.FormatInt(n, 10)
		}
		if bits == "" {
			bits = defaultBits(to)
		}
		keys, elements = append(keys, to+"/"+bits), append(elements, r)
	}
	return keys, elements
}

// defaultBits returns the prefix length that libvirt (9.0) uses if none is set: that of the address class.
func defaultBits(to string) string {
	a, err := netip.ParseAddr(to)
	switch {
	case err != nil || a.Is6():
		return "64"
	case a.IsUnspecified():
		return "0"
	case a.As4()[0] < 128:
		return "8"
	case a.As4()[0] < 192:
		return "16"
	default:
		return "24"
	}
}

func (routes) Make(network *etree.Element, key string, _ table.Model) *etree.Element {
	r := network.CreateElement("route")
	to := netip.MustParsePrefix(key)
	if to.Addr().Is6() {
		r.CreateAttr("family", "ipv6")
	}
	r.CreateAttr("address", to.Addr().String())
	r.CreateAttr("prefix", strconv.Itoa(to.Bits()))
	return r
}

func destination(v any) error {
	to, err := netip.ParsePrefix(v.(string))
	if err != nil || to.String() != v {
		return fmt.Errorf("must be an address with a prefix length, like 10.9.0.0/16 or fd00:9::/48, got %q", v)
	}
	if to.Masked() != to {
		return fmt.Errorf("must begin with the first address of its network, got %q; write %q", v, to.Masked())
	}
	return nil
}

func anyAddress(v any) error {
	if _, err := netip.ParseAddr(v.(string)); err != nil {
		return errors.New("must be an address like 10.0.0.2 or fd00:1::2, got " + strconv.Quote(v.(string)))
	}
	return nil
}
