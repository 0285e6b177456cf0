package migration

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/managedsave"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/runguard"
)

// moveOffline moves a domain that is off: it copies its disks, then its definition.
func (s *inspection) moveOffline(ctx context.Context, r *Request) (moved bool, err error) {
	t := &targets{request: r}
	err = s.prepare(ctx, r, t)
	if err == nil && !t.thin {
		err = fmt.Errorf("the backing image of a disk is missing or different on %s; put the same image there, or move the domain while it runs",
			r.To.Name)
	}
	if err == nil {
		err = t.copyDisks(ctx, copied(s.disks))
	}
	var xml string
	if err == nil {
		xml, err = s.targetXML(s.inactive, r)
	}
	if err == nil {
		err = t.copyVariables(ctx, s)
	}
	if err != nil {
		return false, s.undo(ctx, r, t, err)
	}
	err = r.To.Do(ctx, func(l *libvirt.Libvirt) error {
		_, err := l.DomainDefineXMLFlags(xml, 0)
		return err
	})
	if err != nil {
		return false, s.undo(ctx, r, t, err)
	}
	// The domain is now on the new host: what is left on the old one is removed now or by the next attempt.
	ctx = context.WithoutCancel(ctx)
	if err := r.From.Do(ctx, func(l *libvirt.Libvirt) error { return l.DomainUndefineFlags(s.domain, undefine) }); err != nil {
		return false, diag.Wrap("finish the move of", err)
	}
	return true, s.complete(ctx, r)
}

// undefine removes a definition and what libvirt keeps beside it. Both have been moved.
const undefine = libvirt.DomainUndefineNvram | libvirt.DomainUndefineManagedSave | libvirt.DomainUndefineCheckpointsMetadata

// saveLimit is how long a host may take to save or restore the memory of a domain.
const saveLimit = 30 * time.Minute

// moveSaved restores the domain paused, migrates it, and saves it again.
func (s *inspection) moveSaved(ctx context.Context, r *Request) (moved bool, err error) {
	if err := runguard.EnsureNotRunningElsewhere(ctx, r.From, s.domain, "move the saved state of", "It was not restored"); err != nil {
		return false, err
	}
	if err := managedsave.Restore(ctx, r.From, s.domain, saveLimit, libvirt.DomainStartPaused); err != nil {
		return false, err
	}
	now, err := inspect(ctx, r)
	if err == nil {
		moved, err = now.migrate(ctx, r)
	}
	where := r.From
	if moved {
		where = r.To
	}
	saved := managedsave.Save(context.WithoutCancel(ctx), where, s.domain, saveLimit, libvirt.DomainSaveRunning)
	return moved, diag.Wrap("move the saved state of", errors.Join(err, saved))
}
