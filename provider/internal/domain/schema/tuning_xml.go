package schema

import (
	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// tuning is an element that holds more than the table has: a person's own settings are no reason for the group to be there, and stay when
// it goes.
type tuning struct {
	xmlmodel.Element
	rows []table.Attr
}

func (t tuning) Find(parent *etree.Element) *etree.Element {
	if el := t.Element.Find(parent); el != nil && !xmlmodel.Read(t.rows, el).IsEmpty() {
		return el
	}
	return nil
}

func (t tuning) Remove(parent *etree.Element) {
	el := t.Element.Find(parent)
	if el == nil {
		return
	}
	xmlmodel.Patch(t.rows, el, xmlmodel.Read(t.rows, el), nil)
	dropEmpty(el)
}

// emulatorpin is nothing without its CPUs.
var emulatorpin = xmlmodel.Func{
	R: xmlmodel.At("emulatorpin@cpuset").Read,
	W: func(cputune *etree.Element, v any) {
		if xmlmodel.At("emulatorpin@cpuset").Write(cputune, v); v == nil {
			xmlmodel.Drop(cputune.SelectElement("emulatorpin"))
		}
	},
}

// kibAt is a size in KiB, whatever the unit was before.
func kibAt(name string) xmlmodel.Func {
	return xmlmodel.Func{
		R: xmlmodel.At(name).Read,
		W: func(el *etree.Element, v any) {
			xmlmodel.At(name).Write(el, v)
			if v != nil {
				el.SelectElement(name).CreateAttr("unit", "KiB")
			}
		},
	}
}

// vcpupinCodec are keyed by the number of the virtual CPU.
type vcpupinCodec struct{}

func (vcpupinCodec) Elements(cputune *etree.Element) (keys []string, elements []*etree.Element) {
	for _, p := range cputune.SelectElements("vcpupin") {
		keys, elements = append(keys, p.SelectAttrValue("vcpu", "")), append(elements, p)
	}
	return keys, elements
}

func (vcpupinCodec) Make(cputune *etree.Element, key string, _ table.Model) *etree.Element {
	p := cputune.CreateElement("vcpupin")
	p.CreateAttr("vcpu", key)
	return p
}
