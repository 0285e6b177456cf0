package schema

import (
	"slices"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// sourceTypes are libvirt's types of disks other than file.
var sourceTypes = []string{"block", "volume", "network"}

// sourceGroup has no element of its own: its values are in the disk's type, in <source>, and in elements next to <source>.
type sourceGroup struct{}

func (sourceGroup) Find(disk *etree.Element) *etree.Element {
	if typ := disk.SelectAttrValue("type", ""); slices.Contains(sourceTypes, typ) || encryptionOf(disk) != nil {
		return disk
	}
	return nil
}

func (sourceGroup) Make(disk *etree.Element) *etree.Element { return disk }

func (sourceGroup) Remove(disk *etree.Element) {
	for _, typ := range sourceTypes {
		unsource(disk, typ)
	}
	xmlmodel.Drop(encryptionOf(disk))
}

// sourceOf sets a disk's type, and removes the previous source with its backing images.
func sourceOf(disk *etree.Element, typ string) *etree.Element {
	if disk.SelectAttrValue("type", "") != typ {
		disk.CreateAttr("type", typ)
		dropSource(disk)
	}
	return xmlmodel.Ensure(disk, "source")
}

// unsource removes the source of a disk of this type. An empty drive has the type file and no source.
func unsource(disk *etree.Element, typ string) {
	if disk.SelectAttrValue("type", "") == typ {
		disk.CreateAttr("type", "file")
		dropSource(disk)
	}
}

func dropSource(disk *etree.Element) {
	for _, name := range []string{"source", "backingStore", "auth", "encryption"} {
		xmlmodel.Drop(disk.SelectElement(name))
	}
}

// sourceAt is the codec of the attribute that locates a disk of one type.
func sourceAt(typ string, at xmlmodel.At) xmlmodel.Func {
	return xmlmodel.Func{
		R: func(disk *etree.Element) any {
			source := disk.SelectElement("source")
			if source == nil || disk.SelectAttrValue("type", "") != typ {
				return nil
			}
			return at.Read(source)
		},
		W: func(disk *etree.Element, v any) {
			if v == nil {
				unsource(disk, typ)
				return
			}
			at.Write(sourceOf(disk, typ), v)
		},
	}
}

// image is a disk's file. A drive without a file has no source element.
var (
	image       = sourceAt("file", "@file")
	blockDevice = sourceAt("block", "@dev")
)
