package schema

import (
	"slices"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// sourceTypes are libvirt's types of disks that are no file.
var sourceTypes = []string{"block", "volume", "network"}

// sourceGroup has no element of its own: what it says is in the disk's type, in its <source>, and beside it.
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

// sourceOf makes a disk one of a type. What was known of another source goes: also the images that it rests on.
func sourceOf(disk *etree.Element, typ string) *etree.Element {
	if disk.SelectAttrValue("type", "") != typ {
		disk.CreateAttr("type", typ)
		dropSource(disk)
	}
	return xmlmodel.Ensure(disk, "source")
}

// unsource takes the source of a disk of a type away: an empty drive is one without a file.
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

// sourceAt is the codec of what says where a disk of one type is.
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

// image is a disk's file. A drive without one has no source at all.
var (
	image       = sourceAt("file", "@file")
	blockDevice = sourceAt("block", "@dev")
)
