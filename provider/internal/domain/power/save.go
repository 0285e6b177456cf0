package power

import (
	"context"
	"time"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/managedsave"
)

// saveTimeout is how long it may take to write a guest's memory to the host's disk, or to read it back: a terabyte, at the speed of a
// hard disk.
const saveTimeout = 3 * time.Hour

// save writes the guest's memory to the host's disk. When the guest is resumed, it continues as it was, running or paused.
func (r *Controller) save(ctx context.Context) error {
	return managedsave.Save(ctx, r.host, r.domain, saveTimeout, 0)
}

func (r *Controller) restore(ctx context.Context) error { return r.restoreAs(ctx, 0) }

func (r *Controller) restorePaused(ctx context.Context) error {
	return r.restoreAs(ctx, libvirt.DomainStartPaused)
}

func (r *Controller) restoreAs(ctx context.Context, flags libvirt.DomainCreateFlags) error {
	if err := r.ensureNotRunningElsewhere(ctx); err != nil {
		return err
	}
	return r.startWithRoom(ctx, "resume", r.saveImage, func() error { return managedsave.Restore(ctx, r.host, r.domain, saveTimeout, flags) })
}

// discard removes the save image, and with it what the guest had in memory.
func (r *Controller) discard(ctx context.Context) error {
	return r.host.Do(ctx, func(l *libvirt.Libvirt) error { return l.DomainManagedSaveRemove(r.domain, 0) })
}
