// Package pool is libvirt_pool: a storage pool on a host.
package pool

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Table says what a pool is.
var Table = &table.Table{
	Name: "pool",
	Doc: "A storage pool: a place on a host that volumes are made in. What each `type` takes:\n\n" + typesDoc() + "\n\n" +
		"The directory of `dir`, `fs` and `netfs` is made where it is missing. No device is written to unless `build` says so, and destroying the pool leaves what " +
		"is in it, unless `delete_data` says otherwise. A pool that running guests use is neither destroyed nor started again: what would take that is " +
		"refused before anything is changed.",
	See:    "https://libvirt.org/formatstorage.html#storage-pool-xml",
	Import: "host/name",
	Attrs: []table.Attr{
		table.IDRow("host/name"),
		table.HostRow(),
		table.NameRow("pool"),
		table.UUIDRow("pool", xmlmodel.At("uuid")),
		{Name: "type", Type: table.String, Mode: table.Optional, Default: "dir", Enum: types, Change: table.Replace, XML: typeXML,
			Doc: "Where the pool keeps its volumes; see above."},
		{Name: "path", Type: table.String, Mode: table.OptionalComputed, Check: table.AbsolutePath, Same: samePath, XML: xmlmodel.At("target/path"),
			Doc: "The directory on the host: that the volumes are in, or, of devices, where they are looked for (`/dev/disk/by-path` names them alike after each start). " +
				"Another one is used from then on, after a restart of the pool; nothing is moved there. libvirt itself says what it is of `logical` and `zfs`."},
		{Name: "source", Type: table.Object, Mode: table.Optional, Group: xmlmodel.Element{"source"}, Implied: empty,
			Doc: "What the pool is made of. Another source takes its place after a restart of the pool.", Attrs: sourceRows},
		table.AutostartRow("pool", true),
		table.ActiveRow("pool"),
		{Name: "build", Type: table.String, Mode: table.Optional, Enum: []string{buildNew, buildOverwrite},
			Doc: "Whether what the pool is made of is made with it: the file system of `fs`, the partition table of `disk`, the volume group of `logical`, the zpool of `zfs`. `new` does that where libvirt finds nothing " +
				"on the devices, and fails otherwise. `overwrite` DESTROYS what is there. It is done once, when the pool is made. Unset: never."},
		{Name: "delete_data", Type: table.Bool, Mode: table.Optional, Default: false,
			Doc: "Whether destroying the pool also has libvirt delete what it is made of (`virsh pool-delete`): of `logical` the volume group WITH ALL ITS VOLUMES, of `zfs` the zpool WITH ALL THAT IS IN IT, of " +
				"`dir`, `fs`, `netfs` and `vstorage` the directory, which must be empty by then. Refused while a domain has one of its volumes as a disk. It must be applied before the pool is destroyed."},
	},
}

// libvirt writes an empty <source> for a directory.
func empty(source any) bool { return source.(table.Model).IsEmpty() }
