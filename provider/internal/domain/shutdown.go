package domain

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// graceSeconds is how long a guest has to shut down where nobody says.
const graceSeconds = 30

// askAgain is how often a guest is asked to shut down: one that is still booting does not hear it.
const askAgain = 3 * time.Second

// policy is how a guest is shut down.
type policy struct {
	grace time.Duration
	mode  string // "" is libvirt's choice
	force bool
}

func policyOf(m table.Model) policy {
	group := m.Group("shutdown")
	seconds, set := group["timeout"].(int64)
	if !set {
		seconds = graceSeconds
	}
	return policy{grace: time.Duration(seconds) * time.Second, mode: group.Str("mode"), force: group.Str("on_timeout") != "fail"}
}

func (p policy) flag() libvirt.DomainShutdownFlagValues {
	switch p.mode {
	case "acpi":
		return libvirt.DomainShutdownAcpiPowerBtn
	case "agent":
		return libvirt.DomainShutdownGuestAgent
	default:
		return libvirt.DomainShutdownDefault
	}
}

// asked says how the guest is asked, for errors.
func (p policy) asked() string {
	switch p.mode {
	case "acpi":
		return "asked to shut down by its power button"
	case "agent":
		return "asked to shut down by its guest agent"
	default:
		return "asked to shut down"
	}
}

// String says what happens, for plans.
func (p policy) String() string {
	switch {
	case p.grace == 0:
		return "its power is cut at once"
	case p.force:
		return fmt.Sprintf("the guest is %s, and its power is cut where it has not after %s", p.asked(), seconds(p.grace))
	default:
		return fmt.Sprintf("the guest is %s; where it has not after %s, this fails and it keeps running", p.asked(), seconds(p.grace))
	}
}

func seconds(d time.Duration) string {
	if d == time.Second {
		return "1 second"
	}
	return fmt.Sprintf("%d seconds", d/time.Second)
}

// shutDown asks the guest, and does what the policy says where it has not shut down in time.
func (r run) shutDown(ctx context.Context) error {
	if r.policy.grace == 0 {
		return r.cut(ctx)
	}
	down, refusal, err := r.ask(ctx)
	if down || err != nil {
		return err
	}
	if r.policy.force {
		return r.cut(ctx)
	}
	err = fmt.Errorf("on %s: the guest was %s and has not within %s; it still runs", r.host.Name, r.policy.asked(), seconds(r.policy.grace))
	if refusal != nil {
		err = fmt.Errorf("%w (the last answer was: %w)", err, refusal)
	}
	return &diag.Error{Verb: "stop", Err: err, Remedy: fmt.Sprintf("Its power was not cut, because shutdown.on_timeout is \"fail\". See what the guest waits for (virsh console %s), "+
		"give it more time in shutdown.timeout, or set on_timeout to \"force\"; then run this again.", r.domain.Name)}
}

// ask waits for libvirt's own word that the domain stopped. refusal is the last answer of a guest that can't be asked.
func (r run) ask(ctx context.Context) (down bool, refusal, err error) {
	stopped, release, err := r.host.WhenStopped(ctx, r.domain.UUID)
	if err != nil {
		return false, nil, err
	}
	defer release()
	ask := func() error {
		return r.host.Do(ctx, func(l *libvirt.Libvirt) error { return l.DomainShutdownFlags(r.domain, r.policy.flag()) })
	}
	refusal = ask()
	switch {
	case errors.Is(refusal, conn.ErrUnreachable) || ctx.Err() != nil:
		return false, nil, refusal
	case refusal != nil:
		if active, err := r.active(ctx); err != nil || !active {
			return err == nil, nil, err // it went down before anybody waited for it
		}
	}
	timeout := time.NewTimer(r.policy.grace)
	defer timeout.Stop()
	again := time.NewTicker(askAgain)
	defer again.Stop()
	for {
		select {
		case err := <-stopped:
			return err == nil, nil, err
		case <-again.C:
			refusal = ask() // it may have stopped just now; the wait tells
		case <-timeout.C:
			return false, refusal, nil
		case <-ctx.Done():
			return false, nil, fmt.Errorf("interrupted while the guest was shutting down; its power was not cut: %w", ctx.Err())
		}
	}
}

// cut switches a domain off.
func (r run) cut(ctx context.Context) error {
	err := r.host.Do(ctx, func(l *libvirt.Libvirt) error { return l.DomainDestroyFlags(r.domain, libvirt.DomainDestroyGraceful) })
	if err != nil {
		if active, look := r.active(ctx); look == nil && !active {
			return nil // it went down meanwhile
		}
	}
	return err
}

func (r run) active(ctx context.Context) (bool, error) {
	var active int32
	err := r.host.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		active, err = l.DomainIsActive(r.domain)
		return err
	})
	return active == 1, err
}
