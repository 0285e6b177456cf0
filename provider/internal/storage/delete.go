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

// Delete deletes the volume and its data, unless a domain has it as a disk, or a running guest needs it otherwise.
func (k InPool) Delete(ctx context.Context, host *conn.Host, m table.Model) error {
	var users []user
	err := host.Do(ctx, func(l *libvirt.Libvirt) error {
		_, err := l.StoragePoolLookupByName(m.Str("pool"))
		if conn.IsNotFound(err) {
			return diag.New("delete", "Nothing was changed. Define the pool again, so that the volume can be deleted; where its storage is gone for good, take the volume out of the state: "+
				"terraform state rm ADDRESS.", "%w", errNoPool(m))
		}
		return err
	})
	if err == nil {
		users, err = usersOf(ctx, host, m)
	}
	if err == nil {
		err = host.Do(ctx, func(l *libvirt.Libvirt) error {
			if users := needing(users); len(users) > 0 {
				return diag.New("delete", "Nothing was changed. Destroy these domains or take the disk out of them first; what only rests on it "+
					"lets go of it when the guest is stopped.", "%s is used by %s", k.ImportID(m), names(users))
			}
			v, err := Volume(l, m)
			if err != nil {
				return err
			}
			return deleted(l, v)
		})
	}
	return diag.IgnoreNotFound("delete", err)
}

// deleted deletes a volume, once the host has made it: it goes on with that when whoever asked for it has gone, and has no event for the end.
func deleted(l *libvirt.Libvirt, v libvirt.StorageVol) error {
	for deadline := time.Now().Add(busyLimit); ; time.Sleep(busyPause) {
		err := l.StorageVolDelete(v, libvirt.StorageVolDeleteNormal)
		if !conn.IsBusyCreating(err) || time.Now().After(deadline) {
			return err
		}
	}
}

// needing are the users that would miss the volume.
func needing(users []user) []user {
	var need []user
	for _, u := range users {
		if u.asDisk() || u.Running {
			need = append(need, u)
		}
	}
	return need
}

// names lists the domains host by host: `"a" and "b" on alpha, "c" on beta`.
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
