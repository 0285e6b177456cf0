package migration

import (
	"context"
	"errors"
	"time"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
)

// presence is what one host reports about the domain.
type presence struct {
	defined, running, paused bool
	incoming                 bool // paused, and waiting for an incoming migration: it has not run there yet
	journaled                bool
	domain                   libvirt.Domain
}

func (p presence) active() bool { return p.running || p.paused }

// readPresence asks a host about the domain.
func readPresence(ctx context.Context, h *conn.Host, r *Request) (p presence, err error) {
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
			p.incoming = libvirt.DomainPausedReason(reason) == libvirt.DomainPausedStartingUp ||
				libvirt.DomainPausedReason(reason) == libvirt.DomainPausedMigration
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

// location is the host that has the domain.
type location int

const (
	unknown location = iota
	atSource
	atTarget
)

const (
	// locateLimit is how long it may take until the hosts agree which of them has the domain after a migration has ended, and until they
	// can be reached again if they went down with it.
	locateLimit = time.Minute
	// cleanUpLimit is how long libvirt may take to clean up after a migration by itself.
	cleanUpLimit = 5 * time.Second
)

// locate finds the host that has the domain after an attempt whose result is unknown. It removes what the attempt left on the other host:
// a domain that waits for a migration that has ended, or the old copy of a domain that continued on the new host.
func locate(ctx context.Context, r *Request) (location, error) {
	began := time.Now()
	for ; ; time.Sleep(progressPause) {
		where, err := locateOnce(ctx, r, time.Since(began) > cleanUpLimit)
		if where != unknown || (err == nil && time.Since(began) > cleanUpLimit) || time.Since(began) > locateLimit || ctx.Err() != nil {
			return where, err
		}
	}
}

// locateOnce compares what both hosts report. settled is true when libvirt has had time to clean up by itself.
func locateOnce(ctx context.Context, r *Request, settled bool) (location, error) {
	if err := waitForRunning(ctx, r); err != nil {
		return unknown, err
	}
	source, err := readPresence(ctx, r.From, r)
	if err != nil {
		return unknown, err
	}
	target, err := readPresence(ctx, r.To, r)
	switch {
	case err != nil:
		return unknown, err
	case !source.defined && target.defined && !target.incoming:
		return atTarget, nil
	case !source.defined:
		return unknown, nil
	case !target.active():
		return atSource, nil // off on both hosts: its definition was moved, but other parts may be missing, so the next attempt starts again
	case target.incoming && source.active() && settled:
		return atSource, r.To.Do(ctx, func(l *libvirt.Libvirt) error { return ignoreGone(l.DomainDestroy(target.domain)) })
	case target.running && source.journaled && !source.running && settled:
		return atTarget, r.From.Do(ctx, func(l *libvirt.Libvirt) error {
			if source.paused {
				if err := ignoreGone(l.DomainDestroy(source.domain)); err != nil {
					return err
				}
			}
			return ignoreGone(l.DomainUndefineFlags(source.domain, undefine))
		})
	case target.running && source.running && settled:
		return unknown, diag.New("migrate", "Decide which of the two is the right one, and stop the other: virsh destroy "+r.Name+".",
			"it runs on both %s and %s", r.From.Name, r.To.Name)
	default:
		return unknown, nil
	}
}

// ignoreGone returns the error of a removal, or nil if there was nothing left to remove.
func ignoreGone(err error) error {
	if conn.IsNotFound(err) || conn.IsInactive(err) {
		return nil
	}
	return err
}

// waitForRunning waits until a migration that an earlier apply started has ended.
func waitForRunning(ctx context.Context, r *Request) error {
	for logged := false; ; {
		var migrating bool
		err := r.From.Do(ctx, func(l *libvirt.Libvirt) error {
			d, err := l.DomainLookupByUUID(r.UUID)
			if err != nil {
				return err
			}
			typ, params, err := l.DomainGetJobStats(d, 0)
			migrating = libvirt.DomainJobType(typ) != libvirt.DomainJobNone && outgoing(params)
			return err
		})
		if errors.Is(err, conn.ErrNotFound) || errors.Is(err, conn.ErrInactive) {
			return nil
		}
		if err != nil || !migrating {
			return diag.Wrap("migrate", err)
		}
		if !logged {
			logf(r, "is already migrating; waiting until that ends")
			logged = true
		}
		select {
		case <-ctx.Done():
			return diag.New("migrate", "", "interrupted while waiting for a migration that is already running: %w", ctx.Err())
		case <-time.After(progressPause):
		}
	}
}

// outgoing reports whether a job is an outgoing migration.
func outgoing(params []libvirt.TypedParam) bool {
	for _, p := range params {
		if n, _ := p.Value.I.(int32); p.Field == libvirt.DomainJobOperationStr {
			return libvirt.DomainJobOperation(n) == libvirt.DomainJobOperationStrMigrationOut
		}
	}
	return false
}
