package pool

import (
	"context"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// live reports whether a pool has to be neither defined again nor restarted. The permissions of an active pool change in place.
func live(l *libvirt.Libvirt, p libvirt.StoragePool, prior, plan table.Model) (all bool, err error) {
	if prior["path"] != plan["path"] || !table.Equal(prior["source"], plan["source"]) {
		return false, nil
	}
	if !table.Equal(prior["xml"], plan["xml"]) {
		if changes, err := changesXML(l, p, prior, plan); err != nil || changes {
			return false, err
		}
	}
	if table.Equal(prior[storage.Permissions], plan[storage.Permissions]) {
		return true, nil
	}
	active, err := l.StoragePoolIsActive(p)
	return active == 1, err
}

// changesXML reports whether a plan changes the elements of `xml`.
func changesXML(l *libvirt.Libvirt, p libvirt.StoragePool, prior, plan table.Model) (bool, error) {
	xml, err := l.StoragePoolGetXMLDesc(p, libvirt.StorageXMLInactive)
	if err != nil {
		return false, err
	}
	return RawXML.Changes(xml, prior, plan)
}

// setPermissions gives the directory of a pool the planned permissions. libvirt does that itself where it creates a directory, but not where it
// mounts a file system. What a file system of a stopped pool has is seen when the pool is active.
func setPermissions(ctx context.Context, host *conn.Host, prior, plan table.Model) error {
	want := plan.Group(storage.Permissions)
	if want == nil {
		return nil
	}
	return host.Do(ctx, func(l *libvirt.Libvirt) error {
		p, err := l.StoragePoolLookupByName(plan.Str("name"))
		if err != nil {
			return err
		}
		active, err := l.StoragePoolIsActive(p)
		if err != nil {
			return err
		}
		if active == 0 { // libvirt only knows what is defined
			if prior == nil || plan["type"] != "dir" || table.Equal(prior[storage.Permissions], plan[storage.Permissions]) {
				return nil
			}
			return storage.SetDirectoryPermissions(host, l, plan.Str("name"), plan.Str("path"), want)
		}
		if as, err := storage.PoolPermissions(l, p, want); err != nil || as {
			return err
		}
		if err := storage.SetDirectoryPermissions(host, l, plan.Str("name"), plan.Str("path"), want); err != nil {
			return err
		}
		return storage.Refresh(l, p)
	})
}
