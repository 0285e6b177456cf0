package storage

import (
	"context"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Grow enlarges a volume. If it is a disk of a running guest, QEMU does it, since it has locked the file; the guest
// sees the new size at once.
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
	// To open an encrypted volume, the host computes hashes for a while.
	return host.DoOnOwnConnection(ctx, uploadLimit, func(l *libvirt.Libvirt) error {
		v, err := Volume(l, m)
		if err == nil {
			err = checkFormat(l, v, m.Str("format"))
		}
		if err != nil {
			return err
		}
		if err := l.StorageVolResize(v, uint64(size), 0); err != nil {
			return err
		}
		return refreshSize(l, v, uint64(size))
	})
}

// checkFormat returns an error if libvirt would take the volume for another format when it resizes it: it would lengthen the file of a qcow2
// image and not the disk in it, or change the content of a raw one.
func checkFormat(l *libvirt.Libvirt, v libvirt.StorageVol, format string) error {
	is, err := Format(l, v, format)
	if err == nil && (is == "qcow2") != (format == "qcow2") {
		err = diag.New("resize", "Remove 'capacity' to keep the volume as it is, or replace the volume.",
			"libvirt takes the content for format '%s', and 'format' is '%s': it would change the content", is, format)
	}
	return err
}

// refreshSize refreshes the pool if libvirt has an old size of the volume. When an upload ends, libvirt (9.0,
// virStorageVolPoolRefreshThread) refreshes the whole pool, and may store the size that it read while the volume was growing.
func refreshSize(l *libvirt.Libvirt, v libvirt.StorageVol, size uint64) error {
	_, capacity, _, err := l.StorageVolGetInfo(v)
	if err != nil || capacity >= size {
		return err
	}
	return refreshPoolOf(l, v)
}

func refreshPoolOf(l *libvirt.Libvirt, v libvirt.StorageVol) error {
	return RefreshOf(l, table.Model{"pool": v.Pool})
}

// Allocate allocates the whole capacity of a raw volume. It keeps the content.
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
