package datasource

import (
	"fmt"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Volume says what is known of a volume.
var Volume = &table.Table{
	Name: "volume",
	Doc:  "A volume that a host has in a pool already: a file, a logical volume, a LUN of an iSCSI target. It is asked in every plan.",
	See:  "https://libvirt.org/formatstorage.html#storage-volume-xml",
	Attrs: []table.Attr{
		idRow("host/pool/name"),
		hostRow(),
		{Name: "pool", Type: table.String, Mode: table.Required, Check: table.ObjectName, Doc: "The name of the pool, on the same host. It must be started."},
		nameRow("volume"),
		told("path", table.String, xmlmodel.At("target/path"), "Its path on the host, or where it is on the network."),
		told("type", table.String, xmlmodel.At("@type"), "What it is: `file`, `block`, `network` and so on."),
		told("format", table.String, xmlmodel.At("target/format@type"), "Its image format, in libvirt's words: `qcow2`, `raw`, `iso`. Unset where it can have none."),
		told("capacity", table.Int, xmlmodel.At("capacity"), "The size that a guest sees, in bytes."),
		told("allocation", table.Int, xmlmodel.At("allocation"), "The space that it takes on the host, in bytes."),
		told("encryption_format", table.String, xmlmodel.At("target/encryption@format"), "How it is encrypted where it is stored: `luks`. Unset where it is not."),
		{Name: "backing_store", Type: table.Object, Mode: table.Computed, Group: xmlmodel.Element{"backingStore"}, Doc: "The image that it is a thin clone of; unset where it is none.", Attrs: []table.Attr{
			told("path", table.String, xmlmodel.At("path"), "Its path on the host."),
			told("format", table.String, xmlmodel.At("format@type"), "Its format."),
		}},
	},
}

func volume(l *libvirt.Libvirt, config table.Model) (table.Model, error) {
	pool := config.Str("pool")
	if _, err := l.StoragePoolLookupByName(pool); err != nil {
		return nil, missing(l, err, "pool", pool, "", hostinfo.Pools)
	}
	v, err := storage.Volume(l, config)
	if err != nil {
		return nil, missing(l, err, "volume", config.Str("name"), fmt.Sprintf(" in pool %q", pool), func(l *libvirt.Libvirt, hoped func(hostinfo.Names) bool) (hostinfo.Names, error) {
			return hostinfo.Volumes(l, pool, hoped)
		})
	}
	xml, err := l.StorageVolGetXMLDesc(v, 0)
	_, seen, err := described(Volume.Attrs, xml, err)
	return seen, err
}
