// Package storage implements what resources in a pool have in common: finding, uploading, moving and deleting volumes.
package storage

import (
	"context"
	"errors"
	"fmt"
	"path"
	"time"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/journal"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// InPool implements the methods that all resources that are volumes share.
type InPool struct{}

// ImportID returns host/pool/name.
func (InPool) ImportID(m table.Model) string {
	return m.Str("host") + "/" + m.Str("pool") + "/" + m.Str("name")
}

// ParseImportID takes the pool and the name.
func (InPool) ParseImportID(parts []string) (table.Model, error) {
	return table.Model{"pool": parts[0], "name": parts[1]}, nil
}

// Volume finds a volume. The error for a pool that is not active is 'not in the state that the operation needs', never
// 'not found'.
func Volume(l *libvirt.Libvirt, m table.Model) (libvirt.StorageVol, error) {
	_, v, err := VolumeInPool(l, m)
	return v, err
}

// VolumeInPool is Volume that also returns the pool.
func VolumeInPool(l *libvirt.Libvirt, m table.Model) (pool libvirt.StoragePool, v libvirt.StorageVol, err error) {
	if pool, err = l.StoragePoolLookupByName(m.Str("pool")); err != nil {
		return pool, v, err
	}
	v, err = l.StorageVolLookupByName(pool, m.Str("name"))
	if err == nil || !conn.IsNotFound(err) {
		return pool, v, err
	}
	// libvirt caches the list of a pool: what another tool created or deleted shows after a refresh.
	if err := Refresh(l, pool); err != nil {
		return pool, v, err
	}
	v, err = l.StorageVolLookupByName(pool, m.Str("name"))
	return pool, v, err
}

// Describe returns what libvirt says about a volume.
func Describe(l *libvirt.Libvirt, v libvirt.StorageVol) (*etree.Element, error) {
	text, err := l.StorageVolGetXMLDesc(v, 0)
	if err != nil {
		return nil, err
	}
	return xmlmodel.Parse(text)
}

// AtPath finds the volume at a path of the host.
func AtPath(l *libvirt.Libvirt, file string) (libvirt.StorageVol, error) {
	v, err := l.StorageVolLookupByPath(file)
	if !conn.IsNotFound(err) {
		return v, err
	}
	pool, lookupErr := l.StoragePoolLookupByTargetPath(path.Dir(file))
	if lookupErr != nil {
		return v, err
	}
	if err := Refresh(l, pool); err != nil {
		return v, err
	}
	return l.StorageVolLookupByPath(file)
}

// TypeOf returns the type of a pool: dir, logical and so on.
func TypeOf(l *libvirt.Libvirt, pool libvirt.StoragePool) (string, error) {
	root, err := describe(l, pool)
	if err != nil {
		return "", err
	}
	return xmlmodel.At("@type").Text(root), nil
}

// SecretOf returns the UUID of the secret that libvirt would use to open the volume at a path; nil if there is none.
func SecretOf(l *libvirt.Libvirt, file string) (any, error) {
	s, err := l.SecretLookupByUsage(int32(libvirt.SecretUsageTypeVolume), file)
	if conn.IsNotFound(err) {
		return nil, nil
	}
	return conn.FormatUUID(s.UUID), err
}

// Create creates the volume that m names. If it fails, begun is true if the volume may exist all the same, because the connection was lost
// after the request was sent.
func Create(ctx context.Context, host *conn.Host, m table.Model, xml string) (v libvirt.StorageVol, begun bool, err error) {
	return CreateWith(ctx, host.Do, m, func(l *libvirt.Libvirt, pool libvirt.StoragePool) (libvirt.StorageVol, error) {
		return l.StorageVolCreateXML(pool, xml, 0)
	})
}

// Caller calls a host: host.Do, or a method with a longer limit.
type Caller func(ctx context.Context, call func(l *libvirt.Libvirt) error) error

// Creator creates a volume in a pool.
type Creator func(l *libvirt.Libvirt, pool libvirt.StoragePool) (libvirt.StorageVol, error)

// CreateWith is Create with another call.
func CreateWith(ctx context.Context, host Caller, m table.Model, create Creator) (v libvirt.StorageVol, begun bool, err error) {
	sent := false
	err = host(ctx, func(l *libvirt.Libvirt) error {
		pool, err := poolWithout(l, m)
		if err != nil {
			return err
		}
		if err := journal.Record(ctx, "a volume"); err != nil {
			return err
		}
		sent = true
		if v, err = create(l, pool); err != nil {
			return explainSquashed(l, pool, err)
		}
		return nil
	})
	return v, err == nil || (sent && errors.Is(err, conn.ErrLost)), diag.Wrap("create", err)
}

// poolWithout returns the volume's pool, or ErrExists if the pool has the volume.
func poolWithout(l *libvirt.Libvirt, m table.Model) (libvirt.StoragePool, error) {
	pool, v, err := present(l, m)
	if conn.IsNotFound(err) && pool.Name != "" {
		return pool, nil
	}
	if err != nil {
		return pool, err
	}
	if token, err := markOf(l, v); err == nil && token != "" {
		return pool, diag.New("create", UnfinishedRemedy(m), "%w, and its upload was not finished", conn.ErrExists)
	}
	return pool, conn.ErrExists
}

// UnfinishedRemedy returns what to do about a volume whose upload is not finished: it may still run.
func UnfinishedRemedy(m table.Model) string {
	return fmt.Sprintf("Another apply is uploading it, or an apply on another machine was interrupted: if none is running, delete it (virsh "+
		"vol-delete %s --pool %s), then run the command again.",
		m.Str("name"), m.Str("pool"))
}

// Occupied reports whether a pool has a volume of that name, and whether its upload is unfinished.
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

// present finds a volume whose file exists: the file may have been removed since libvirt refreshed the pool.
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

// busyLimit bounds the wait for a busy pool: libvirt refuses to refresh a pool while a volume in it is being created, written or read, and
// has no event for the end of that.
const (
	busyLimit = 50 * time.Second
	busyPause = 200 * time.Millisecond
)

// Refresh lets libvirt refresh a pool, after waiting until the pool is not busy.
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

// RefreshOf refreshes the pool of a volume.
func RefreshOf(l *libvirt.Libvirt, m table.Model) error {
	pool, err := l.StoragePoolLookupByName(m.Str("pool"))
	if err != nil {
		return err
	}
	return Refresh(l, pool)
}
