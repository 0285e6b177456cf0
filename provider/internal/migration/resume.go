package migration

import (
	"context"
	"errors"
	"time"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
)

// presence is what one host says of the domain.
type presence struct {
	defined, running, paused bool
	incoming                 bool // paused, and waiting for what a migration brings: it has never run there
	journaled                bool
	domain                   libvirt.Domain
}

func (p presence) active() bool { return p.running || p.paused }

func ask(ctx context.Context, h *conn.Host, r *Request) (p presence, err error) {
	err = h.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		if p.domain, err = l.DomainLookupByUUID(r.UUID); err != nil {
			return err
		}
		state, reason, err := l.DomainGetState(p.domain, 0)
		if err != nil {
			return err
		}
		p.defined = true
		switch libvirt.DomainState(state) {
		case libvirt.DomainShutoff:
		case libvirt.DomainPaused:
			p.paused = true
			p.incoming = libvirt.DomainPausedReason(reason) == libvirt.DomainPausedStartingUp || libvirt.DomainPausedReason(reason) == libvirt.DomainPausedMigration
		default:
			p.running = true
		}
		_, p.journaled, err = readJournal(l, p.domain, r.To.Name)
		return err
	})
	if errors.Is(err, conn.ErrNotFound) {
		err = nil
	}
	return p, err
}

type whereabouts int

const (
	nowhere whereabouts = iota
	stayed
	arrived
)

const (
	// agreeLimit is how long the hosts may take to agree where a domain is after a migration has ended, and to be reached again if they went
	// down with it.
	agreeLimit = time.Minute
	// restLimit is how long they may take to put away what is left of one by themselves.
	restLimit = 5 * time.Second
)

// locate finds the one host that has the domain, after an attempt that nobody saw the end of. What is left of that on the other one is
// removed: a domain that waits there for a migration that is over, or the one that went on elsewhere.
func locate(ctx context.Context, r *Request) (whereabouts, error) {
	began := time.Now()
	for ; ; time.Sleep(progressPause) {
		where, err := agree(ctx, r, time.Since(began) > restLimit)
		if where != nowhere || (err == nil && time.Since(began) > restLimit) || time.Since(began) > agreeLimit || ctx.Err() != nil {
			return where, err
		}
	}
}

func agree(ctx context.Context, r *Request, rested bool) (whereabouts, error) {
	if err := outwait(ctx, r); err != nil {
		return nowhere, err
	}
	here, err := ask(ctx, r.From, r)
	if err != nil {
		return nowhere, err
	}
	over, err := ask(ctx, r.To, r)
	switch {
	case err != nil:
		return nowhere, err
	case !here.defined && over.defined && !over.incoming:
		return arrived, nil
	case !here.defined:
		return nowhere, nil
	case !over.active():
		return stayed, nil // off on both, its definition arrived, and maybe not all else: the next attempt begins anew
	case over.incoming && here.active() && rested:
		return stayed, r.To.Do(ctx, func(l *libvirt.Libvirt) error { return gone(l.DomainDestroy(over.domain)) })
	case over.running && here.journaled && !here.running && rested:
		return arrived, r.From.Do(ctx, func(l *libvirt.Libvirt) error {
			if here.paused {
				if err := gone(l.DomainDestroy(here.domain)); err != nil {
					return err
				}
			}
			return gone(l.DomainUndefineFlags(here.domain, undefine))
		})
	case over.running && here.running && rested:
		return nowhere, diag.New("migrate", "Find out which of the two is the right one, and switch the other off: virsh destroy "+r.Name+".",
			"both %s and %s say that it runs", r.From.Name, r.To.Name)
	default:
		return nowhere, nil
	}
}

// gone is a removal's error, if it is one: that there is nothing to remove any more is not.
func gone(err error) error {
	if conn.IsNotFound(err) || conn.IsInactive(err) {
		return nil
	}
	return err
}

// outwait waits until a migration that is under way without us has ended.
func outwait(ctx context.Context, r *Request) error {
	for told := false; ; {
		var under bool
		err := r.From.Do(ctx, func(l *libvirt.Libvirt) error {
			d, err := l.DomainLookupByUUID(r.UUID)
			if err != nil {
				return err
			}
			typ, params, err := l.DomainGetJobStats(d, 0)
			under = libvirt.DomainJobType(typ) != libvirt.DomainJobNone && outgoing(params)
			return err
		})
		if errors.Is(err, conn.ErrNotFound) || errors.Is(err, conn.ErrInactive) {
			return nil
		}
		if err != nil || !under {
			return diag.Wrap("migrate", err)
		}
		if !told {
			logf(r, "is on its way already; waiting for the end of that")
			told = true
		}
		select {
		case <-ctx.Done():
			return diag.New("migrate", "", "interrupted while a migration that is under way already went on: %w", ctx.Err())
		case <-time.After(progressPause):
		}
	}
}

func outgoing(params []libvirt.TypedParam) bool {
	for _, p := range params {
		if n, _ := p.Value.I.(int32); p.Field == libvirt.DomainJobOperationStr {
			return libvirt.DomainJobOperation(n) == libvirt.DomainJobOperationStrMigrationOut
		}
	}
	return false
}
