package power

import (
	"context"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/room"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// startWithRoom reserves the memory that the guest needs by the XML that it starts from, and then starts it.
func (r *Controller) startWithRoom(ctx context.Context, verb string, xml func(l *libvirt.Libvirt) (string, error), start func() error) error {
	if r.HasRoom {
		return start()
	}
	var needs room.Demand
	err := r.host.Do(ctx, func(l *libvirt.Libvirt) error {
		text, err := xml(l)
		if err != nil {
			return err
		}
		domain, err := xmlmodel.Parse(text)
		if err == nil {
			needs = room.AtStart(domain)
		}
		return err
	})
	if err != nil {
		return err
	}
	done, err := room.Reserve(ctx, r.host, verb, room.Claim{Name: r.domain.Name, UUID: r.domain.UUID, Brings: needs, Needs: needs})
	if err != nil {
		return err
	}
	err = start()
	done(err == nil)
	return err
}

// definition reads what the next start uses.
func (r *Controller) definition(l *libvirt.Libvirt) (string, error) {
	return l.DomainGetXMLDesc(r.domain, libvirt.DomainXMLInactive)
}

// saveImage reads what a restore uses. An image that libvirt cannot read is an error of the restore.
func (r *Controller) saveImage(l *libvirt.Libvirt) (string, error) {
	if text, err := l.DomainManagedSaveGetXMLDesc(r.domain, 0); err == nil {
		return text, nil
	}
	return r.definition(l)
}
