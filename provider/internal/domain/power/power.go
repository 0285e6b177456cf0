package power

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/confinement"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/observe"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// startTimeout is how long a host may take to start a domain.
const startTimeout = 5 * time.Minute

// wakeTimeout is how long a guest that suspended itself may take to wake up, and wakeInterval how often its state is read: libvirt's call
// returns before the guest is awake.
const (
	wakeTimeout  = 30 * time.Second
	wakeInterval = 200 * time.Millisecond
)

// Controller changes the run state of a domain.
type Controller struct {
	host     *conn.Host
	domain   libvirt.Domain
	policy   Policy
	OnlyHere bool // no other host can run the domain: its UUID was just generated, or it runs here
	HasRoom  bool // the host has memory for it: the caller has reserved it
	wentDown bool // the guest was shut down in order to be started again

	formerLeases map[string]int64 // of the guest's interfaces before it was started, as observe.Leases returns them
}

// New returns a Controller for a domain. The model says how the guest is shut down.
func New(host *conn.Host, d libvirt.Domain, m table.Model) *Controller {
	return &Controller{host: host, domain: d, policy: PolicyOf(m)}
}

// ApplyRunState sets autostart, and brings a domain from the run state of prior to that of plan.
func (r *Controller) ApplyRunState(ctx context.Context, prior, plan table.Model) error {
	if prior.Bool("autostart") != plan.Bool("autostart") {
		err := r.host.Do(ctx, func(l *libvirt.Libvirt) error {
			return l.DomainSetAutostart(r.domain, conn.Flag(plan.Bool("autostart")))
		})
		if err != nil {
			return diag.Wrap("set autostart of", err)
		}
	}
	wanted := plan.Str("state")
	if prior.Str("state") == wanted && !r.wentDown {
		return nil
	}
	r.noteLeases(ctx, plan)
	return r.TransitionTo(ctx, wanted)
}

// ShutDown shuts the guest down, so that it can be started again with the definition that it has by then.
func (r *Controller) ShutDown(ctx context.Context) error {
	now, err := r.now(ctx)
	if err != nil {
		return diag.Wrap("restart", err)
	}
	if err := r.TransitionTo(ctx, schema.Stopped); err != nil {
		return err
	}
	r.OnlyHere, r.wentDown = now != schema.Stopped, true
	r.HasRoom = schema.GuestIsUp(now) // it gives back what it had, and the caller has reserved what it gets in addition
	return nil
}

// ShutDownForRemoval shuts down a domain that is about to be removed. It does not resume a saved domain for that.
func (r *Controller) ShutDownForRemoval(ctx context.Context) error {
	if now, err := r.now(ctx); err != nil || now == schema.Saved {
		return err
	}
	return r.TransitionTo(ctx, schema.Stopped)
}

type transition func(r *Controller, ctx context.Context) error

// transitions maps the wanted state and the current state of a domain to the function that brings it closer to the wanted state.
var transitions = map[string]map[string]transition{
	schema.Running: {
		schema.Stopped: (*Controller).start, schema.Saved: (*Controller).restore,
		schema.Paused: (*Controller).resume, schema.Suspended: (*Controller).wake,
		schema.Crashed: (*Controller).powerOff,
	},
	schema.Paused: {
		schema.Stopped: (*Controller).startPaused, schema.Saved: (*Controller).restorePaused,
		schema.Running: (*Controller).pause, schema.Suspended: (*Controller).wake,
		schema.Crashed: (*Controller).powerOff,
	},
	schema.Saved: {
		schema.Stopped: (*Controller).startPaused, schema.Running: (*Controller).save,
		schema.Paused: (*Controller).save, schema.Suspended: (*Controller).wake,
		schema.Crashed: (*Controller).powerOff,
	},
	schema.Stopped: {
		schema.Saved: (*Controller).endSaved, schema.Running: (*Controller).shutDown,
		schema.Paused: (*Controller).endPaused, schema.Suspended: (*Controller).endSuspended,
		schema.Crashed: (*Controller).powerOff,
	},
}

// verbs maps the wanted state of a domain to the verb for errors.
var verbs = map[string]string{schema.Running: "start", schema.Paused: "pause", schema.Saved: "save", schema.Stopped: "stop"}

