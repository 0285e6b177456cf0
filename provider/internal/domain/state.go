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

// What a domain is: the first four it can be told to be.
const (
	running   = "running"
	paused    = "paused"
	saved     = "saved"
	stopped   = "stopped"
	suspended = "suspended"
	crashed   = "crashed"
)

// startLimit is how long a host may take to start a domain.
const startLimit = 5 * time.Minute

// wakeLimit is how long a guest that suspended itself may take to wake up, and wakeLook how often it is looked at: libvirt's call returns
// before.
const (
	wakeLimit = 30 * time.Second
	wakeLook  = 200 * time.Millisecond
)

// observe says what the domain is doing, in this provider's words, and whether it has a QEMU.
func observe(l *libvirt.Libvirt, d libvirt.Domain) (now string, active bool, err error) {
	is, reason, err := l.DomainGetState(d, 0)
	if err != nil {
		return "", false, err
	}
	switch libvirt.DomainState(is) {
	case libvirt.DomainPaused:
		if libvirt.DomainPausedReason(reason) == libvirt.DomainPausedCrashed {
			return crashed, true, nil
		}
		return paused, true, nil
	case libvirt.DomainPmsuspended:
		return suspended, true, nil
	case libvirt.DomainCrashed:
		return crashed, true, nil
	case libvirt.DomainShutoff:
		image, err := l.DomainHasManagedSaveImage(d, 0)
		switch {
		case err != nil:
			return "", false, err
		case image == 1:
			return saved, false, nil
		case libvirt.DomainShutoffReason(reason) == libvirt.DomainShutoffCrashed:
			return crashed, false, nil
		default:
			return stopped, false, nil
		}
	default:
		return running, true, nil
	}
}

// state is what the domain is doing.
func state(l *libvirt.Libvirt, d libvirt.Domain) (string, error) {
	now, _, err := observe(l, d)
	return now, err
}

// run is a domain that is about to do something else.
type run struct {
	host   *conn.Host
	domain libvirt.Domain
	policy policy
	sure   bool // no other host can run it: its UUID was made just now, or it runs here
}

// follow brings a domain from one state to another.
func follow(ctx context.Context, r run, prior, plan table.Model) error {
	if prior.Bool("autostart") != plan.Bool("autostart") {
		err := r.host.Do(ctx, func(l *libvirt.Libvirt) error {
			return l.DomainSetAutostart(r.domain, conn.Flag(plan.Bool("autostart")))
		})
		if err != nil {
			return diag.Wrap("set autostart of", err)
		}
	}
	wanted := plan.Str("state")
	if plan.Str("on_change") == restart && lookAhead(prior, plan).restarts() {
		return r.restart(ctx, wanted)
	}
	if prior.Str("state") == wanted {
		return nil
	}
	return r.become(ctx, wanted)
}

// restart shuts the guest down and starts it with what is defined by then.
func (r run) restart(ctx context.Context, wanted string) error {
	now, err := r.now(ctx)
	if err != nil {
		return diag.Wrap("restart", err)
	}
	if err := r.become(ctx, stopped); err != nil {
		return err
	}
	r.sure = now != stopped
	return r.become(ctx, wanted)
}

// end shuts a domain down that is about to go. A saved one is not brought back for it.
func (r run) end(ctx context.Context) error {
	if now, err := r.now(ctx); err != nil || now == saved {
		return err
	}
	return r.become(ctx, stopped)
}

type way func(r run, ctx context.Context) error

// ways are how a domain comes nearer to what it is to be: by that, and by what it is now.
var ways = map[string]map[string]way{
	running: {stopped: run.start, saved: run.restore, paused: run.resume, suspended: run.wake, crashed: run.cut},
	paused:  {stopped: run.startPaused, saved: run.restorePaused, running: run.pause, suspended: run.wake, crashed: run.cut},
	saved:   {stopped: run.startPaused, running: run.save, paused: run.save, suspended: run.wake, crashed: run.cut},
	stopped: {saved: run.endSaved, running: run.shutDown, paused: run.endPaused, suspended: run.endSuspended, crashed: run.cut},
}

