package schema

import (
	"slices"
	"strings"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// sourceRows are what a disk is made of where that is no plain file. https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms
var sourceRows = []table.Attr{
	mediumRow(table.Attr{
		Name: "block", Type: table.String, Mode: table.Optional, Check: table.AbsolutePath, XML: blockDevice,
		Doc: "The path of a block device on the host, for example of a volume in a `logical` pool.",
	}),
	mediumRow(table.Attr{
		Name: "pool", Type: table.String, Mode: table.Optional, OnHost: table.OnHost{Names: table.PoolOnHost},
		Check: table.ObjectName, XML: sourceAt("volume", "@pool"),
		Doc: "The pool of the `volume`, on the same host. Prefer `file`: it moves with the guest.",
	}),
	mediumRow(table.Attr{
		Name: "volume", Type: table.String, Mode: table.Optional, Check: notEmpty,
		XML: xmlmodel.At("source@volume"),
		Doc: "The name of a volume in `pool`.",
	}),
	mediumRow(table.Attr{Name: "protocol", Type: table.String, Mode: table.Optional, Enum: protocols, XML: protocol,
		Doc: "The protocol by which QEMU itself reaches storage on the network. `http`, `https`, `ftp` and `ftps` are read-only."}),
	mediumRow(table.Attr{
		Name: "name", Type: table.String, Mode: table.Optional, OnlyFor: protocols, Check: notEmpty,
		XML: xmlmodel.At("source@name"),
		Doc: "The name of the image in the storage: `pool/image` with `rbd`, `iqn.../lun` with `iscsi`, `volume/path` with " +
			"`gluster`, an export with `nbd`, a path with the others.",
	}),
	mediumRow(table.Attr{
		Name: "hosts", Type: table.Map, Mode: table.Optional, OnlyFor: protocols, Check: notEmpty,
		Entries: storageHostCodec{},
		Doc:     "The servers, by name or address; with `rbd` the monitors. Only `rbd` and `gluster` support several.",
		Attrs: []table.Attr{
			mediumRow(table.Attr{
				Name: "port", Type: table.Int, Mode: table.OptionalComputed, Check: table.Between(0, 65535), XML: hostPort,
				Doc: "The TCP port. Unset: the default of the protocol; 0 if libvirt records no port.",
			}),
		},
	}),
	mediumRow(table.Attr{
		Name: "socket", Type: table.String, Mode: table.Optional, OnlyFor: []string{"nbd", "gluster"},
		Check: table.AbsolutePath, XML: socket,
		Doc: "A Unix socket on the host instead of `hosts`, with `nbd` and `gluster`.",
	}),
	mediumRow(table.Attr{
		Name: "username", Type: table.String, Mode: table.Optional, OnlyFor: []string{"rbd", "iscsi"},
		Check: notEmpty, XML: username,
		Doc: "The user name, with `rbd` and `iscsi`.",
	}),
	mediumRow(table.Attr{
		Name: "secret", Type: table.String, Mode: table.Optional, OnlyFor: []string{"rbd", "iscsi"},
		OnHost: table.OnHost{Names: table.SecretOnHost}, Check: notEmpty, XML: authSecret,
		Doc: "The libvirt secret on the host with the key or password: its UUID, or the name of its usage.",
	}),
	mediumRow(table.Attr{
		Name: "tls", Type: table.Bool, Mode: table.Optional, OnlyFor: []string{"nbd"}, Default: false,
		XML: xmlmodel.Words{At: "source@tls", Yes: "yes", No: "no"},
		Doc: "Whether the connection is encrypted, with `nbd`. It uses the certificates in the host's `qemu.conf`.",
	}),
	mediumRow(table.Attr{
		Name: "verify", Type: table.Bool, Mode: table.Optional, OnlyFor: []string{"https", "ftps"}, Default: true,
		XML: verify,
		Doc: "Whether the server's certificate is verified, with `https` and `ftps`.",
	}),
	mediumRow(table.Attr{
		Name: "config", Type: table.String, Mode: table.Optional, OnlyFor: []string{"rbd"},
		Check: table.AbsolutePath, XML: cephConfig,
		Doc: "The path of a `ceph.conf` on the host, with `rbd`. It can replace `hosts`.",
	}),
	mediumRow(table.Attr{
		Name: "initiator", Type: table.String, Mode: table.Optional, OnlyFor: []string{"iscsi"}, Check: notEmpty,
		XML: initiator,
		Doc: "The IQN by which the host identifies itself to the target, with `iscsi`.",
	}),
	{
		Name: "encryption_secret", Type: table.String, Mode: table.Optional,
		OnHost: table.OnHost{Names: table.SecretOnHost}, CostOf: encryptionCost, Check: notEmpty,
		XML:     encryptionSecret,
		CostDoc: "It is in effect after the guest's next start, unless the medium of a cdrom changes with it.",
		Doc:     "The libvirt secret on the host that decrypts a LUKS image: its UUID, or the name of its usage. It can also be set with `file`.",
	},
}

var protocols = []string{"rbd", "iscsi", "nbd", "gluster", "http", "https", "ftp", "ftps"}

// mediumRow is a row of what a drive may be given while the guest runs.
func mediumRow(a table.Attr) table.Attr {
	unsaid := func(v any) bool { return v == nil || v == a.Default }
	a.CostDoc = "Of a disk that is no cdrom it is in effect after the guest's next start."
	a.CostOf = func(c table.ValueChange) table.Cost {
		if unsaid(c.Was) && unsaid(c.Is) { // with a source that has no word for it
			return table.Live
		}
		return mediumCost(c)
	}
	return a
}

// mediumCost looks for the drive that a value is within.
func mediumCost(c table.ValueChange) table.Cost {
	for above := c.Above; above != nil; above = above.Above {
		if above.To["device"] != nil {
			return media(*above)
		}
	}
	return table.NextBoot
}

func encryptionCost(c table.ValueChange) table.Cost {
	if sameMedium(c.Above.From, c.Above.To) {
		return table.NextBoot
	}
	return mediumCost(c)
}

// sameMedium says whether there is one, and another is not put in. A secret that opens it makes it no other.
func sameMedium(from, to table.Model) bool {
	was, is := from.Group("source").Without("encryption_secret"), to.Group("source").Without("encryption_secret")
	there := to["file"] != nil || is["block"] != nil || is["pool"] != nil || is["protocol"] != nil
	return there && from["file"] == to["file"] && table.Equal(was, is)
}

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

// protocol also says what kind of a secret is needed.
var protocol = xmlmodel.Func{
	R: sourceAt("network", "@protocol").R,
	W: func(disk *etree.Element, v any) {
		sourceAt("network", "@protocol").W(disk, v)
		if secret := xmlmodel.At("secret@type"); authOf(disk) != nil && secret.Read(authOf(disk)) != nil {
			secret.Write(authOf(disk), secretType(disk))
		}
	},
}

// secretType is libvirt's word for what a protocol's secrets are for. https://libvirt.org/formatsecret.html
func secretType(disk *etree.Element) string {
	if xmlmodel.At("source@protocol").Text(disk) == "rbd" {
		return "ceph"
	}
	return "iscsi"
}

// storageHostCodec are keyed by their names.
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

// inSource is a value in the source that takes an element of its own.
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

// secretOf is the secret that an element names, in one of libvirt's two ways.
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
