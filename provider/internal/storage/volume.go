// Package storage is what the resources that live in a pool share: finding, uploading and deleting volumes.
package storage

import (
	"context"
	"errors"
	"time"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/fault"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// InPool is what every kind that is a volume does alike.
type InPool struct{}

// ImportID is host/pool/name.
func (InPool) ImportID(m table.Model) string {
	return m.Str("host") + "/" + m.Str("pool") + "/" + m.Str("name")
}

// Locate takes the pool and the name.
func (InPool) Locate(parts []string) (table.Model, error) {
	return table.Model{"pool": parts[0], "name": parts[1]}, nil
}

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
	if err := Refresh(l, pool); err != nil {
		return libvirt.StorageVol{}, err
	}
	return l.StorageVolLookupByName(pool, m.Str("name"))
}

// Make makes the volume that m names. Where it fails, begun says that it may have been made all the same: the connection was lost after
// the host was asked to.
func Make(ctx context.Context, host *conn.Host, m table.Model, xml string) (v libvirt.StorageVol, begun bool, err error) {
	asked := false
	err = host.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		v, asked, err = create(l, m, xml)
		return err
	})
	return v, err == nil || (asked && errors.Is(err, conn.ErrLost)), fault.In("create", err)
}

func create(l *libvirt.Libvirt, m table.Model, xml string) (v libvirt.StorageVol, asked bool, err error) {
	pool, err := l.StoragePoolLookupByName(m.Str("pool"))
	if err != nil {
		return v, false, err
	}
	_, err = l.StorageVolLookupByName(pool, m.Str("name"))
	if err == nil { // its file may have gone since libvirt listed the pool
		if err := Refresh(l, pool); err != nil {
			return v, false, err
		}
		_, err = l.StorageVolLookupByName(pool, m.Str("name"))
	}
	switch {
	case err == nil:
		return v, false, conn.ErrExists
	case !conn.IsNotFound(err):
		return v, false, err
	}
	v, err = l.StorageVolCreateXML(pool, xml, 0)
	return v, true, err
}

// busyLimit bounds the wait for a pool that is busy: libvirt refuses to list it again while a volume in it is being made or written or read, and
// has no event for the end of that.
const (
	busyLimit = 50 * time.Second
	busyPause = 200 * time.Millisecond
)

// Refresh has libvirt list a pool again, once that is not busy.
func Refresh(l *libvirt.Libvirt, pool libvirt.StoragePool) error {
	for deadline := time.Now().Add(busyLimit); ; time.Sleep(busyPause) {
		err := l.StoragePoolRefresh(pool, 0)
		active, _ := l.StoragePoolIsActive(pool)
		busy := conn.IsBusy(err) || conn.IsInactive(err) && active != 0
		if !busy || time.Now().After(deadline) {
			return err
		}
	}
}
