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

// carryOff moves a domain that is off: its disks byte by byte, then its definition.
func (s *survey) carryOff(ctx context.Context, r *Request) (moved bool, err error) {
	t := &targets{request: r}
	err = s.prepare(ctx, r, t)
	if err == nil && !t.thin {
		err = fmt.Errorf("a disk of it stands on an image that is not the same in %s; put the image there too, or move it while it runs", r.To.Name)
	}
	if err == nil {
		err = t.fill(ctx, copied(s.disks))
	}
	var xml string
	if err == nil {
		xml, err = there(s.inactive, r, s.disks)
	}
	if err == nil {
		err = t.bringVariables(ctx, s)
	}
	if err != nil {
		return false, s.takeBack(ctx, r, t, err)
	}
	err = r.To.Do(ctx, func(l *libvirt.Libvirt) error {
		_, err := l.DomainDefineXMLFlags(xml, 0)
		return err
	})
	if err != nil {
		return false, s.takeBack(ctx, r, t, err)
	}
	// From here on it is there: what is still here is removed, now or with the next attempt.
	ctx = context.WithoutCancel(ctx)
	if err := r.From.Do(ctx, func(l *libvirt.Libvirt) error { return l.DomainUndefineFlags(s.domain, undefine) }); err != nil {
		return false, diag.Wrap("finish the move of", err)
	}
	return true, s.leaveBehind(ctx, r)
}

// undefine removes a definition and what libvirt keeps beside it, which has been moved.
const undefine = libvirt.DomainUndefineNvram | libvirt.DomainUndefineManagedSave

// saveLimit is how long a host may take to save or restore the memory of a domain.
const saveLimit = 30 * time.Minute

// withSavedState restores the domain without letting it run, migrates it, and saves it again.
func (s *survey) withSavedState(ctx context.Context, r *Request) (moved bool, err error) {
	if err := runguard.EnsureNotRunningElsewhere(ctx, r.From, s.domain, "move the saved state of", "It was not restored"); err != nil {
		return false, err
	}
	if err := managedsave.Restore(ctx, r.From, s.domain, saveLimit, libvirt.DomainStartPaused); err != nil {
		return false, err
	}
	now, err := look(ctx, r)
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
