package storage

import (
	"context"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Grow makes a volume larger. Where a running guest has it as a disk, its QEMU does it, and the guest sees it at once: the file is locked.
func Grow(ctx context.Context, host *conn.Host, m table.Model, size int64) error {
	users, err := usersOf(ctx, host, m)
	if err != nil {
		return err
	}
	for _, u := range users {
		if u.Running && u.asDisk() {
			return u.host.Do(ctx, func(l *libvirt.Libvirt) error {
				return l.DomainBlockResize(u.Domain, u.Target, uint64(size), libvirt.DomainBlockResizeBytes)
			})
		}
	}
	// To open an encrypted one, the host hashes for a while.
	return host.DoOnOwnConnection(ctx, uploadLimit, func(l *libvirt.Libvirt) error {
		v, err := Volume(l, m)
		if err != nil {
			return err
		}
		if err := l.StorageVolResize(v, uint64(size), 0); err != nil {
			return err
		}
		return seen(l, v, uint64(size))
	})
}

// seen has libvirt know how large a volume is. When an upload ends, it lists the whole pool again (libvirt 9.0, virStorageVolPoolRefreshThread), and
// may put back what it had read of a volume that was just growing.
func seen(l *libvirt.Libvirt, v libvirt.StorageVol, size uint64) error {
	_, capacity, _, err := l.StorageVolGetInfo(v)
	if err != nil || capacity >= size {
		return err
	}
	pool, err := l.StoragePoolLookupByName(v.Pool)
	if err != nil {
		return err
	}
	return Refresh(l, pool)
}

// Allocate gives a raw volume all the space that it has a claim to. What is in it stays.
func Allocate(ctx context.Context, host *conn.Host, m table.Model) error {
	return host.DoOnOwnConnection(ctx, uploadLimit, func(l *libvirt.Libvirt) error {
		v, err := Volume(l, m)
		if err != nil {
			return err
		}
		_, capacity, _, err := l.StorageVolGetInfo(v)
		if err != nil {
			return err
		}
		return l.StorageVolResize(v, capacity, libvirt.StorageVolResizeAllocate)
	})
}
