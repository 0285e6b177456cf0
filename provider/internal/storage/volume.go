// Package storage is what the resources that live in a pool share: finding, uploading and deleting volumes.
package storage

import (
	"context"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/fault"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// ImportID is host/pool/name.
func ImportID(m table.Model) string {
	return m.Str("host") + "/" + m.Str("pool") + "/" + m.Str("name")
}

// Locate takes the pool and the name from an import id.
func Locate(parts []string) table.Model { return table.Model{"pool": parts[0], "name": parts[1]} }

// Volume finds a volume. A pool that is there but not started answers 'not in the state that the operation needs', never 'not found'.
func Volume(l *libvirt.Libvirt, m table.Model) (libvirt.StorageVol, error) {
	pool, err := l.StoragePoolLookupByName(m.Str("pool"))
	if err != nil {
		return libvirt.StorageVol{}, err
	}
	v, err := l.StorageVolLookupByName(pool, m.Str("name"))
	if err == nil || !conn.IsNotFound(err) {
		return v, err
	}
	// libvirt lists a pool once and then remembers: what another tool made or deleted shows after a refresh.
	if err := l.StoragePoolRefresh(pool, 0); err != nil {
		return libvirt.StorageVol{}, err
	}
	return l.StorageVolLookupByName(pool, m.Str("name"))
}

// Delete deletes a volume and its data.
func Delete(ctx context.Context, host *conn.Host, m table.Model) error {
	err := host.Do(ctx, func(l *libvirt.Libvirt) error {
		v, err := Volume(l, m)
		if err != nil {
			return err
		}
		return l.StorageVolDelete(v, libvirt.StorageVolDeleteNormal)
	})
	return fault.Gone("delete", err)
}