// TransitionTo brings the domain from any current state to the wanted state.
func (r *Controller) TransitionTo(ctx context.Context, wanted string) error {
	verb := verbs[wanted]
	was := ""
	for {
		now, err := r.now(ctx)
		switch {
		case err != nil:
			return diag.Wrap(verb, err)
		case now == wanted:
			return nil
		case now == was:
			return diag.Wrap(verb, fmt.Errorf("on %s: it is %s, and stays so; look what keeps it (virsh domstate %s "+
				"--reason), then run this again", r.host.Name, now, r.domain.Name))
		}
		was = now
		if err := transitions[wanted][now](r, ctx); err != nil {
			return diag.Wrap(verb, err)
		}
	}
}

func (r *Controller) now(ctx context.Context) (now string, err error) {
	err = r.host.Do(ctx, func(l *libvirt.Libvirt) error {
		var active bool
		if now, active, err = observe.RunState(l, r.domain); now == schema.Crashed && !active {
			now = schema.Stopped // nothing of it is left running
		}
		return err
	})
	return now, err
}

// resume lets a paused domain run. A domain that was not paused by a user may be the remainder of a migration: then its guest runs on
// another host.
func (r *Controller) resume(ctx context.Context) error {
	var reason int32
	err := r.host.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		_, reason, err = l.DomainGetState(r.domain, 0)
		return err
	})
	if err == nil && libvirt.DomainPausedReason(reason) != libvirt.DomainPausedUser {
		err = r.ensureNotRunningElsewhere(ctx)
	}
	if err != nil {
		return err
	}
	return r.host.DoWithin(ctx, startTimeout, func(l *libvirt.Libvirt) error { return l.DomainResume(r.domain) })
}

func (r *Controller) pause(ctx context.Context) error {
	return r.host.Do(ctx, func(l *libvirt.Libvirt) error { return l.DomainSuspend(r.domain) })
}

// wake wakes a guest that suspended itself, and waits until it is awake.
func (r *Controller) wake(ctx context.Context) error {
	if err := r.host.Do(ctx, func(l *libvirt.Libvirt) error { return l.DomainPmWakeup(r.domain, 0) }); err != nil {
		return err
	}
	within, cancel := context.WithTimeout(ctx, wakeTimeout)
	defer cancel()
	look := time.NewTicker(wakeInterval)
	defer look.Stop()
	for {
		if now, err := r.now(ctx); err != nil || now != schema.Suspended {
			return err
		}
		select {
		case <-look.C:
		case <-within.Done():
			return errors.Join(fmt.Errorf("on %s: the guest suspended itself and has not woken up within %s", r.host.Name, wakeTimeout), ctx.Err())
		}
	}
}

func (r *Controller) start(ctx context.Context) error { return r.boot(ctx, 0) }

func (r *Controller) startPaused(ctx context.Context) error {
	return r.boot(ctx, libvirt.DomainStartPaused)
}

func (r *Controller) boot(ctx context.Context, flags libvirt.DomainCreateFlags) error {
	if err := r.ensureNotRunningElsewhere(ctx); err != nil {
		return err
	}
	// libvirt (9.0) carries out at most five calls of one connection at a time and does not read more. It installs the filters of many
	// guests one after the other: five slow starts would keep all other calls waiting until they time out, and with them the connection
	// and the starts on it would be given up.
	return r.startWithRoom(ctx, "start", r.definition, func() error {
		return r.host.DoOnOwnConnection(ctx, startTimeout, func(l *libvirt.Libvirt) error {
			if err := confinement.Restore(l, r.domain); err != nil {
				return err
			}
			_, err := l.DomainCreateWithFlags(r.domain, uint32(flags))
			return err
		})
	})
}

// endPaused resumes a paused guest, because it could not shut down otherwise. Without a grace period, it switches the domain off instead.
func (r *Controller) endPaused(ctx context.Context) error {
	return r.endGuest(ctx, (*Controller).resume, (*Controller).powerOff)
}

func (r *Controller) endSuspended(ctx context.Context) error {
	return r.endGuest(ctx, (*Controller).wake, (*Controller).powerOff)
}

// endSaved restores a saved guest, because it could not shut down otherwise. Without a grace period, it discards the save image instead.
func (r *Controller) endSaved(ctx context.Context) error {
	return r.endGuest(ctx, (*Controller).restore, (*Controller).discard)
}

func (r *Controller) endGuest(ctx context.Context, gently, atOnce transition) error {
	if r.policy.Grace == 0 {
		return atOnce(r, ctx)
	}
	return gently(r, ctx)
}
