package domain

import (
	"context"
	"fmt"
	"time"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/fault"
)

// saveLimit is how long a guest's memory may take to the host's disk and back: a terabyte, at a hard disk's speed.
const saveLimit = 3 * time.Hour

// save keeps the guest's memory on the host's disk; resumed, it goes on as it was, running or paused. Interrupted, it stays as it is.
func (r run) save(ctx context.Context) error {
	detach := context.AfterFunc(ctx, func() {
		_ = r.host.Do(context.WithoutCancel(ctx), func(l *libvirt.Libvirt) error { return l.DomainAbortJob(r.domain) })
	})
	defer detach()
	err := r.host.Apart(ctx, saveLimit, func(l *libvirt.Libvirt) error { return l.DomainManagedSave(r.domain, 0) })
	if err != nil && ctx.Err() != nil {
		return fmt.Errorf("interrupted; the guest goes on as it was: %w", err)
	}
	return err
}

func (r run) restore(ctx context.Context) error { return r.restoreAs(ctx, 0) }
func (r run) restorePaused(ctx context.Context) error {
	return r.restoreAs(ctx, libvirt.DomainStartPaused)
}

// restoreAs starts a domain from its save image. libvirt (9.0) drops an image that is not complete, or shorter than its header, without a
// word when it starts the domain, and boots the guest anew; asked for what is in such an image it says so. Any other that it can't load is
// an error of the start, and stays.
func (r run) restoreAs(ctx context.Context, flags libvirt.DomainCreateFlags) error {
	if err := r.alone(ctx); err != nil {
		return err
	}
	err := r.host.Do(ctx, func(l *libvirt.Libvirt) error {
		_, err := l.DomainManagedSaveGetXMLDesc(r.domain, 0)
		return err
	})
	if err == nil {
		err = r.host.Apart(ctx, saveLimit, func(l *libvirt.Libvirt) error {
			_, err := l.DomainCreateWithFlags(r.domain, uint32(flags))
			return err
		})
	}
	if err == nil {
		return nil
	}
	return &fault.Fault{Verb: "resume", Err: err, Next: fmt.Sprintf("It did not start, and its save image is kept. If the host's QEMU, its CPU or a file that the guest uses is not "+
		"what it was when the guest was saved, put that right and run this again. To give up what the guest had in memory and start it from its disks, remove the image on %s "+
		"(virsh managedsave-remove %s), then run this again.", r.host.Name, r.domain.Name)}
}

// discard throws away what the guest had in memory.
func (r run) discard(ctx context.Context) error {
	return r.host.Do(ctx, func(l *libvirt.Libvirt) error { return l.DomainManagedSaveRemove(r.domain, 0) })
}
