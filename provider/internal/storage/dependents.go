package storage

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// HoldsContent returns what prevents the content of a volume from being replaced: running guests, guests with a saved state, and volumes that
// depend on it; "" if nothing does. A stopped machine does not: it finds the new content at the same path.
func HoldsContent(ctx context.Context, host *conn.Host, m table.Model) (string, error) {
	users, err := usersOf(ctx, host, m)
	if errors.Is(err, conn.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	var holding []user
	for _, u := range users {
		holds := u.Running
		if !holds {
			err := u.host.Do(ctx, func(l *libvirt.Libvirt) error {
				saved, err := l.DomainHasManagedSaveImage(u.Domain, 0)
				holds = saved == 1
				return err
			})
			if err != nil {
				return "", err
			}
		}
		if holds {
			holding = append(holding, u)
		}
	}
	if len(holding) > 0 {
		return fmt.Sprintf("%s is used by %s", InPool{}.ImportID(m), names(holding)), nil
	}
	clones, err := Dependents(ctx, host, m)
	if err != nil || len(clones) == 0 {
		return "", err
	}
	return DependentsText(m, clones), nil
}

// DependentsText says which volumes depend on a volume.
func DependentsText(m table.Model, dependents []string) string {
	return fmt.Sprintf("%s is the backing image of %s", InPool{}.ImportID(m), strings.Join(dependents, ", "))
}

// Dependents returns the paths of the volumes in the pools of a host whose backing image is a volume.
func Dependents(ctx context.Context, host *conn.Host, m table.Model) ([]string, error) {
	var found []string
	err := host.Do(ctx, func(l *libvirt.Libvirt) error {
		v, err := Volume(l, m)
		if err != nil {
			return err
		}
		file, err := l.StorageVolGetPath(v)
		if err != nil {
			return err
		}
		// A list that shows no dependent may be a few seconds old, which is older than what the same apply may have created.
		backing, err := hostinfo.BackingImages(l, func(hostinfo.Names) bool { return false })
		for _, image := range slices.Sorted(maps.Keys(backing)) {
			if backing[image] != file {
				continue
			}
			// The same apply may have deleted it since the list was read.
			if _, err := l.StorageVolLookupByPath(image); err == nil || !conn.IsNotFound(err) {
				found = append(found, image)
			}
		}
		return err
	})
	if errors.Is(err, conn.ErrNotFound) {
		return nil, nil
	}
	return found, err
}
