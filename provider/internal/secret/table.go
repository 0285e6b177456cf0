// Package secret implements the resource libvirt_secret: a value that a host needs to open an encrypted volume or to log in to a storage
// server.
package secret

import (
	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Table is the table of libvirt_secret.
var Table = &table.Table{
	Name: "secret",
	Doc: "A secret on a host: the passphrase of an encrypted volume or TPM, the key of a Ceph user, the password of an iSCSI " +
		"target or of a TLS key. Pools and disks refer to it by its `uuid`.\n\nIts value is never part of a plan, a state or a log. The host " +
		"stores it in /etc/libvirt/secrets, where root can read it. If a secret has lost its value, for example because a person removed it, the " +
		"plan shows that as `has_value` and `value_version`, and the apply sets the value again.",
	See:    "https://libvirt.org/formatsecret.html",
	Import: "host/uuid",
	Attrs: table.Whole([]table.Attr{
		table.IDRow("host/uuid"),
		table.HostRow(),
		{Name: "usage", Type: table.String, Mode: table.Required, Enum: purposeWords(), Change: table.Replace,
			XML: xmlmodel.At("usage@type"),
			Doc: "The purpose of the secret: `ceph` and `iscsi` log in to a server, `volume` opens an encrypted disk, `tls` a private key, " +
				"`vtpm` the state of a TPM."},
		{Name: "name", Type: table.String, Mode: table.Required, Change: table.Replace, XML: name,
			Doc: "The name, unique for its usage on a host. For `volume`, an absolute path, usually that of the volume."},
		{Name: "uuid", Type: table.String, Mode: table.OptionalComputed, Change: table.Replace, Check: table.UUID, XML: xmlmodel.At("uuid"),
			Doc: "The UUID by which pools and disks refer to it. If guests move between hosts, use the same UUID on each host. " +
				"Unset: a random UUID."},
		{Name: "description", Type: table.String, Text: table.Lines, Mode: table.Optional, XML: xmlmodel.At("description"),
			Doc: "A description for people."},
		{Name: "private", Type: table.Bool, Mode: table.Optional, Default: false, CostOf: costOfPrivate,
			CostDoc: "Changing it to `false` replaces the secret: libvirt does not make a private secret readable.",
			XML:     xmlmodel.At("@private"), Doc: "Whether libvirt never returns the value. A lost value is then not detected."},
		{Name: "ephemeral", Type: table.Bool, Mode: table.Optional, Default: false, XML: xmlmodel.At("@ephemeral"),
			Doc: "Whether the host keeps it only in the memory of libvirt, never on disk. It is lost when libvirt restarts, and the next " +
				"apply creates it again."},
		{Name: "value", Type: table.String, Text: table.Anything, Mode: table.Optional, Sensitive: true, WriteOnly: true,
			Doc: "The secret value, from an ephemeral variable or resource. Removing it from the configuration keeps it on the host."},
		{Name: "value_version", Type: table.Int, Mode: table.Optional, Check: table.AtLeast(1, ""),
			Doc: "The version of `value`. Begin with 1 and increase it with each new value."},
		{Name: "value_encoding", Type: table.String, Mode: table.Optional, Default: "text", Enum: []string{"text", "base64"},
			Doc: "The encoding of `value`. `base64` is for binary values, such as the keys that `ceph auth get-key` prints."},
		table.ProtectRow("secret"),
		{Name: "has_value", Type: table.Bool, Mode: table.Computed,
			Doc: "Whether the secret has a value on the host; null for a private secret, whose value libvirt does not return."},
	}),
}

// purpose is what a secret is for.
type purpose struct {
	word        string
	number      libvirt.SecretUsageType
	nameElement string // the element that contains the name
}

// purposes are all of them. https://libvirt.org/formatsecret.html
var purposes = []purpose{
	{"ceph", libvirt.SecretUsageTypeCeph, "name"},
	{"iscsi", libvirt.SecretUsageTypeIscsi, "target"},
	{"volume", libvirt.SecretUsageTypeVolume, "volume"},
	{"tls", libvirt.SecretUsageTypeTLS, "name"},
	{"vtpm", libvirt.SecretUsageTypeVtpm, "name"},
}

func purposeOf(word string) purpose {
	for _, u := range purposes {
		if u.word == word {
			return u
		}
	}
	return purpose{word: word, nameElement: "name"}
}

func purposeWords() []string {
	var words []string
	for _, u := range purposes {
		words = append(words, u.word)
	}
	return words
}

var name = xmlmodel.Func{
	R: func(el *etree.Element) any { return nameOf(el).Read(el) },
	W: func(el *etree.Element, v any) { nameOf(el).Write(el, v) },
}

func nameOf(el *etree.Element) xmlmodel.At {
	return xmlmodel.At("usage/" + purposeOf(xmlmodel.At("usage@type").Text(el)).nameElement)
}

func costOfPrivate(c table.ValueChange) table.Cost {
	if c.Was == true {
		return table.Replace
	}
	return table.Live
}
