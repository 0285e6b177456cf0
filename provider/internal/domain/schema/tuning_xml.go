package schema

import (
	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// tuning is an element that can have settings that no row describes. Such settings do not make the group exist, and stay when
// the group is removed.
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

// cputune is the group of the guest's threads, in several elements of the definition. What was set outside Terraform stays when the group goes.
type cputune struct {
	xmlmodel.Within
	rows []table.Attr
}

func (c cputune) Find(domain *etree.Element) *etree.Element {
	if xmlmodel.Read(c.rows, domain).IsEmpty() {
		return nil
	}
	return domain
}

func (cputune) Make(domain *etree.Element) *etree.Element { return domain }

func (cputune) Remove(domain *etree.Element) { dropEmpty(domain.SelectElement("cputune")) }

// emulatorpin is removed with its CPUs.
var emulatorpin = xmlmodel.Func{
	R: xmlmodel.At("emulatorpin@cpuset").Read,
	W: func(cputune *etree.Element, v any) {
		if xmlmodel.At("emulatorpin@cpuset").Write(cputune, v); v == nil {
			xmlmodel.Drop(cputune.SelectElement("emulatorpin"))
		}
	},
}

// kibAt is a size in KiB. Writing it replaces the unit.
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

// threadsCodec reads and writes elements in <cputune> that are keyed by the number of a thread. libvirt (9.0) writes one for each thread.
type threadsCodec struct{ element, key string }

func (c threadsCodec) Elements(domain *etree.Element) (keys []string, elements []*etree.Element) {
	el := domain.SelectElement("cputune")
	if el == nil {
		return nil, nil
	}
	for _, thread := range el.SelectElements(c.element) {
		keys, elements = append(keys, thread.SelectAttrValue(c.key, "")), append(elements, thread)
	}
	return keys, elements
}

func (c threadsCodec) Make(domain *etree.Element, key string, _ table.Model) *etree.Element {
	thread := xmlmodel.Ensure(domain, "cputune").CreateElement(c.element)
	thread.CreateAttr(c.key, key)
	return thread
}

// hostDisksCodec reads and writes what is said about single disks of the host, which are keyed by their paths.
type hostDisksCodec struct{}

func (hostDisksCodec) Elements(blkiotune *etree.Element) (keys []string, elements []*etree.Element) {
	for _, disk := range blkiotune.SelectElements("device") {
		keys, elements = append(keys, xmlmodel.At("path").Text(disk)), append(elements, disk)
	}
	return keys, elements
}

func (hostDisksCodec) Make(blkiotune *etree.Element, key string, _ table.Model) *etree.Element {
	disk := blkiotune.CreateElement("device")
	disk.CreateElement("path").SetText(key)
	return disk
}
