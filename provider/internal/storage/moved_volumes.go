package storage

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"sync"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// VolumesSpace is the namespace of the metadata element in a migrated domain that says which volumes its disks were
// before.
const VolumesSpace = "https://kvm-fleet.dev/xmlns/volumes/1"

// MovedVolume is a volume that moved with a domain, according to the domain's metadata.
type MovedVolume struct {
	From   string `xml:"from,attr"` // host/pool/name
	Pool   string `xml:"pool,attr"`
	Name   string `xml:"name,attr"`
	Medium string `xml:"medium,attr"` // "yes": a copy whose source was kept
}

// VolumesMovedWith returns the volumes that moved with a domain; none if its metadata has no valid element.
func VolumesMovedWith(l *libvirt.Libvirt, d libvirt.Domain) ([]MovedVolume, error) {
	text, err := l.DomainGetMetadata(d, int32(libvirt.DomainMetadataElement), libvirt.OptString{VolumesSpace}, 0)
	if conn.IsNotFound(err) { // no such metadata, or the domain was removed meanwhile
		return nil, nil
	}
	return parseMoved(text), err
}

// parseMoved parses the metadata element.
func parseMoved(metadata string) []MovedVolume {
	var m struct {
		Volumes []MovedVolume `xml:"volume"`
	}
	if xml.Unmarshal([]byte(metadata), &m) != nil {
		return nil
	}
	return m.Volumes
}

// FindElsewhere looks on the other hosts for a domain that the volume moved with.
func (k InPool) FindElsewhere(ctx context.Context, fleet *conn.Fleet, m table.Model) (table.Model, error) {
	names := fleet.Names()
	found, failed := make([]table.Model, len(names)), make([]error, len(names))
	var wait sync.WaitGroup
	for i, name := range names {
		if name == m.Str("host") {
			continue
		}
		wait.Go(func() {
			host, err := fleet.Host(name)
			if err == nil {
				found[i], err = movedTo(ctx, host, k.ImportID(m))
			}
			failed[i] = err
		})
	}
	wait.Wait()
	for _, place := range found {
		if place != nil {
			return place, nil
		}
	}
	if err := errors.Join(failed...); err != nil {
		return nil, diag.New("look for", "The volume is not on its host, and may have moved with its machine to a host that cannot be reached. "+
			diag.Kept+" Bring that host up, or remove it from the provider's 'hosts' if it no longer exists.", "%w", err)
	}
	return nil, k.checkPool(ctx, fleet, m)
}

// checkPool returns an error if the host does not have the volume's pool, or has another file system in its place: then, as with a stopped
// pool, it is unknown whether the volume exists.
func (InPool) checkPool(ctx context.Context, fleet *conn.Fleet, m table.Model) error {
	host, err := fleet.Host(m.Str("host"))
	if err != nil {
		return err
	}
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		pool, err := l.StoragePoolLookupByName(m.Str("pool"))
		if err != nil {
			return err
		}
		return checkCapacityOf(l, m, pool)
	})
	if errors.Is(err, conn.ErrNotFound) {
		return errNoPool(m)
	}
	return err
}

func errNoPool(m table.Model) error {
	return fmt.Errorf("%w: pool %q does not exist, so it is unknown whether volume %q does", conn.ErrInactive, m.Str("pool"), m.Str("name"))
}

// movedTo returns where a host has the volume that was at from before.
func movedTo(ctx context.Context, host *conn.Host, from string) (place table.Model, err error) {
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		domains, _, err := l.ConnectListAllDomains(1, 0)
		if err != nil {
			return err
		}
		for _, d := range domains {
			volumes, err := VolumesMovedWith(l, d)
			if err != nil {
				return fmt.Errorf("domain %q, with which the volume may have moved: %w", d.Name, err)
			}
			if pool, name := findMoved(volumes, from); name != "" {
				place = table.Model{"host": host.Name, "pool": pool, "name": name}
				return nil
			}
		}
		return nil
	})
	return place, err
}

// findMoved finds the volume that was at from before.
func findMoved(volumes []MovedVolume, from string) (pool, name string) {
	for _, v := range volumes {
		if v.From == from {
			return v.Pool, v.Name
		}
	}
	return "", ""
}