// verbs are what is being done to a domain that is to be something, for errors.
var verbs = map[string]string{running: "start", paused: "pause", saved: "save", stopped: "stop"}

// become brings the domain, whatever it is now, to what it is to be.
func (r run) become(ctx context.Context, wanted string) error {
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
			return diag.Wrap(verb, fmt.Errorf("on %s: it is %s, and stays so; look what keeps it (virsh domstate %s --reason), then run this again", r.host.Name, now, r.domain.Name))
		}
		was = now
		if err := ways[wanted][now](r, ctx); err != nil {
			return diag.Wrap(verb, err)
		}
	}
}

func (r run) now(ctx context.Context) (now string, err error) {
	err = r.host.Do(ctx, func(l *libvirt.Libvirt) error {
		var active bool
		if now, active, err = observe(l, r.domain); now == crashed && !active {
			now = stopped // nothing is left of it
		}
		return err
	})
	return now, err
}

// resume lets a paused domain run. One that nobody paused may be what a migration has left behind: then its guest runs elsewhere.
func (r run) resume(ctx context.Context) error {
	var reason int32
	err := r.host.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		_, reason, err = l.DomainGetState(r.domain, 0)
		return err
	})
	if err == nil && libvirt.DomainPausedReason(reason) != libvirt.DomainPausedUser {
		err = r.alone(ctx)
	}
	if err != nil {
		return err
	}
	return r.host.DoWithin(ctx, startLimit, func(l *libvirt.Libvirt) error { return l.DomainResume(r.domain) })
}

func (r run) pause(ctx context.Context) error {
	return r.host.Do(ctx, func(l *libvirt.Libvirt) error { return l.DomainSuspend(r.domain) })
}

// wake wakes a guest that suspended itself, and waits until it is awake.
func (r run) wake(ctx context.Context) error {
	if err := r.host.Do(ctx, func(l *libvirt.Libvirt) error { return l.DomainPmWakeup(r.domain, 0) }); err != nil {
		return err
	}
	within, cancel := context.WithTimeout(ctx, wakeLimit)
	defer cancel()
	look := time.NewTicker(wakeLook)
	defer look.Stop()
	for {
		if now, err := r.now(ctx); err != nil || now != suspended {
			return err
		}
		select {
		case <-look.C:
		case <-within.Done():
			return errors.Join(fmt.Errorf("on %s: the guest suspended itself and has not woken up within %s", r.host.Name, wakeLimit), ctx.Err())
		}
	}
}

func (r run) start(ctx context.Context) error       { return r.boot(ctx, 0) }
func (r run) startPaused(ctx context.Context) error { return r.boot(ctx, libvirt.DomainStartPaused) }

func (r run) boot(ctx context.Context, flags libvirt.DomainCreateFlags) error {
	if err := r.alone(ctx); err != nil {
		return err
	}
	// Of one connection libvirt (9.0) has five calls under way and reads no more. Filters of many guests are put in place one after the other:
	// five slow starts would keep all else waiting, until that is given up together with the connection and the starts on it.
	return r.host.DoOnOwnConnection(ctx, startLimit, func(l *libvirt.Libvirt) error {
		_, err := l.DomainCreateWithFlags(r.domain, uint32(flags))
		return err
	})
}

// endPaused lets the guest run, or it could not shut down.
func (r run) endPaused(ctx context.Context) error { return r.ending(ctx, run.resume, run.cut) }

func (r run) endSuspended(ctx context.Context) error { return r.ending(ctx, run.wake, run.cut) }

// endSaved brings the guest back, or it could not shut down.
func (r run) endSaved(ctx context.Context) error { return r.ending(ctx, run.restore, run.discard) }

func (r run) ending(ctx context.Context, gently, atOnce way) error {
	if r.policy.grace == 0 {
		return atOnce(r, ctx)
	}
	return gently(r, ctx)
}
