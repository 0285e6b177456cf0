package pool

import (
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// typeXML writes the type and, for a volume group, an empty <target>: libvirt's schema requires the element, although
// the path follows from the name.
var typeXML = xmlmodel.Func{
	R: xmlmodel.At("@type").Read,
	W: func(el *etree.Element, v any) {
		xmlmodel.At("@type").Write(el, v)
		if v == "logical" {
			xmlmodel.Ensure(el, "target")
		}
	},
}

// typeOf returns the type of the pool that a source belongs to.
func typeOf(source *etree.Element) string {
	if source.Parent() == nil {
		return ""
	}
	return xmlmodel.At("@type").Text(source.Parent())
}

// singleHost reads and writes a value of the only server of a pool. A pool type with several servers has them in 'hosts'.
func singleHost(at xmlmodel.At) xmlmodel.Func {
	return xmlmodel.Func{
		R: func(el *etree.Element) any {
			if poolTypes[typeOf(el)].takes("source.hosts") {
				return nil
			}
			return at.Read(el)
		},
		W: at.Write,
	}
}

var hostXML, portXML = singleHost("host@name"), singleHost("host@port")

// requiredIn reads and writes a value that its element requires: without the value, the element is removed.
func requiredIn(element string, at xmlmodel.At) xmlmodel.Func {
	return xmlmodel.Func{
		R: at.Read,
		W: func(el *etree.Element, v any) {
			if v == nil {
				xmlmodel.Drop(el.SelectElement(element))
				return
			}
			at.Write(el, v)
		},
	}
}

// server is an entry of 'hosts'.
type server struct{ name, port string }

func parseServer(s string) server {
	if name, port, err := net.SplitHostPort(s); err == nil {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return server{}
		}
		return server{name, port}
	}
	if strings.ContainsAny(s, "[]/ ") {
		return server{}
	}
	return server{name: s}
}

func (s server) String() string {
	if s.port == "" {
		return s.name
	}
	return net.JoinHostPort(s.name, s.port)
}

var hostsXML = xmlmodel.Func{
	R: func(el *etree.Element) any {
		if !poolTypes[typeOf(el)].takes("source.hosts") {
			return nil
		}
		return servers.Read(el)
	},
	W: servers.Write,
}

var servers = xmlmodel.Items{Tag: "host", Item: xmlmodel.Func{
	R: func(host *etree.Element) any {
		return server{host.SelectAttrValue("name", ""), host.SelectAttrValue("port", "")}.String()
	},
	W: func(host *etree.Element, v any) {
		s := parseServer(v.(string))
		host.CreateAttr("name", s.name)
		if s.port != "" {
			host.CreateAttr("port", s.port)
		}
	},
}}

// devicesXML keeps what libvirt stores in the elements of devices that stay.
var devicesXML = xmlmodel.Items{Tag: "device", Item: xmlmodel.At("@path")}

// adapterNameXML writes the name of an adapter. libvirt refuses an adapter that has an address, too.
var adapterNameXML = xmlmodel.Func{
	R: xmlmodel.At("@name").Read,
	W: func(el *etree.Element, v any) {
		xmlmodel.At("@name").Write(el, v)
		if v != nil {
			xmlmodel.Drop(el.SelectElement("parentaddr"))
		}
	},
}

// parentAddressXML reads and writes a PCI address in the format of lspci.
var parentAddressXML = xmlmodel.Func{
	R: func(el *etree.Element) any {
		address := xmlmodel.Find(el, "parentaddr", "address")
		if address == nil {
			return nil
		}
		var n [4]uint64
		for i, name := range pciParts {
			n[i], _ = strconv.ParseUint(strings.TrimPrefix(address.SelectAttrValue(name, "0"), "0x"), 16, 16)
		}
		return fmt.Sprintf("%04x:%02x:%02x.%x", n[0], n[1], n[2], n[3])
	},
	W: func(el *etree.Element, v any) {
		if v == nil {
			xmlmodel.Drop(el.SelectElement("parentaddr"))
			return
		}
		el.RemoveAttr("name") // libvirt refuses both
		address := xmlmodel.Ensure(el, "parentaddr", "address")
		parts := strings.FieldsFunc(v.(string), func(r rune) bool { return slices.Contains([]rune{':', '.'}, r) })
		for i, name := range pciParts {
			address.CreateAttr(name, "0x"+parts[i])
		}
	},
}

var pciParts = []string{"domain", "bus", "slot", "function"}
