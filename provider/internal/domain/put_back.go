package domain

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/observe"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
)

// putBack puts the former definition back after a failure, and lets the guest run again as it ran. It returns the failure with what it did. What
// it cannot put back is in the state afterwards, as the host has it.
func (u *update) putBack(ctx context.Context, failure error) error {
	if u.live {
		return failure
	}
	done, err := u.restore(ctx)
	gone := errors.Is(err, conn.ErrUnreachable) && errors.Is(failure, conn.ErrUnreachable)
	if done == "" && (err == nil || gone) {
		return failure // nothing had changed, or nothing can be said
	}
	e := &diag.Error{Verb: "update", Err: failure}
	var inner *diag.Error
	if errors.As(failure, &inner) {
		e.Verb, e.Remedy = inner.Verb, inner.Remedy
	}
	said := []string{done}
	if err != nil {
		said = append(said, "Not everything is as before: "+err.Error()+". The next plan shows what the host has.")
	}
	e.Remedy = strings.TrimSpace(strings.Join(append(said, e.Remedy), " "))
	return e
}

// restore puts back what it can. It returns what it did, "" if nothing had changed, and what it could not do.
func (u *update) restore(ctx context.Context) (done string, err error) {
	var now observe.Former
	err = u.host.Do(ctx, func(l *libvirt.Libvirt) error {
		d, err := observe.Find(l, u.prior)
		if err == nil {
			now, err = observe.ReadFormer(l, d)
		}
		return err
	})
	if err != nil {
		return "", fmt.Errorf("whether the definition has changed is not known: %w", err)
	}
	runs := now.Live != ""
	if runs && now.Domain.ID != u.former.Domain.ID {
		return "The guest has been started with its new definition, and runs.", nil // its answer was lost
	}
	changed := now.Inactive != u.former.Inactive
	if changed {
		if err := u.redefine(ctx, now); err != nil {
			return "", fmt.Errorf("the former definition could not be put back: %w", err)
		}
		done = "The former definition was put back"
	}
	wentDown := !runs && now.State != schema.Saved && u.summary.PriorState() != schema.Stopped && u.summary.GuestContinues()
	switch {
	case !wentDown && !changed:
		return "", nil
	case !wentDown && runs:
		return done + ", and the guest still runs.", nil
	case !wentDown:
		return done + ", and the domain is " + now.State + ", as before.", nil
	}
	if err := u.power.StartFormer(ctx, u.former); err != nil {
		if done != "" {
			done += "."
		}
		return done, fmt.Errorf("the guest could not be started again: %w", err)
	}
	if done == "" {
		return "The guest was started again as it ran before; what waits for its next start still waits.", nil
	}
	return done + ", and the guest was started again as it ran before.", nil
}

// redefine gives a domain its former name and definition back.
func (u *update) redefine(ctx context.Context, now observe.Former) error {
	name := u.former.Domain.Name
	if now.Domain.Name != name {
		if err := u.host.Do(ctx, func(l *libvirt.Libvirt) error { return renameDomain(l, now.Domain, name) }); err != nil {
			return err
		}
	}
	err := u.host.Do(ctx, func(l *libvirt.Libvirt) error {
		_, err := l.DomainDefineXMLFlags(u.former.Inactive, 0)
		return err
	})
	if err == nil && u.summary.Renames() {
		err = removeVariables(ctx, u.host, u.plan.Str("name")) // the copies
	}
	return err
}
