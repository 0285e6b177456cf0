package network

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// dnsRow describes the network's DNS server. https://libvirt.org/formatnetwork.html#addressing
var dnsRow = table.Attr{Name: "dns", Type: table.Object, Mode: table.Optional, Group: xmlmodel.Element{"dns"},
	Doc: "The network's DNS server. Its entries can change while guests run.",
	Attrs: []table.Attr{
		{Name: "enabled", Type: table.Bool, Mode: table.Optional, XML: xmlmodel.At("@enable"),
			Doc: "Whether the network has a DNS server. Unset: `true` if the network has an address."},
		{Name: "forward_plain_names", Type: table.Bool, Mode: table.Optional, XML: xmlmodel.At("@forwardPlainNames"),
			Doc: "Whether queries for unknown names without a dot are forwarded. Unset: `true`."},
		{Name: "forwarders", Type: table.Strings, Mode: table.Optional, Check: forwarder, XML: forwarders,
			Doc: "The servers for names that it does not know: addresses, `/example.org/10.0.0.53` for the names of one domain, `/example.org/` " +
				"for a domain that the host's own servers resolve. Unset: the host's own servers."},
		{Name: "hosts", Type: table.Map, Mode: table.Optional, Check: dnsAddress, Entries: named{element: "host", key: "ip"},
			Doc: "Host names, by address.",
			Attrs: []table.Attr{{Name: "names", Type: table.Strings, Mode: table.Required, Check: hostName, XML: hostNames,
				Doc: "The host names, without the network's domain."}}},
		{Name: "txt", Type: table.Map, Mode: table.Optional, Check: dnsName, Entries: named{element: "txt", key: "name"},
			Doc:   "TXT records, by name.",
			Attrs: []table.Attr{{Name: "value", Type: table.String, Mode: table.Required, XML: xmlmodel.At("@value"), Doc: "The text."}}},
		{Name: "srv", Type: table.Map, Mode: table.Optional, Check: service, Entries: services{},
			Doc: "SRV records, by `_service._protocol`, or `_service._protocol.example.org` for another domain.",
			Attrs: []table.Attr{
				{Name: "target", Type: table.String, Mode: table.Required, Check: hostName, XML: xmlmodel.At("@target"),
					Doc: "The name of the host that provides the service."},
				{Name: "port", Type: table.Int, Mode: table.Required, Check: table.Between(1, 65535), XML: xmlmodel.At("@port"),
					Doc: "The port of the service."},
				{Name: "priority", Type: table.Int, Mode: table.Optional, Check: table.Between(1, 65535), XML: xmlmodel.At("@priority"),
					Doc: "The priority. Clients try lower values first. Unset: 0."},
				{Name: "weight", Type: table.Int, Mode: table.Optional, Check: table.Between(1, 65535), XML: xmlmodel.At("@weight"),
					Doc: "The relative weight among records of the same priority. Unset: 0."},
			}},
	}}

// named are elements that one of their attributes identifies.
type named struct{ element, key string }

func (n named) Elements(parent *etree.Element) (keys []string, elements []*etree.Element) {
	for _, el := range parent.SelectElements(n.element) {
		keys, elements = append(keys, el.SelectAttrValue(n.key, "")), append(elements, el)
	}
	return keys, elements
}

func (n named) Make(parent *etree.Element, key string, _ table.Model) *etree.Element {
	el := parent.CreateElement(n.element)
	el.CreateAttr(n.key, key)
	return el
}

// services are the <srv> elements, with keys in the format of DNS.
type services struct{}

func (services) Elements(dns *etree.Element) (keys []string, elements []*etree.Element) {
	for _, srv := range dns.SelectElements("srv") {
		key := "_" + srv.SelectAttrValue("service", "") + "._" + srv.SelectAttrValue("protocol", "")
		if domain := srv.SelectAttrValue("domain", ""); domain != "" {
			key += "." + domain
		}
		keys, elements = append(keys, key), append(elements, srv)
	}
	return keys, elements
}

func (services) Make(dns *etree.Element, key string, _ table.Model) *etree.Element {
	srv := dns.CreateElement("srv")
	part := serviceForm.FindStringSubmatch(key)
	srv.CreateAttr("service", part[1])
	srv.CreateAttr("protocol", part[2])
	if part[3] != "" {
		srv.CreateAttr("domain", part[3])
	}
	return srv
}

var hostNames = xmlmodel.Items{Tag: "hostname", Item: xmlmodel.At("")}

// forwarders are written in the format of dnsmasq. https://thekelleys.org.uk/dnsmasq/docs/dnsmasq-man.html, --server
var forwarders = xmlmodel.Items{Tag: "forwarder", Item: xmlmodel.Func{
	R: func(el *etree.Element) any {
		to := el.SelectAttrValue("addr", "")
		if domain := el.SelectAttrValue("domain", ""); domain != "" {
			to = "/" + domain + "/" + to
		}
		return to
	},
	W: func(el *etree.Element, v any) {
		domain, to := splitForwarder(v.(string))
		if domain != "" {
			el.CreateAttr("domain", domain)
		}
		if to != "" {
			el.CreateAttr("addr", to)
		}
	},
}}

func splitForwarder(item string) (domain, to string) {
	if rest, of := strings.CutPrefix(item, "/"); of {
		domain, to, _ = strings.Cut(rest, "/")
		return domain, to
	}
	return "", item
}

func forwarder(v any) error {
	domain, to := splitForwarder(v.(string))
	_, err := netip.ParseAddr(to)
	if (err != nil && to != "") || (domain == "" && to == "") || (domain != "" && !nameForm.MatchString(domain)) ||
		strings.Count(v.(string), "/")%2 == 1 {
		return fmt.Errorf("must be addresses, or /domain/address, like 10.0.0.53 and /example.org/10.0.0.53, got %q", v)
	}
	return nil
}

var (
	nameForm    = regexp.MustCompile(`^[A-Za-z0-9.-]+$`) // libvirt's schema allows no '_' in a name
	serviceForm = regexp.MustCompile(`^_([A-Za-z0-9-]+)\._(tcp|udp)(?:\.([A-Za-z0-9.-]+))?$`)
)

func dnsName(v any) error {
	if s := v.(string); !nameForm.MatchString(s) {
		return fmt.Errorf("must be letters, digits, '-' and '.', got %q", s)
	}
	return nil
}

func hostName(v any) error {
	if s := v.(string); !hostForm.MatchString(s) {
		return fmt.Errorf("must be host names like web-1, got %q", s)
	}
	return nil
}

func service(v any) error {
	if s := v.(string); !serviceForm.MatchString(s) {
		return fmt.Errorf("must be _service._tcp or _service._udp, followed by '.' and a domain if it is another domain, got %q", s)
	}
	return nil
}

func dnsAddress(v any) error {
	a, err := netip.ParseAddr(v.(string))
	if err != nil || a.String() != v {
		return fmt.Errorf("must be an address in its shortest form like 10.0.0.10 or fd00:1::10, got %q", v)
	}
	return nil
}
