// Package volume is libvirt_volume: a disk image in a pool.
package volume

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Table says what a volume is.
var Table = &table.Table{
	Name: "volume",
	Doc: "A volume in a pool: empty, uploaded from a local file or a URL, a thin clone that only stores what differs from its backing store, or a full " +
		"copy of another volume. Destroying it deletes its data, which is refused while a domain has it as a disk or a running guest's disk rests on it.\n\n" +
		"What could not be uploaded whole is not there: the beginning of an image, by which it is known for one, is written last.\n\n" +
		"A volume whose pool is stopped or is not there is kept in the state, and not taken for deleted. libvirt deletes without wiping: what was on a logical volume " +
		"or a partition can be read there until it is written over; encrypt what nobody must find.\n\n" +
		"A volume moves with the machine that uses it: while a domain has it as a disk, another `host` or `pool` makes no new one, and once the " +
		"domain has gone there with it, the state follows. On storage that both hosts mount, another `host` is a change in place.",
	See:    "https://libvirt.org/formatstorage.html#storage-volume-xml",
	Import: "host/pool/name",
	Attrs: []table.Attr{
		table.IDRow("host/pool/name"),
		table.HostRow(),
		{Name: "pool", Type: table.String, Mode: table.Required, Change: table.Replace, Check: table.ObjectName, Doc: "The name of the pool, on the same host."},
		table.NameRow("volume"),
		{Name: "path", Type: table.String, Mode: table.Computed, XML: xmlmodel.At("target/path"), Doc: "The volume's path on the host."},
		{Name: "format", Type: table.String, Mode: table.Optional, Default: "qcow2", Enum: []string{"qcow2", "raw"}, Change: table.Replace, XML: format,
			Doc: "The image format. `qcow2` is thin: it takes the space that was written. Volumes of block and network storage (LVM, iSCSI, Ceph and so on) are `raw`."},
		{Name: "capacity", Type: table.Int, Mode: table.OptionalComputed, Check: table.AtLeast(512, " bytes"), XML: capacity,
			Doc: "The size that a guest sees, in bytes. Unset: that of the uploaded image, of the backing store or of the copied volume. It can grow in place, and a running guest sees it at once; shrinking is refused."},
		{Name: "preallocation", Type: table.String, Mode: table.Optional, Enum: []string{"metadata", "full"},
			Doc: "How much of its space is taken from the host when the volume is made: with `metadata` the tables of a qcow2 image, with `full` all of it. Unset: none, the volume is thin. " +
				"A raw volume is given its space later, too, when this becomes `full`; a qcow2 image that exists stays as it is."},
		{Name: "source", Type: table.String, Mode: table.Optional, Check: storage.CheckSource, Doc: "What the volume's content is uploaded from, when the volume is made: a local file, or a URL with http or https, " +
			"which is passed on to the host as it comes. Another one replaces the volume, unless `source_sha256` says that its content is the same. It must be of the volume's `format`."},
		{Name: "source_sha256", Type: table.String, Mode: table.Optional, Change: table.Replace, Check: table.SHA256,
			Doc: "The SHA-256 of `source` in hexadecimal. What was uploaded is held against it; another value replaces the volume."},
		{Name: "backing_store", Type: table.Object, Mode: table.Optional, Change: table.Replace, Group: xmlmodel.Element{"backingStore"},
			Doc: "The image that this volume is a thin clone of. It must not change or go while the clone is there.",
			Attrs: []table.Attr{
				{Name: "path", Type: table.String, Mode: table.Required, Check: table.AbsolutePath, XML: xmlmodel.At("path"), Doc: "Its path on the host."},
				{Name: "format", Type: table.String, Mode: table.Optional, Default: "qcow2", Enum: []string{"qcow2", "raw"}, XML: xmlmodel.At("format@type"),
					Doc: "Its format."},
			}},
		{Name: "clone_from", Type: table.String, Mode: table.Optional, Check: table.AbsolutePath, Doc: "Path of a volume on the same host, in this pool or another, that this one is a full copy of: the host makes it, and " +
			"afterwards neither knows of the other. It may have another format, and gets this volume's encryption. Another one replaces the volume."},
		{Name: "encryption", Type: table.Object, Mode: table.Optional, Group: xmlmodel.Element{"target", "encryption"},
			Doc: "How the volume is encrypted where it is stored; the guest sees it in the clear. Added or taken away, it replaces the volume.",
			Attrs: []table.Attr{
				{Name: "format", Type: table.String, Mode: table.Optional, Default: "luks", Enum: []string{"luks"}, Change: table.Replace, XML: xmlmodel.At("@format"), Doc: "The way of encryption."},
				{Name: "secret_uuid", Type: table.String, Mode: table.Required, Check: table.UUID, XML: passphrase,
					Doc: "The UUID of the `libvirt_secret` that has the passphrase. Another one is only noted: the volume keeps its passphrase. " +
						"For libvirt to grow the volume while no machine runs on it, the secret must be of usage `volume` and be named as the volume's path."},
			}},
	},
}
