package migration

import (
	"context"
	"errors"
	"time"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/fault"
)

// presence is what one host says of the domain.
type presence struct {
	defined, running, paused, journaled bool
	domain                              libvirt.Domain
}

func ask(ctx context.Context, h *conn.Host, r *Request) (p presence, err error) {
	err = h.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		if p.domain, err = l.DomainLookupByUUID(r.UUID); err != nil {
			return err
		}
		state, _, err := l.DomainGetState(p.domain, 0)
		if err != nil {
			return err
		}
		p.defined = true
		switch libvirt.DomainState(state) {
		case libvirt.DomainShutoff:
		case libvirt.DomainPaused:
			p.paused = true
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

// resume goes on from an attempt that nobody saw the end of. It returns true where that has brought the domain to its new host.
func resume(ctx context.Context, r *Request) (moved bool, err error) {
	if err := outwait(ctx, r); err != nil {
		return false, err
	}
	here, err := ask(ctx, r.From, r)
	if err != nil {
		return false, fault.In("migrate", err)
	}
	over, err := ask(ctx, r.To, r)
	if err != nil {
		return false, fault.In("migrate", err)
	}
	switch {
	case !here.defined:
		return over.defined, nil // it is there, or look tells that it is nowhere
	case here.running && (over.running || over.paused):
		return false, fault.New("migrate", "Find out which of the two is the right one, and switch the other off: virsh destroy "+r.Name+".",
			"both %s and %s say that it runs", r.From.Name, r.To.Name)
	case over.running && here.journaled:
		// It arrived, and the host that it left never heard so: what is left there must not go on.
		err := r.From.Do(ctx, func(l *libvirt.Libvirt) error {
			if here.paused {
				if err := l.DomainDestroy(here.domain); err != nil {
					return err
				}
			}
			return l.DomainUndefineFlags(here.domain, undefine)
		})
		return err == nil, fault.In("finish the migration of", err)
	}
	return false, nil
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
			return fault.In("migrate", err)
		}
		if !told {
			logf(r, "is on its way already; waiting for the end of that")
			told = true
		}
		select {
		case <-ctx.Done():
			return fault.New("migrate", "", "interrupted while a migration that is under way already went on: %w", ctx.Err())
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
