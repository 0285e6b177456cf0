package schema

import (
	"slices"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// connection is the codec of what an interface of one kind is connected to. libvirt shows an interface that runs in a network as one of the
// kind that the network put it on, with the network's name beside.
func connection(typ string) xmlmodel.Func {
	at := xmlmodel.At("source@" + typ)
	return xmlmodel.Func{
		R: func(nic *etree.Element) any {
			if connectionKind(nic) != typ {
				return nil
			}
			return at.Read(nic)
		},
		W: func(nic *etree.Element, v any) {
			switch {
			case v != nil:
				setConnectionKind(nic, typ)
				at.Write(nic, v)
			case connectionKind(nic) == typ:
				xmlmodel.Drop(nic.SelectElement("source"))
			}
		},
	}
}

func connectionKind(nic *etree.Element) string {
	if xmlmodel.At("source@network").Read(nic) != nil {
		return "network"
	}
	return nic.SelectAttrValue("type", "")
}

// setConnectionKind sets an interface's kind, and removes what libvirt chose for the previous connection.
func setConnectionKind(nic *etree.Element, typ string) {
	if connectionKind(nic) != typ {
		xmlmodel.Drop(nic.SelectElement("source"))
	}
	nic.CreateAttr("type", typ)
	undoConnectionChoice(nic)
}

// undoConnectionChoice gives an interface that runs in a network the form in which it was defined.
func undoConnectionChoice(nic *etree.Element) {
	source := nic.SelectElement("source")
	if source == nil || source.SelectAttr("network") == nil {
		return
	}
	nic.CreateAttr("type", "network")
	for _, chosen := range []string{"portid", "bridge", "dev", "mode"} {
		source.RemoveAttr(chosen)
	}
}

// portGroup is the port group. Only a connection to a network has one.
var portGroup = xmlmodel.Func{
	R: xmlmodel.At("source@portgroup").Read,
	W: func(nic *etree.Element, v any) {
		if v != nil || nic.SelectElement("source") != nil {
			xmlmodel.At("source@portgroup").Write(nic, v)
		}
	},
}

// direct is the <source> of an interface on a device of the host.
type direct struct{}

func (direct) Find(nic *etree.Element) *etree.Element {
	if connectionKind(nic) != "direct" {
		return nil
	}
	return nic.SelectElement("source")
}

func (d direct) Make(nic *etree.Element) *etree.Element {
	setConnectionKind(nic, "direct")
	return xmlmodel.Ensure(nic, "source")
}

func (d direct) Remove(nic *etree.Element) { xmlmodel.Drop(d.Find(nic)) }

// filterParameterCodec reads and writes the filter's parameters by name. A parameter with several values has several elements, of which
// the first represents all.
type filterParameterCodec struct{}

func (filterParameterCodec) Elements(nic *etree.Element) (keys []string, elements []*etree.Element) {
	for _, p := range nic.FindElements("filterref/parameter") {
		if name := p.SelectAttrValue("name", ""); !slices.Contains(keys, name) {
			keys, elements = append(keys, name), append(elements, p)
		}
	}
	return keys, elements
}

// Make adds a parameter to the filter. Without a filter, the parameter does not become part of the definition.
func (filterParameterCodec) Make(nic *etree.Element, name string, _ table.Model) *etree.Element {
	of := nic.SelectElement("filterref")
	if of == nil {
		of = etree.NewElement("filterref")
	}
	p := of.CreateElement("parameter")
	p.CreateAttr("name", name)
	return p
}

// Remove removes all elements of a name.
func (filterParameterCodec) Remove(p *etree.Element) {
	for _, same := range sameParameter(p) {
		xmlmodel.Drop(same)
	}
}

func sameParameter(p *etree.Element) []*etree.Element {
	name := p.SelectAttrValue("name", "")
	return slices.DeleteFunc(p.Parent().SelectElements("parameter"), func(other *etree.Element) bool {
		return other.SelectAttrValue("name", "") != name
	})
}

// parameterValues is the list of values of a parameter.
var parameterValues = xmlmodel.Func{
	R: func(p *etree.Element) any {
		var values []string
		for _, same := range sameParameter(p) {
			if value := same.SelectAttrValue("value", ""); value != "" {
				values = append(values, value)
			}
		}
		return table.ListOf(values...)
	},
	W: func(p *etree.Element, v any) {
		for _, same := range sameParameter(p)[1:] {
			xmlmodel.Drop(same)
		}
		list, _ := v.(table.List)
		for i, value := range list.Items() {
			el := p
			if i > 0 {
				el = p.Parent().CreateElement("parameter")
				el.CreateAttr("name", p.SelectAttrValue("name", ""))
			}
			el.CreateAttr("value", value)
		}
	},
}
