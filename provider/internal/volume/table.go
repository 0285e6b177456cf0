// Package volume is libvirt_volume: a disk image in a pool.
package volume

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Table says what a volume is.
var Table = &table.Resource{
	Name: "volume",
	Doc: "A volume in a pool: empty, uploaded from a local file, or a thin clone that only stores what differs from its backing store. " +
		"Destroying it deletes its data, which is refused while a domain has it as a disk or a running guest's disk rests on it.\n\n" +
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
		{Name: "format", Type: table.String, Mode: table.Optional, Default: "qcow2", Enum: []string{"qcow2", "raw"}, Change: table.Replace,
			XML: xmlmodel.At("target/format@type"), Doc: "The image format. `qcow2` is thin: it takes the space that was written."},
		{Name: "capacity", Type: table.Int, Mode: table.OptionalComputed, Check: table.AtLeast(512, " bytes"), XML: capacity,
			Doc: "The size that a guest sees, in bytes. Unset: that of the uploaded image or of the backing store. It can grow in place, and a running guest sees it at once; shrinking is refused."},
		{Name: "source", Type: table.String, Mode: table.Optional, Doc: "A local file that the volume's content is uploaded from, when the volume is made. " +
			"Another file replaces the volume, unless `source_sha256` says that its content is the same. It must be of the volume's `format`."},
		{Name: "source_sha256", Type: table.String, Mode: table.Optional, Change: table.Replace, Check: table.SHA256,
			Doc: "The SHA-256 of `source` in hexadecimal. What was uploaded is held against it; another value replaces the volume."},
		{Name: "backing_store", Type: table.Object, Mode: table.Optional, Change: table.Replace, Group: xmlmodel.Element{"backingStore"},
			Doc: "The image that this volume is a thin clone of. It must not change or go while the clone is there.",
			Attrs: []table.Attr{
				{Name: "path", Type: table.String, Mode: table.Required, Check: table.AbsolutePath, XML: xmlmodel.At("path"), Doc: "Its path on the host."},
				{Name: "format", Type: table.String, Mode: table.Optional, Default: "qcow2", Enum: []string{"qcow2", "raw"}, XML: xmlmodel.At("format@type"),
					Doc: "Its format."},
			}},
	},
}
