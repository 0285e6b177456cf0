package datasource

import (
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Pool says what is known of a pool.
var Pool = &table.Table{
	Name: "pool",
	Doc:  "A storage pool that a host has already. It is asked in every plan, and libvirt lists it anew for that.",
	See:  "https://libvirt.org/formatstorage.html#storage-pool-xml",
	Attrs: []table.Attr{
		idRow("host/name"),
		hostRow(),
		nameRow("pool"),
		told("uuid", table.String, xmlmodel.At("uuid"), "The UUID by which libvirt knows it."),
		told("type", table.String, xmlmodel.At("@type"), "Where it keeps its volumes: `dir`, `netfs`, `logical` and so on."),
		told("path", table.String, xmlmodel.At("target/path"), "The directory on the host; unset where it is none."),
		told("capacity", table.Int, nil, "The size of its storage, in bytes; unset where it is stopped."),
		told("allocation", table.Int, nil, "How much of that is taken, in bytes, also by others than this pool; unset where it is stopped."),
		told("available", table.Int, nil, "How much of it is free, in bytes; unset where it is stopped."),
		told("active", table.Bool, nil, "Whether it is started."),
		told("autostart", table.Bool, nil, "Whether libvirt starts it when the host starts."),
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
