package power

import (
	"context"
	"time"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/managedsave"
)

// saveTimeout is how long a guest's memory may take to the host's disk and back: a terabyte, at a hard disk's speed.
const saveTimeout = 3 * time.Hour

// save keeps the guest's memory on the host's disk; resumed, it goes on as it was, running or paused.
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
	return managedsave.Restore(ctx, r.host, r.domain, saveTimeout, flags)
}

// discard throws away what the guest had in memory.
func (r *Controller) discard(ctx context.Context) error {
	return r.host.Do(ctx, func(l *libvirt.Libvirt) error { return l.DomainManagedSaveRemove(r.domain, 0) })
}
