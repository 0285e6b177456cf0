package datasource

import (
	"fmt"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Volume is the table of the data source libvirt_volume.
var Volume = &table.Table{
	Name: "volume",
	Doc:  "An existing volume in a pool of a host: a file, a logical volume, a LUN of an iSCSI target. The provider asks the host in every plan.",
	See:  "https://libvirt.org/formatstorage.html#storage-volume-xml",
	Attrs: []table.Attr{
		idRow("host/pool/name"),
		hostRow(),
		{Name: "pool", Type: table.String, Mode: table.Required, Check: table.ObjectName,
			Doc: "The name of the pool, on the same host. The pool must be active."},
		nameRow("volume"),
		computed("path", table.String, xmlmodel.At("target/path"), "The path on the host, or the location on the network."),
		computed("type", table.String, xmlmodel.At("@type"), "The volume type: `file`, `block`, `network` and so on."),
		computed("format", table.String, xmlmodel.At("target/format@type"),
			"The image format that libvirt reports: `qcow2`, `raw`, `iso`. Unset if the volume type has no format."),
		computed("capacity", table.Int, xmlmodel.At("capacity"), "The size that a guest sees, in bytes."),
		computed("allocation", table.Int, xmlmodel.At("allocation"), "The allocated space on the host, in bytes."),
		computed("encryption_format", table.String, xmlmodel.At("target/encryption@format"),
			"The encryption format: `luks`. Unset if the volume is not encrypted."),
		{Name: "backing_store", Type: table.Object, Mode: table.Computed, Group: xmlmodel.Element{"backingStore"},
			Doc: "The image that the volume is a thin clone of; unset if it is not a clone.", Attrs: []table.Attr{
				computed("path", table.String, xmlmodel.At("path"), "The path of the image on the host."),
				computed("format", table.String, xmlmodel.At("format@type"), "The format of the image."),
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
		return nil, missing(l, err, "volume", config.Str("name"), fmt.Sprintf(" in pool %q", pool),
			func(l *libvirt.Libvirt, satisfied func(hostinfo.Names) bool) (hostinfo.Names, error) {
				return hostinfo.Volumes(l, pool, satisfied)
			})
	}
	xml, err := l.StorageVolGetXMLDesc(v, 0)
	_, seen, err := described(Volume.Attrs, xml, err)
	return seen, err
}
