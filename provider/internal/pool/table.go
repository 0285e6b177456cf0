// Package pool is libvirt_pool: a storage pool on a host.
package pool

import (
	"errors"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Table says what a pool is.
var Table = &table.Resource{
	Name: "pool",
	Doc: "A storage pool: a place on a host that volumes are made in. The directory is made where it is missing; destroying the pool leaves " +
		"the directory and what is in it. A pool that running guests use is neither destroyed nor started again: what would take that is " +
		"refused before anything is changed.",
	See:    "https://libvirt.org/formatstorage.html#storage-pool-xml",
	Import: "host/name",
	Attrs: []table.Attr{
		table.IDRow("host/name"),
		table.HostRow(),
		table.NameRow("pool"),
		table.UUIDRow("pool", xmlmodel.At("uuid")),
		{Name: "type", Type: table.String, Mode: table.Optional, Default: "dir", Enum: []string{"dir", "netfs"}, Change: table.Replace, XML: xmlmodel.At("@type"),
			Doc: "Where the pool keeps its volumes: `dir` is a directory, `netfs` a file system of another machine that is mounted on one."},
		{Name: "path", Type: table.String, Mode: table.Required, Check: table.AbsolutePath, XML: xmlmodel.At("target/path"),
			Doc: "The directory on the host. Another one is used from then on, after a restart of the pool; nothing is moved there."},
		{Name: "source", Type: table.Object, Mode: table.Optional, Group: xmlmodel.Element{"source"}, Implied: empty,
			Doc: "What a `netfs` pool mounts. Another one is mounted instead, after a restart of the pool.",
			Attrs: []table.Attr{
				{Name: "host", Type: table.String, Mode: table.Required, Check: filled, XML: xmlmodel.At("host@name"), Doc: "The name or address of the machine that serves it."},
				{Name: "dir", Type: table.String, Mode: table.Required, Check: filled, XML: xmlmodel.At("dir@path"),
					Doc: "What it serves: a directory of NFS like `/srv/vms`, a volume of GlusterFS, a share of CIFS."},
				{Name: "format", Type: table.String, Mode: table.Optional, Default: "auto", Enum: []string{"auto", "nfs", "glusterfs", "cifs"}, XML: xmlmodel.At("format@type"),
					Doc: "How it is served. `auto` lets mount(8) find out, which works for NFS."},
			}},
		table.AutostartRow("pool", true),
		table.ActiveRow("pool"),
	},
}

// libvirt writes an empty <source> for a directory.
func empty(source any) bool {
	for _, v := range source.(table.Model) {
		if v != nil {
			return false
		}
	}
	return true
}

func filled(v any) error {
	if v == "" {
		return errors.New("must not be empty")
	}
	return nil
}
