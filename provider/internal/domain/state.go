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
		autostart := int32(0)
		if plan.Bool("autostart") {
			autostart = 1
		}
		err := host.Do(ctx, func(l *libvirt.Libvirt) error { return l.DomainSetAutostart(d, autostart) })
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
	grace := time.Duration(seconds) * time.Second
	return host.DoWithin(ctx, grace+conn.CallTimeout, func(l *libvirt.Libvirt) error {
		active, err := l.DomainIsActive(d)
		if err != nil || active == 0 {
			return err
		}
		if grace > 0 {
			if down, err := shutDown(ctx, l, d, grace); down || err != nil {
				return err
			}
			if ctx.Err() != nil {
				return fmt.Errorf("interrupted while the guest was shutting down; its power was not cut: %w", ctx.Err())
			}
		}
		err = l.DomainDestroyFlags(d, libvirt.DomainDestroyGraceful)
		if now, _ := l.DomainIsActive(d); err != nil && now == 0 {
			return nil // it went down meanwhile
		}
		return err
	})
}

// shutDown waits for libvirt's own word that the domain stopped.
func shutDown(ctx context.Context, l *libvirt.Libvirt, d libvirt.Domain, grace time.Duration) (down bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, grace)
	events, err := l.SubscribeEvents(ctx, libvirt.DomainEventIDLifecycle, nil)
	if err != nil {
		cancel()
		return false, fmt.Errorf("unable to listen for events: %w", err)
	}
	defer func() {
		cancel()
		for range events { // the sender waits for a reader until it sees that the context has ended
		}
	}()
	if err := l.DomainShutdownFlags(d, libvirt.DomainShutdownDefault); err != nil {
		// A guest that can't be asked, a paused one for example, has its power cut.
		var remote libvirt.Error
		if errors.As(err, &remote) {
			return false, nil
		}
		return false, err
	}
	for e := range events {
		m, ok := e.(*libvirt.DomainEventCallbackLifecycleMsg)
		if ok && m.Msg.Dom.UUID == d.UUID && m.Msg.Event == int32(libvirt.DomainEventStopped) {
			return true, nil
		}
	}
	return false, nil
}
