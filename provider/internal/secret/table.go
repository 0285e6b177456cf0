// Package secret is libvirt_secret: what a host must know to open an encrypted volume, or to log in at a storage server.
package secret

import (
	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Table says what a secret is.
var Table = &table.Table{
	Name: "secret",
	Doc: "A secret that a host keeps: the passphrase of an encrypted volume or TPM, the key of a Ceph user, the password of an iSCSI target or of a TLS key. " +
		"Pools and disks name it by its `uuid`.\n\nIts value is in no plan, no state and no log. The host keeps it below /etc/libvirt/secrets, where root can read it. A secret that has lost its value, by a " +
		"person's hand, shows in the plan as `has_value` and `value_version`, and is given it again.",
	See:    "https://libvirt.org/formatsecret.html",
	Import: "host/uuid",
	Attrs: []table.Attr{
		table.IDRow("host/uuid"),
		table.HostRow(),
		{Name: "usage", Type: table.String, Mode: table.Required, Enum: []string{"ceph", "iscsi", "volume", "tls", "vtpm"}, Change: table.Replace, XML: xmlmodel.At("usage@type"),
			Doc: "What it is for: `ceph` and `iscsi` log in at a server, `volume` opens an encrypted disk, `tls` a private key, `vtpm` the state of a TPM."},
		{Name: "name", Type: table.String, Mode: table.Required, Change: table.Replace, XML: name,
			Doc: "The name that libvirt knows it by, one of its usage on a host; of a `volume`, the absolute path of what it opens, as a rule."},
		{Name: "uuid", Type: table.String, Mode: table.OptionalComputed, Change: table.Replace, Check: table.UUID, XML: xmlmodel.At("uuid"),
			Doc: "The UUID by which pools and disks refer to it. Where guests move from host to host, give it the same on each."},
		{Name: "description", Type: table.String, Mode: table.Optional, XML: xmlmodel.At("description"), Doc: "What a person should know about it."},
		{Name: "private", Type: table.Bool, Mode: table.Optional, Default: false, CostOf: published, CostDoc: "No longer private, it is replaced: libvirt does not publish one that was.",
			XML: xmlmodel.At("@private"), Doc: "Whether libvirt tells its value to nobody. Then nobody sees either that it has none any more."},
		{Name: "ephemeral", Type: table.Bool, Mode: table.Optional, Default: false, XML: xmlmodel.At("@ephemeral"),
			Doc: "Whether it is in the memory of the host's libvirt alone, never on its disk. It is gone when libvirt is started again, and the next apply makes it anew."},
		{Name: "value", Type: table.String, Mode: table.Optional, Sensitive: true, WriteOnly: true,
			Doc: "The secret itself, from an ephemeral variable or resource. Taken out of the configuration, it stays on the host."},
		{Name: "value_version", Type: table.Int, Mode: table.Optional, Check: table.AtLeast(1, ""), Doc: "To be set with `value`, and to be raised with each new one: begin with 1."},
		{Name: "value_encoding", Type: table.String, Mode: table.Optional, Default: "text", Enum: []string{"text", "base64"},
			Doc: "How `value` is written. `base64` is for what is no text: `ceph auth get-key` prints a key that way."},
		{Name: "has_value", Type: table.Bool, Mode: table.Computed, Doc: "Whether the host has a value for it; null where it is private, which nobody is told of."},
	},
}

// named is the element that holds the name, by usage.
var named = map[string]string{"volume": "volume", "iscsi": "target", "ceph": "name", "tls": "name", "vtpm": "name"}

var name = xmlmodel.Func{
	R: func(el *etree.Element) any { return nameOf(el).Read(el) },
	W: func(el *etree.Element, v any) { nameOf(el).Write(el, v) },
}

func nameOf(el *etree.Element) xmlmodel.At {
	return xmlmodel.At("usage/" + named[xmlmodel.At("usage@type").Text(el)])
}

func published(c table.ValueChange) table.Cost {
	if c.Was == true {
		return table.Replace
	}
	return table.Live
}
