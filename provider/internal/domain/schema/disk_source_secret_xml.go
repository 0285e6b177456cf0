package schema

import (
	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// secretType is the type of the secrets of a protocol. https://libvirt.org/formatsecret.html
func secretType(disk *etree.Element) string {
	if xmlmodel.At("source@protocol").Text(disk) == "rbd" {
		return "ceph"
	}
	return "iscsi"
}

// inSourceOrDisk finds an element that stands in the source, or in older definitions in the disk itself; libvirt (9.0) leaves it where it is.
func inSourceOrDisk(disk *etree.Element, name string) *etree.Element {
	if el := xmlmodel.Find(disk, "source", name); el != nil {
		return el
	}
	return disk.SelectElement(name)
}

func authOf(disk *etree.Element) *etree.Element { return inSourceOrDisk(disk, "auth") }

func encryptionOf(disk *etree.Element) *etree.Element { return inSourceOrDisk(disk, "encryption") }

func ensureAuth(disk *etree.Element) *etree.Element {
	if auth := authOf(disk); auth != nil {
		return auth
	}
	return xmlmodel.Ensure(disk, "source").CreateElement("auth")
}

var username = xmlmodel.Func{
	R: func(disk *etree.Element) any {
		if auth := authOf(disk); auth != nil {
			return xmlmodel.At("@username").Read(auth)
		}
		return nil
	},
	W: func(disk *etree.Element, v any) {
		if v == nil {
			xmlmodel.Drop(authOf(disk))
			return
		}
		xmlmodel.At("@username").Write(ensureAuth(disk), v)
	},
}

var authSecret = xmlmodel.Func{
	R: func(disk *etree.Element) any {
		if auth := authOf(disk); auth != nil {
			return secretOf(auth)
		}
		return nil
	},
	W: func(disk *etree.Element, v any) {
		if auth := authOf(disk); v == nil {
			if auth != nil {
				xmlmodel.Drop(auth.SelectElement("secret"))
			}
			return
		}
		setSecret(xmlmodel.Ensure(ensureAuth(disk), "secret"), secretType(disk), v)
	},
}

// secretOf returns the secret that an element names, by UUID or by usage.
func secretOf(el *etree.Element) any {
	if uuid := xmlmodel.At("secret@uuid").Read(el); uuid != nil {
		return uuid
	}
	return xmlmodel.At("secret@usage").Read(el)
}

func setSecret(secret *etree.Element, typ string, name any) {
	secret.CreateAttr("type", typ)
	way, other := "uuid", "usage"
	if table.UUID(name) != nil {
		way, other = other, way
	}
	secret.RemoveAttr(other)
	secret.CreateAttr(way, name.(string))
}

var encryptionSecret = xmlmodel.Func{
	R: func(disk *etree.Element) any {
		if e := encryptionOf(disk); e != nil {
			return secretOf(e)
		}
		return nil
	},
	W: func(disk *etree.Element, v any) {
		e := encryptionOf(disk)
		if v == nil {
			xmlmodel.Drop(e)
			return
		}
		if e == nil {
			e = xmlmodel.Ensure(disk, "source").CreateElement("encryption")
			e.CreateAttr("format", "luks")
		}
		setSecret(xmlmodel.Ensure(e, "secret"), "passphrase", v)
	},
}
