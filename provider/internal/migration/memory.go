package migration

import (
	"context"
	"errors"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/room"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// reserve reserves memory for a running or saved guest on the new host, and for a saved one on the old host too, where it is restored before it
// migrates. It comes before a slot is taken: a guest that waits for memory must not keep those from moving that make room for it.
func reserve(ctx context.Context, r *Request) (done func(moved bool), err error) {
	needs, saved, err := readNeeds(ctx, r)
	if err != nil {
		return nil, diag.Wrap("migrate", err)
	}
	claim := room.Claim{Name: r.Name, UUID: r.UUID, Brings: needs, Needs: needs}
	restored := func(bool) {}
	if saved {
		if restored, err = room.Reserve(ctx, r.From, "migrate", claim); err != nil {
			return nil, err
		}
	}
	arrived, err := room.Reserve(ctx, r.To, "migrate", claim)
	if err != nil {
		restored(false)
		return nil, err
	}
	return func(moved bool) {
		restored(false) // saved again, it has no memory there
		arrived(moved && !saved)
	}, nil
}

// readNeeds returns the memory that the domain needs on the new host: nothing if it is off, or has left the old host in an earlier attempt.
func readNeeds(ctx context.Context, r *Request) (needs room.Demand, saved bool, err error) {
	err = r.From.Do(ctx, func(l *libvirt.Libvirt) error {
		d, err := l.DomainLookupByUUID(r.UUID)
		if err != nil {
			return err
		}
		active, err := l.DomainIsActive(d)
		if err != nil {
			return err
		}
		image, err := l.DomainHasManagedSaveImage(d, 0)
		if saved = image == 1; err != nil || active == 0 && !saved {
			return err
		}
		text, err := l.DomainGetXMLDesc(d, 0)
		if err != nil {
			return err
		}
		domain, err := xmlmodel.Parse(text)
		if err == nil {
			needs = room.Running(domain)
		}
		return err
	})
	if errors.Is(err, conn.ErrNotFound) {
		return needs, false, nil
	}
	return needs, saved, err
}
