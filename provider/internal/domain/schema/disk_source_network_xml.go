package schema

import (
	"strings"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// protocol is the protocol of a network disk. It also determines the type of the secret.
var protocol = xmlmodel.Func{
	R: sourceAt("network", "@protocol").R,
	W: func(disk *etree.Element, v any) {
		sourceAt("network", "@protocol").W(disk, v)
		if secret := xmlmodel.At("secret@type"); authOf(disk) != nil && secret.Read(authOf(disk)) != nil {
			secret.Write(authOf(disk), secretType(disk))
		}
	},
}

// storageHostCodec reads and writes the servers of a network disk, which are keyed by name.
type storageHostCodec struct{}

func (storageHostCodec) Elements(disk *etree.Element) (keys []string, elements []*etree.Element) {
	for _, h := range disk.FindElements("source/host[@name]") {
		keys, elements = append(keys, h.SelectAttrValue("name", "")), append(elements, h)
	}
	return keys, elements
}

func (storageHostCodec) Make(disk *etree.Element, name string, _ table.Model) *etree.Element {
	h := xmlmodel.Ensure(disk, "source").CreateElement("host")
	h.CreateAttr("name", name)
	return h
}

// hostPort reads a missing port as 0. libvirt records the default port of most protocols, but not of all.
var hostPort = xmlmodel.Func{
	R: func(host *etree.Element) any {
		if port := xmlmodel.At("@port").Read(host); port != nil {
			return port
		}
		return int64(0)
	},
	W: xmlmodel.At("@port").Write,
}

var socket = xmlmodel.Func{
	R: func(disk *etree.Element) any {
		if h := disk.FindElement("source/host[@transport='unix']"); h != nil {
			return xmlmodel.At("@socket").Read(h)
		}
		return nil
	},
	W: func(disk *etree.Element, v any) {
		h := disk.FindElement("source/host[@transport='unix']")
		if v == nil {
			xmlmodel.Drop(h)
			return
		}
		if h == nil {
			h = xmlmodel.Ensure(disk, "source").CreateElement("host")
			h.CreateAttr("transport", "unix")
		}
		xmlmodel.At("@socket").Write(h, v)
	},
}

var verify = xmlmodel.Func{
	R: func(disk *etree.Element) any { return xmlmodel.At("source/ssl@verify").Text(disk) != "no" },
	W: func(disk *etree.Element, v any) {
		if v == false {
			xmlmodel.At("source/ssl@verify").Write(disk, v)
			return
		}
		xmlmodel.Drop(xmlmodel.Find(disk, "source", "ssl"))
	},
}

// inSource is a value in an element of its own inside the source.
func inSource(element, attr string) xmlmodel.Func {
	return xmlmodel.Func{
		R: xmlmodel.At("source/" + element + attr).Read,
		W: func(disk *etree.Element, v any) {
			if v == nil {
				xmlmodel.Drop(disk.FindElement("source/" + strings.Split(element, "/")[0]))
				return
			}
			xmlmodel.At("source/"+element+attr).Write(disk, v)
		},
	}
}

var (
	cephConfig = inSource("config", "@file")
	initiator  = inSource("initiator/iqn", "@name")
)
