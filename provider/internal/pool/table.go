// Package pool is libvirt_pool: a storage pool on a host.
package pool

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Table says what a pool is.
var Table = &table.Resource{
	Name: "pool",
	Doc: "A storage pool: a place on a host that volumes are made in. The directory is made where it is missing; destroying the pool leaves " +
		"the directory and what is in it.",
	See:    "https://libvirt.org/formatstorage.html#storage-pool-xml",
	Import: "host/name",
	Attrs: []table.Attr{
		table.IDRow("host/name"),
		table.HostRow(),
		table.NameRow("pool"),
		table.UUIDRow("pool", xmlmodel.At("uuid")),
		{Name: "type", Type: table.String, Mode: table.Optional, Default: "dir", Enum: []string{"dir"}, Change: table.Replace, XML: xmlmodel.At("@type"),
			Doc: "Where the pool keeps its volumes: `dir` is a directory."},
		{Name: "path", Type: table.String, Mode: table.Required, Change: table.Replace, Check: table.AbsolutePath, XML: xmlmodel.At("target/path"),
			Doc: "The directory on the host."},
		table.AutostartRow("pool", true),
		table.ActiveRow("pool"),
	},
}
