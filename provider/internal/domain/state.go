package domain

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/fault"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

const (
	running = "running"
	paused  = "paused"
	stopped = "stopped"
)

// askAgain is how often a guest is asked to shut down: one that is still booting does not hear it.
const askAgain = 3 * time.Second

// startLimit is how long a host may take to start a domain.
const startLimit = 5 * time.Minute

// state is what the domain is doing, in this provider's words.
func state(l *libvirt.Libvirt, d libvirt.Domain) (string, error) {
	now, _, err := l.DomainGetState(d, 0)
	if err != nil {
		return "", err
	}
	switch libvirt.DomainState(now) {
	case libvirt.DomainPaused:
		return paused, nil
	case libvirt.DomainPmsuspended:
		return "suspended", nil
	case libvirt.DomainCrashed:
		return "crashed", nil
	case libvirt.DomainShutoff:
		saved, err := l.DomainHasManagedSaveImage(d, 0)
		if saved == 1 {
			return "saved", err
		}
		return stopped, err
	default:
		return running, nil
	}
}

// follow brings a domain from one state to another.
func follow(ctx context.Context, host *conn.Host, d libvirt.Domain, prior, plan table.Model) error {
	if prior.Bool("autostart") != plan.Bool("autostart") {
		err := host.Do(ctx, func(l *libvirt.Libvirt) error { return l.DomainSetAutostart(d, conn.Flag(plan.Bool("autostart"))) })
		if err != nil {
			return fault.In("set autostart of", err)
		}
	}
	switch was, is := prior.Str("state"), plan.Str("state"); {
	case was == is:
		return nil
	case is == stopped:
		return fault.In("stop", stop(ctx, host, d, plan.Int("shutdown_timeout")))
	default:
		return fault.In("start", start(ctx, host, d))
	}
}

// start starts or resumes a domain; one with a saved state goes on from there.
func start(ctx context.Context, host *conn.Host, d libvirt.Domain) error {
	return host.DoWithin(ctx, startLimit, func(l *libvirt.Libvirt) error {
		now, err := state(l, d)
		if err != nil {
			return err
		}
		switch now {
		case running:
			return nil
		case paused:
			return l.DomainResume(d)
		case "suspended":
			return l.DomainPmWakeup(d, 0)
		case "crashed":
			if err := l.DomainDestroy(d); err != nil {
				return err
			}
		}
		return l.DomainCreate(d)
	})
}

// stop asks the guest to shut down and cuts the power where it has not after so many seconds.
func stop(ctx context.Context, host *conn.Host, d libvirt.Domain, seconds int64) error {
	active, err := isActive(ctx, host, d)
	if err != nil || !active {
		return err
	}
	if seconds > 0 {
		down, err := shutDown(ctx, host, d, time.Duration(seconds)*time.Second)
		if down || err != nil {
			return err
		}
	}
	err = host.Do(ctx, func(l *libvirt.Libvirt) error { return l.DomainDestroyFlags(d, libvirt.DomainDestroyGraceful) })
	if err != nil {
		if active, look := isActive(ctx, host, d); look == nil && !active {
			return nil // it went down meanwhile
		}
	}
	return err
}

func isActive(ctx context.Context, host *conn.Host, d libvirt.Domain) (bool, error) {
	var active int32
	err := host.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		active, err = l.DomainIsActive(d)
		return err
	})
	return active == 1, err
}

// shutDown waits for libvirt's own word that the domain stopped.
func shutDown(ctx context.Context, host *conn.Host, d libvirt.Domain, grace time.Duration) (down bool, err error) {
	stopped, release, err := host.WhenStopped(ctx, d.UUID)
	if err != nil {
		return false, err
	}
	defer release()
	ask := func() error {
		return host.Do(ctx, func(l *libvirt.Libvirt) error { return l.DomainShutdownFlags(d, libvirt.DomainShutdownDefault) })
	}
	switch err := ask(); {
	case errors.Is(err, conn.ErrUnreachable) || ctx.Err() != nil:
		return false, err
	case err != nil:
		return false, nil // a guest that can't be asked, a paused one for example
	}
	timeout := time.NewTimer(grace)
	defer timeout.Stop()
	again := time.NewTicker(askAgain)
	defer again.Stop()
	for {
		select {
		case err := <-stopped:
			return err == nil, err
		case <-again.C:
			_ = ask() // it may have stopped just now; the wait tells
		case <-timeout.C:
			return false, nil
		case <-ctx.Done():
			return false, fmt.Errorf("interrupted while the guest was shutting down; its power was not cut: %w", ctx.Err())
		}
	}
}
