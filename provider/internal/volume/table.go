// Package volume implements the resource libvirt_volume: a disk image in a pool.
package volume

import (
	"slices"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

const leastCapacity int64 = 512

// Table is the table of libvirt_volume.
var Table = &table.Table{
	Name: "volume",
	Doc: "A volume in a pool: empty, uploaded from a local file or a URL, a thin clone that only stores the differences from its " +
		"backing store, or a full copy of another volume. Destroying it deletes its data, which is refused while it is a disk of a domain or the " +
		"backing image of a running guest's disk.\n\n" +
		"An incomplete upload cannot be mistaken for an image: the beginning of the image, which identifies it, is written last.\n\n" +
		"A change of `source`, `source_sha256`, `clone_from`, `format` or `backing_store` replaces the content of the volume. In a pool that is a " +
		"directory, a file system or NFS, the new content is first complete in a second volume, and only then the old content is deleted; if " +
		"that is interrupted, the next apply continues. It is refused while a running guest or another volume uses the volume. In other pools, and " +
		"with " +
		"`encryption`, the volume itself is replaced, after the plan has checked what it can.\n\n" +
		"A volume whose pool is stopped or missing stays in the state and is not treated as deleted. libvirt deletes volumes without wiping them: " +
		"the data of a logical volume or a partition can be read until it is overwritten; encrypt confidential data.\n\n" +
		"A volume moves with the machine that uses it: while it is a disk of a domain, another `host` or `pool` does not create a new " +
		"volume, and after the domain has moved with it, the state is updated. On storage that both hosts mount, another " +
		"`host` is a change in place.",
	See:    "https://libvirt.org/formatstorage.html#storage-volume-xml",
	Import: "host/pool/name",
	Attrs:  slices.Concat(rows, RawXML.Rows()),
}

// rows are all rows but that of `xml`, which depends on them.
var rows = []table.Attr{
	table.IDRow("host/pool/name"),
	table.HostRow(),
	{Name: "pool", Type: table.String, Mode: table.Required, Change: table.Replace, Check: table.ObjectName,
		Doc: "The name of the pool, on the same host."},
	table.NameRow("volume"),
	{Name: "path", Type: table.String, Mode: table.Computed, XML: xmlmodel.At("target/path"), Doc: "The volume's path on the host."},
	storage.PoolCapacityRow("volume"),
	table.NeedsRepairRow("a replacement of the content was interrupted and has left files next to the volume"),
	{Name: "format", Type: table.String, Mode: table.Optional, Default: "qcow2",
		Enum: []string{"qcow2", "raw"}, XML: format,
		Doc: "The image format. `qcow2` is thin: it uses only the space that was written. Volumes of block and network storage (LVM, iSCSI, " +
			"Ceph and so on) are `raw`. Another format replaces the content."},
	{Name: "capacity", Type: table.Int, Mode: table.OptionalComputed, Check: table.AtLeast(leastCapacity, " bytes"), XML: capacity,
		Doc: "The size that a guest sees, in bytes. Unset: the size of the uploaded image, the backing store or the copied volume. It can grow " +
			"in place, and a running guest sees the new size at once; shrinking is refused."},
	{Name: "preallocation", Type: table.String, Mode: table.Optional, Enum: []string{"metadata", "full"},
		Doc: "How much space is allocated when the volume is created: `metadata` allocates the tables of a qcow2 image, `full` allocates " +
			"everything. Unset: nothing, the volume is thin. Changing it to `full` later allocates the space of a raw volume; it does not " +
			"change an existing qcow2 image."},
	{Name: "source", Type: table.String, Mode: table.Optional, Unobserved: true, Check: storage.CheckSource,
		Doc: "The image that is uploaded when the volume is created: a local file, or an http or https URL, " +
			"which is streamed to the host. Another source replaces the content, unless `source_sha256` says that it is the same. The " +
			"image must have the volume's `format`. What is packed with gzip, xz, zstd or bzip2, or as the only file of a tar or zip " +
			"archive, is unpacked on the way; it is recognized by its content, not by its name. The plan reads the beginning of the " +
			"image, and compares the SHA-256 of a local file of at most 256 MiB. A server may redirect from https to http only if " +
			"`source_sha256` is set."},
	{Name: "source_sha256", Type: table.String, Mode: table.Optional, Unobserved: true, Check: table.SHA256,
		Doc: "The SHA-256 of `source` in hexadecimal, which is compared with the uploaded content. For a packed `source`, it is that " +
			"of the file as it is stored, or that of the unpacked image: both are accepted. Another value replaces the content; adding " +
			"or removing it is only recorded."},
	{Name: "backing_store", Type: table.Object, Mode: table.Optional, Group: xmlmodel.Element{"backingStore"},
		Doc: "The image that this volume is a thin clone of. It must not be changed or deleted while the clone exists. " +
			"Another image replaces the content.",
		Attrs: []table.Attr{
			{Name: "path", Type: table.String, Mode: table.Required, Check: table.AbsolutePath, XML: xmlmodel.At("path"),
				Doc: "The path of the image on the host."},
			{Name: "format", Type: table.String, Mode: table.Optional, Default: "qcow2",
				Enum: []string{"qcow2", "raw"}, XML: xmlmodel.At("format@type"),
				Doc: "The format of the image."},
		}},
	{Name: "clone_from", Type: table.String, Mode: table.Optional, Unobserved: true, Check: table.AbsolutePath,
		Doc: "The path of a volume on the same host, in this pool or another, that this volume is a full copy of. The host creates the copy; " +
			"afterwards the two are independent. The original may have another format; the copy gets this volume's encryption. Another " +
			"volume replaces the content."},
	{Name: "encryption", Type: table.Object, Mode: table.Optional, Group: xmlmodel.Element{"target", "encryption"},
		Doc: "The encryption of the stored volume; the guest sees the decrypted content. Adding or removing it replaces the volume.",
		Attrs: []table.Attr{
			{Name: "format", Type: table.String, Mode: table.Optional, Default: "luks",
				Enum: []string{"luks"}, Change: table.Replace, XML: xmlmodel.At("@format"), Doc: "The encryption format."},
			{Name: "secret_uuid", Type: table.String, Mode: table.Required, Check: table.UUID, XML: passphrase,
				Doc: "The UUID of the `libvirt_secret` with the passphrase. Another UUID is only recorded: the volume keeps its passphrase. " +
					"libvirt can grow the volume while no machine uses it only if the secret has the usage `volume` and the " +
					"volume's path as its name."},
		}},
	{Name: "on_new_content", Type: table.String, Mode: table.Optional, Default: "in-place", Enum: []string{"in-place", replaceVolume},
		Doc: "What another content does to the volume. `in-place`: as above. `replace`: it replaces the volume, and with it the domains that " +
			"name its `path` in `replace_triggered_by`; it is then not refused while the guest of such a domain runs. All data in it is lost " +
			"before the new content is there."},
	storage.PermissionsRow("volume", storage.VolumePermissionsDoc),
	table.ProtectRow("volume"),
}
