package storage

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/usage"
)

// Delete deletes the volume and its data. It refuses if the volume is a disk of a domain, if a running guest needs it otherwise, or if other
// volumes depend on it.
func (k InPool) Delete(ctx context.Context, host *conn.Host, m table.Model) error {
	var users []user
	var dependents []string
	err := host.Do(ctx, func(l *libvirt.Libvirt) error {
		_, err := l.StoragePoolLookupByName(m.Str("pool"))
		if conn.IsNotFound(err) {
			return diag.New("delete", "Nothing was changed. Define the pool again so that the volume can be deleted; if its storage no longer "+
				"exists, remove the volume from the state: terraform state rm ADDRESS.", "%w", errNoPool(m))
		}
		return err
	})
	if err == nil {
		users, err = usersOf(ctx, host, m)
	}
	if err == nil {
		dependents, err = Dependents(ctx, host, m)
	}
	if err == nil {
		err = host.Do(ctx, func(l *libvirt.Libvirt) error {
			if users := needing(users); len(users) > 0 {
				return diag.New("delete", "Nothing was changed. Destroy these domains or remove the disk from them first; a guest that uses "+
					"it as a backing image releases it when it stops.", "%s is used by %s", k.ImportID(m), names(users))
			}
			if len(dependents) > 0 {
				return diag.New("delete", "Nothing was changed. Delete these volumes first: they cannot be read without it.", "%s",
					DependentsText(m, dependents))
			}
			v, err := Volume(l, m)
			if err != nil {
				return err
			}
			return DeleteWhenIdle(l, v)
		})
	}
	return diag.IgnoreNotFound("delete", err)
}

// DeleteWhenIdle deletes a volume after the host has finished creating it. The host continues to create it when the caller is gone, and has
// no event for the end.
func DeleteWhenIdle(l *libvirt.Libvirt, v libvirt.StorageVol) error {
	for deadline := time.Now().Add(busyLimit); ; time.Sleep(busyPause) {
		err := l.StorageVolDelete(v, libvirt.StorageVolDeleteNormal)
		if !conn.IsBusyCreating(err) || time.Now().After(deadline) {
			return err
		}
	}
}

// needing returns the users that a deletion would break.
func needing(users []user) []user {
	var found []user
	for _, u := range users {
		if u.asDisk() || u.Running {
			found = append(found, u)
		}
	}
	return found
}

// names lists the domains by host: `"a" and "b" on alpha, "c" on beta`.
func names(users []user) string {
	var parts []string
	var here []usage.User
	for i, u := range users {
		here = append(here, u.User)
		if i+1 == len(users) || users[i+1].host != u.host {
			parts = append(parts, fmt.Sprintf("%s on %s", usage.Names(here), u.host.Name))
			here = nil
		}
	}
	return strings.Join(parts, ", ")
}
