// Package pool implements the resource libvirt_pool: a storage pool on a host.
package pool

import (
	"slices"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Table is the table of libvirt_pool.
var Table = &table.Table{
	Name: "pool",
	Doc: "A storage pool: a place on a host that contains volumes. Each `type` has its own attributes:\n\n" + typesDoc() + "\n\n" +
		"libvirt creates the directory of `dir`, `fs` and `netfs` if it is missing. It writes to a device only if `build` is set. " +
		"Destroying the pool keeps its data unless `delete_data` is set. A pool that running guests use is neither destroyed nor restarted: a " +
		"change that requires this is refused before anything is changed.",
	See:    "https://libvirt.org/formatstorage.html#storage-pool-xml",
	Import: "host/name",
	Attrs:  slices.Concat(table.Whole(slices.Concat(wholeRows, RawXML.Rows())), managedRows),
}

// wholeRows are the rows that have nothing but what Terraform sets.
var wholeRows = []table.Attr{
	table.IDRow("host/name"),
	table.HostRow(),
	table.DefinitionNameRow("pool"),
	table.UUIDRow("pool", xmlmodel.At("uuid")),
	{Name: "type", Type: table.String, Mode: table.Optional, Default: "dir", Enum: types, Change: table.Replace, XML: typeXML,
		Doc: "The type of the storage; see above."},
	{Name: "path", Type: table.String, Mode: table.OptionalComputed, Check: table.AbsolutePath, Same: samePath, XML: xmlmodel.At("target/path"),
		Doc: "The directory on the host that contains the volumes, or in which libvirt looks for devices (names in `/dev/disk/by-path` do not " +
			"change when the host restarts). A new path takes effect with a restart of the pool; nothing is moved there. libvirt sets the path " +
			"of `logical` and `zfs`."},
	{Name: "source", Type: table.Object, Mode: table.Optional, Group: xmlmodel.Element{"source"}, Implied: empty,
		Doc: "The storage of the pool. A new source takes effect with a restart of the pool.", Attrs: sourceRows},
	table.AutostartRow("pool", true),
	table.ActiveRow("pool"),
	table.NeedsRepairRow("its definition was changed since it was started, or a move to another directory was interrupted"),
	{Name: "build", Type: table.String, Mode: table.Optional, Enum: []string{buildNew, buildOverwrite},
		Doc: "Whether the storage is created with the pool: the file system of `fs`, the partition table of `disk`, the volume group of " +
			"`logical`, the zpool of `zfs`. `new` creates it if libvirt finds nothing on the devices, and fails otherwise. `overwrite` " +
			"DESTROYS the data on the devices. This happens once, when the pool is created. Unset: never."},
	{Name: "delete_data", Type: table.Bool, Mode: table.Optional, Default: false,
		Doc: "Whether destroying the pool also deletes its storage (`virsh pool-delete`): for `logical` the volume group WITH ALL ITS VOLUMES, " +
			"for `zfs` the zpool WITH ALL ITS DATA, for `dir`, `fs`, `netfs` and `vstorage` the directory, which must be empty. It is refused " +
			"while a domain has one of the volumes as a disk. Apply it before you destroy the pool."},
}

// managedRows are the rows that are not managed while they are unset.
var managedRows = []table.Attr{
	storage.PermissionsRow("directory", "The pool's file system has them, if it is one, and not the directory that it is mounted on. "+
		"A change is made in place, while guests run. What another program changes shows after a refresh of the pool."),
	table.ProtectRow("pool"),
}

// empty reports that a source is the empty <source> that libvirt writes for a directory.
func empty(source any) bool { return source.(table.Model).IsEmpty() }
