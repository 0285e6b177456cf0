package storage

import (
	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// RawVolume returns the definition of a raw volume with a capacity in bytes. https://libvirt.org/formatstorage.html
func RawVolume(name string, capacity uint64) *etree.Element {
	v := etree.NewElement("volume")
	v.CreateElement("name").SetText(name)
	xmlmodel.At("capacity").Write(v, capacity)
	xmlmodel.At("target/format@type").Write(v, "raw")
	return v
}
