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

// VolumesSpace is the namespace of what a domain that has moved says in its metadata: which of its disks were which volumes before.
const VolumesSpace = "https://kvm-fleet.dev/xmlns/volumes/1"

// Taken is a volume that a domain took along, as its metadata says.
type Taken struct {
	From   string `xml:"from,attr"` // host/pool/name
	Pool   string `xml:"pool,attr"`
	Name   string `xml:"name,attr"`
	Medium string `xml:"medium,attr"` // "yes": a copy, whose source stayed
}

// TakenBy are the volumes that a domain took along; none where it says nothing, or what a person wrote there by mistake.
func TakenBy(l *libvirt.Libvirt, d libvirt.Domain) ([]Taken, error) {
	text, err := l.DomainGetMetadata(d, int32(libvirt.DomainMetadataElement), libvirt.OptString{VolumesSpace}, 0)
	if conn.IsNotFound(err) { // it says nothing, or has gone meanwhile
		return nil, nil
	}
	return taken(text), err
}

func taken(metadata string) []Taken {
	var m struct {
		Volumes []Taken `xml:"volume"`
	}
	if xml.Unmarshal([]byte(metadata), &m) != nil {
		return nil
	}
	return m.Volumes
}

// FindElsewhere looks on the other hosts for a domain that took the volume along.
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
				found[i], err = takenTo(ctx, host, k.ImportID(m))
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
		return nil, diag.New("look for", "It is not where it was, and may have gone with its machine to a host that can't be asked. The state is kept as it was. "+
			"Bring that host up, or take it out of the provider's 'hosts' if it is no more.", "%w", err)
	}
	return nil, k.poolThere(ctx, fleet, m)
}

// poolThere asserts that the host has the volume's pool: without it, nobody can tell whether the volume is there, as with one that is stopped.
func (InPool) poolThere(ctx context.Context, fleet *conn.Fleet, m table.Model) error {
	host, err := fleet.Host(m.Str("host"))
	if err != nil {
		return err
	}
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		_, err := l.StoragePoolLookupByName(m.Str("pool"))
		return err
	})
	if errors.Is(err, conn.ErrNotFound) {
		return errNoPool(m)
	}
	return err
}

func errNoPool(m table.Model) error {
	return fmt.Errorf("%w: pool %q is not there, so that nobody can tell whether %q is", conn.ErrInactive, m.Str("pool"), m.Str("name"))
}

// takenTo says where a host has what was that volume.
func takenTo(ctx context.Context, host *conn.Host, from string) (place table.Model, err error) {
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		domains, _, err := l.ConnectListAllDomains(1, 0)
		if err != nil {
			return err
		}
		for _, d := range domains {
			volumes, err := TakenBy(l, d)
			if err != nil {
				return err
			}
			if pool, name := origin(volumes, from); name != "" {
				place = table.Model{"host": host.Name, "pool": pool, "name": name}
				return nil
			}
		}
		return nil
	})
	return place, err
}

// origin finds the volume that was that one.
func origin(volumes []Taken, from string) (pool, name string) {
	for _, v := range volumes {
		if v.From == from {
			return v.Pool, v.Name
		}
	}
	return "", ""
}
