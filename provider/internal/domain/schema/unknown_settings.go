package schema

import (
	"slices"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// ownElements are the elements of a definition that rows read, or that libvirt (9.0) and virt-install write into every definition.
var ownElements = []string{
	"name", "uuid", "genid", "title", "description", "metadata", "memory", "currentMemory", "maxMemory", "memoryBacking", "vcpu", "vcpus",
	"cputune", "memtune", "blkiotune", "numatune", "resource", "iothreads", "iothreadids",
	"os", "features", "cpu", "clock", "on_poweroff", "on_reboot", "on_crash", "pm", "devices",
	"seclabel",
}

// lifecycle are the elements that say what happens after an event of the guest, with the values that libvirt writes.
var lifecycle = map[string]string{"on_poweroff": "destroy", "on_reboot": "restart", "on_crash": "destroy"}

// UnknownSettings lists the settings of a definition, outside of its devices, that no row reads and that libvirt does not write by itself.
// It leaves out the elements that the row 'xml' put there.
func UnknownSettings(domain *etree.Element) (list []string) {
	put := RawXML.Elements(domain)
	add := func(el *etree.Element, name string) {
		if !slices.Contains(put, el) && !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	for _, el := range domain.ChildElements() {
		if by, is := lifecycle[el.Tag]; is && el.Text() != by {
			add(el, el.Tag+" = "+el.Text())
		}
		if !slices.Contains(ownElements, el.Tag) {
			add(el, "element "+el.FullTag())
		}
	}
	for i := range tuningRows {
		group := &tuningRows[i]
		el := xmlmodel.Find(domain, group.Name)
		if el == nil {
			continue
		}
		for _, child := range el.ChildElements() {
			inEntries := slices.Contains([]string{"iothreadpin", "iothreadsched", "device"}, child.Tag) // of the rows 'iothreads' and 'devices'
			if !inEntries && !slices.ContainsFunc(group.Attrs, func(a table.Attr) bool { return a.Name == child.Tag }) {
				add(child, "element "+group.Name+"/"+child.Tag)
			}
		}
	}
	return list
}
