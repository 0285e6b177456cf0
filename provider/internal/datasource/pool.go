package datasource

import (
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Pool is the table of the data source libvirt_pool.
var Pool = &table.Table{
	Name: "pool",
	Doc:  "An existing storage pool on a host. In every plan, the provider refreshes the pool and asks the host.",
	See:  "https://libvirt.org/formatstorage.html#storage-pool-xml",
	Attrs: []table.Attr{
		idRow("host/name"),
		hostRow(),
		nameRow("pool"),
		computed("uuid", table.String, xmlmodel.At("uuid"), "The UUID of the pool."),
		computed("type", table.String, xmlmodel.At("@type"), "The pool type: `dir`, `netfs`, `logical` and so on."),
		computed("path", table.String, xmlmodel.At("target/path"), "The directory on the host; unset if the pool has none."),
		computed("capacity", table.Int, nil, "The size of the storage in bytes; unset if the pool is stopped."),
		computed("allocation", table.Int, nil, "The used space of the storage in bytes, including use outside the pool; unset "+
			"if the pool is stopped."),
		computed("available", table.Int, nil, "The free space of the storage in bytes; unset if the pool is stopped."),
		computed("active", table.Bool, nil, "Whether the pool is active."),
		computed("autostart", table.Bool, nil, "Whether libvirt starts it when the host starts."),
	},
}

func pool(l *libvirt.Libvirt, config table.Model) (table.Model, error) {
	p, err := l.StoragePoolLookupByName(config.Str("name"))
	if err != nil {
		return nil, missing(l, err, "pool", config.Str("name"), "", hostinfo.Pools)
	}
	active, err := truth(l.StoragePoolIsActive(p))
	if err != nil {
		return nil, err
	}
	if active {
		if err := storage.Refresh(l, p); err != nil {
			return nil, err
		}
	}
	xml, err := l.StoragePoolGetXMLDesc(p, 0)
	_, seen, err := described(Pool.Attrs, xml, err)
	if err != nil {
		return nil, err
	}
	if active {
		_, capacity, allocation, available, err := l.StoragePoolGetInfo(p)
		if err != nil {
			return nil, err
		}
		seen["capacity"], seen["allocation"], seen["available"] = int64(capacity), int64(allocation), int64(available)
	}
	seen["active"] = active
	seen["autostart"], err = truth(l.StoragePoolGetAutostart(p))
	return seen, err
}
