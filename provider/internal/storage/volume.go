// Package storage is what the resources that live in a pool share: finding, uploading and deleting volumes.
package storage

import (
	"context"
	"errors"
	"fmt"
	"path"
	"time"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/journal"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// InPool is what every kind that is a volume does alike.
type InPool struct{}

// ImportID is host/pool/name.
func (InPool) ImportID(m table.Model) string {
	return m.Str("host") + "/" + m.Str("pool") + "/" + m.Str("name")
}

// ParseImportID takes the pool and the name.
func (InPool) ParseImportID(parts []string) (table.Model, error) {
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

// AtPath finds the volume at a path of the host.
func AtPath(l *libvirt.Libvirt, file string) (libvirt.StorageVol, error) {
	v, err := l.StorageVolLookupByPath(file)
	if !conn.IsNotFound(err) {
		return v, err
	}
	pool, look := l.StoragePoolLookupByTargetPath(path.Dir(file))
	if look != nil {
		return v, err
	}
	if err := Refresh(l, pool); err != nil {
		return v, err
	}
	return l.StorageVolLookupByPath(file)
}

// TypeOf is the type of a pool: dir, logical and so on.
func TypeOf(l *libvirt.Libvirt, pool libvirt.StoragePool) (string, error) {
	root, err := describe(l, pool)
	if err != nil {
		return "", err
	}
	return xmlmodel.At("@type").Text(root), nil
}

// SecretOf is the UUID of the secret that libvirt itself would open the volume at a path with; nil where there is none.
func SecretOf(l *libvirt.Libvirt, file string) (any, error) {
	s, err := l.SecretLookupByUsage(int32(libvirt.SecretUsageTypeVolume), file)
	if conn.IsNotFound(err) {
		return nil, nil
	}
	return conn.FormatUUID(s.UUID), err
}

// Make makes the volume that m names. Where it fails, begun says that it may have been made all the same: the connection was lost after
// the host was asked to.
func Make(ctx context.Context, host *conn.Host, m table.Model, xml string) (v libvirt.StorageVol, begun bool, err error) {
	return MakeBy(ctx, host.Do, m, func(l *libvirt.Libvirt, pool libvirt.StoragePool) (libvirt.StorageVol, error) {
		return l.StorageVolCreateXML(pool, xml, 0)
	})
}

// Caller calls a host: host.Do, or another that takes longer.
type Caller func(ctx context.Context, call func(l *libvirt.Libvirt) error) error

// Maker makes a volume in a pool.
type Maker func(l *libvirt.Libvirt, pool libvirt.StoragePool) (libvirt.StorageVol, error)

// MakeBy is Make with a call of one's own.
func MakeBy(ctx context.Context, host Caller, m table.Model, by Maker) (v libvirt.StorageVol, begun bool, err error) {
	asked := false
	err = host(ctx, func(l *libvirt.Libvirt) error {
		pool, err := room(l, m)
		if err != nil {
			return err
		}
		if err := journal.Record(ctx, "a volume"); err != nil {
			return err
		}
		asked = true
		v, err = by(l, pool)
		return err
	})
	return v, err == nil || (asked && errors.Is(err, conn.ErrLost)), diag.Wrap("create", err)
}

// room is the pool, if it has no such volume yet.
func room(l *libvirt.Libvirt, m table.Model) (libvirt.StoragePool, error) {
	pool, v, err := present(l, m)
	if conn.IsNotFound(err) && pool.Name != "" {
		return pool, nil
	}
	if err != nil {
		return pool, err
	}
	if token, err := markOf(l, v); err == nil && token != "" {
		return pool, diag.New("create", "Nothing was changed. "+HalfBrought(m), "%w, and its upload was not finished", conn.ErrExists)
	}
	return pool, conn.ErrExists
}

// HalfBrought is what to do about a volume whose upload was not finished: it may be under way.
func HalfBrought(m table.Model) string {
	return fmt.Sprintf("Another apply is uploading it, or one on another machine was cut off: where none is, delete it (virsh vol-delete %s --pool %s), then run this again.",
		m.Str("name"), m.Str("pool"))
}

// Occupied says whether a pool has a volume of that name, and whether that is only the beginning of an upload.
func Occupied(l *libvirt.Libvirt, m table.Model) (taken, begun bool, err error) {
	_, v, err := present(l, m)
	if conn.IsNotFound(err) {
		return false, false, nil
	}
	if err != nil {
		return false, false, err
	}
	token, err := markOf(l, v)
	return true, token != "", err
}

// present finds a volume that is really there: its file may have gone since libvirt listed the pool.
func present(l *libvirt.Libvirt, m table.Model) (pool libvirt.StoragePool, v libvirt.StorageVol, err error) {
	if pool, err = l.StoragePoolLookupByName(m.Str("pool")); err != nil {
		return libvirt.StoragePool{}, v, err
	}
	if v, err = l.StorageVolLookupByName(pool, m.Str("name")); err != nil {
		return pool, v, err
	}
	if err = Refresh(l, pool); err != nil {
		return pool, v, err
	}
	v, err = l.StorageVolLookupByName(pool, m.Str("name"))
	return pool, v, err
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

// RefreshOf has libvirt list the pool of a volume again.
func RefreshOf(l *libvirt.Libvirt, m table.Model) error {
	pool, err := l.StoragePoolLookupByName(m.Str("pool"))
	if err != nil {
		return err
	}
	return Refresh(l, pool)
}
