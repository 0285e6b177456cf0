package power

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// shutdownRepeat is how often a guest is asked to shut down: a guest that is still booting does not notice the request.
const shutdownRepeat = 3 * time.Second

// Policy describes how a guest is shut down.
type Policy struct {
	Grace time.Duration
	mode  string // "" leaves the choice to libvirt
	force bool
}

// PolicyOf reads the policy from a domain's model.
func PolicyOf(m table.Model) Policy {
	group := m.Group("shutdown")
	seconds, set := group["timeout"].(int64)
	if !set {
		seconds = schema.DefaultShutdownSeconds
	}
	return Policy{Grace: time.Duration(seconds) * time.Second, mode: group.Str("mode"), force: group.Str("on_timeout") != "fail"}
}

func (p Policy) flag() libvirt.DomainShutdownFlagValues {
	switch p.mode {
	case "acpi":
		return libvirt.DomainShutdownAcpiPowerBtn
	case "agent":
		return libvirt.DomainShutdownGuestAgent
	default:
		return libvirt.DomainShutdownDefault
	}
}

// asked describes how the guest is asked to shut down, for errors.
func (p Policy) asked() string {
	switch p.mode {
	case "acpi":
		return "asked to shut down by its power button"
	case "agent":
		return "asked to shut down by its guest agent"
	default:
		return "asked to shut down"
	}
}

// String describes what happens to the guest, for plans.
func (p Policy) String() string {
	switch {
	case p.Grace == 0:
		return "its power is cut at once"
	case p.force:
		return fmt.Sprintf("the guest is %s, and its power is cut where it has not after %s", p.asked(), seconds(p.Grace))
	default:
		return fmt.Sprintf("the guest is %s; where it has not after %s, this fails and it keeps running", p.asked(), seconds(p.Grace))
	}
}

func seconds(d time.Duration) string {
	if d == time.Second {
		return "1 second"
	}
	return fmt.Sprintf("%d seconds", d/time.Second)
}

// shutDown asks the guest to shut down, and does what the policy says if it has not shut down in time.
func (r *Controller) shutDown(ctx context.Context) error {
	if r.policy.Grace == 0 {
		return r.powerOff(ctx)
	}
	down, refusal, err := r.requestShutdown(ctx)
	if down || err != nil {
		return err
	}
	if r.policy.force {
		return r.powerOff(ctx)
	}
	err = fmt.Errorf("on %s: the guest was %s and has not within %s; it still runs", r.host.Name, r.policy.asked(), seconds(r.policy.Grace))
	if refusal != nil {
		err = fmt.Errorf("%w (the last answer was: %w)", err, refusal)
	}
	return &diag.Error{
		Verb: "stop", Err: err,
		Remedy: fmt.Sprintf("Its power was not cut, because shutdown.on_timeout is \"fail\". See what the guest waits for (virsh console %s), "+
			"give it more time in shutdown.timeout, or set on_timeout to \"force\"; then run this again.", r.domain.Name),
	}
}

// requestShutdown asks the guest to shut down and waits for libvirt's event that the domain stopped. refusal is the last error if the
// guest can't be asked.
func (r *Controller) requestShutdown(ctx context.Context) (down bool, refusal, err error) {
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
		if active, err := r.IsActive(ctx); err != nil || !active {
			return err == nil, nil, err // it had stopped before the wait for it began
		}
	}
	timeout := time.NewTimer(r.policy.Grace)
	defer timeout.Stop()
	again := time.NewTicker(shutdownRepeat)
	defer again.Stop()
	for {
		select {
		case err := <-stopped:
			return err == nil, nil, err
		case <-again.C:
			refusal = ask() // it may have just stopped; the event tells
		case <-timeout.C:
			return false, refusal, nil
		case <-ctx.Done():
			return false, nil, fmt.Errorf("interrupted while the guest was shutting down; its power was not cut: %w", ctx.Err())
		}
	}
}

// powerOff switches a domain off without asking the guest.
func (r *Controller) powerOff(ctx context.Context) error {
	err := r.host.Do(ctx, func(l *libvirt.Libvirt) error { return l.DomainDestroyFlags(r.domain, libvirt.DomainDestroyGraceful) })
	if err != nil {
		if active, look := r.IsActive(ctx); look == nil && !active {
			return nil // it stopped in the meantime
		}
	}
	return err
}

// IsActive reports whether the domain has a running QEMU.
func (r *Controller) IsActive(ctx context.Context) (bool, error) {
	var active int32
	err := r.host.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		active, err = l.DomainIsActive(r.domain)
		return err
	})
	return active == 1, err
}
