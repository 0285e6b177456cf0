package volume

import (
	"context"
	"fmt"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/usage"
)

// createCopy lets the host create a full copy, which may be larger than its original but not smaller.
func createCopy(ctx context.Context, host *conn.Host, plan table.Model) (begun bool, err error) {
	var from libvirt.StorageVol
	var size int64
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		if from, size, err = original(l, plan.Str("clone_from")); err != nil {
			return err
		}
		return storage.CheckCapacity(plan, size, "the capacity of the copied volume,")
	})
	made := plan.Clone()
	if err == nil {
		made["capacity"], err = capacityAtFirst(ctx, host, plan, size)
	}
	if err != nil {
		return false, diag.Wrap("copy", err)
	}
	_, begun, err = storage.CreateWith(ctx, copyCaller(host), made, createFrom(made, from))
	return begun, err
}

// createFrom returns a Creator of a full copy.
func createFrom(plan table.Model, from libvirt.StorageVol) storage.Creator {
	return func(l *libvirt.Libvirt, pool libvirt.StoragePool) (v libvirt.StorageVol, err error) {
		xml, err := xmlFor(l, pool, plan)
		if err != nil {
			return v, err
		}
		err = storage.RetryEncryption(func() error {
			v, err = l.StorageVolCreateXMLFrom(pool, xml, from, flags(plan))
			return err
		})
		return v, err
	}
}

// original returns the volume at a path. It refuses a volume that a running guest changes.
func original(l *libvirt.Libvirt, path string) (v libvirt.StorageVol, size int64, err error) {
	if v, err = storage.AtPath(l, path); err != nil {
		if conn.IsNotFound(err) {
			err = fmt.Errorf("'clone_from' must be the path of a volume in a pool of this host, got %q: %w", path, err)
		}
		return v, 0, err
	}
	users, err := usage.OfFile(l, path)
	if err != nil {
		return v, 0, err
	}
	for _, u := range users {
		if u.Running && !u.Backing && u.Target != "" {
			return v, 0, fmt.Errorf("'clone_from' must not change while it is copied, and the running machine %q uses it; stop that machine first",
				u.Name)
		}
	}
	_, capacity, _, err := l.StorageVolGetInfo(v)
	return v, int64(capacity), err
}
