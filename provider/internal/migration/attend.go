package migration

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/digitalocean/go-libvirt"
)

const (
	// libvirt has no event for the progress of a job.
	progressPause = time.Second
	// abortLimit is how long a migration that was told to end may take to do so.
	abortLimit = 2 * time.Minute
	// unlimited is a pause of the guest that any migration fits in, in milliseconds; QEMU takes no longer one.
	unlimited = 2_000_000
)

// attend waits for the end of a migration: it tells of its progress, and does what was said where it takes too long or is interrupted.
func (t *transfer) attend(ctx context.Context, done <-chan error) error {
	tick := time.NewTicker(progressPause)
	defer tick.Stop()
	var late <-chan time.Time
	if t.Options.Timeout > 0 {
		timer := time.NewTimer(t.Options.Timeout)
		defer timer.Stop()
		late = timer.C
	}
	aside := context.WithoutCancel(ctx) // an interrupted migration is ended in order
	for {
		select {
		case err := <-done:
			return err
		case <-tick.C:
			t.tell(aside)
		case <-late:
			late = nil
			if hurried, err := t.overdue(aside); !hurried {
				return t.abort(aside, done, errors.Join(fmt.Errorf("it had not arrived after %s, and stays where it is; raise 'migration.timeout', or see 'migration.on_timeout'", t.Options.Timeout), err))
			}
		case <-ctx.Done():
			return t.abort(aside, done, fmt.Errorf("interrupted; it stays where it is: %w", ctx.Err()))
		}
	}
}

// overdue does what is to be done with a guest that has not arrived in time; the migration is to end where that is nothing.
func (t *transfer) overdue(ctx context.Context) (hurried bool, err error) {
	var how string
	var call func(l *libvirt.Libvirt) error
	switch o := t.Options; {
	case o.OnTimeout == OnTimeoutSuspend:
		how, call = "pauses until it has", func(l *libvirt.Libvirt) error { return l.DomainSuspend(t.domain) }
	case o.OnTimeout == OnTimeoutForce && o.PostCopy:
		how, call = "goes over while the rest of its memory follows", func(l *libvirt.Libvirt) error { return l.DomainMigrateStartPostCopy(t.domain, 0) }
	case o.OnTimeout == OnTimeoutForce:
		how, call = "may pause for as long as it takes", func(l *libvirt.Libvirt) error { return l.DomainMigrateSetMaxDowntime(t.domain, unlimited, 0) }
	default:
		return false, nil
	}
	logf(t.Request, "has not arrived after %s, and %s", t.Options.Timeout, how)
	err = t.From.Do(ctx, call)
	return err == nil, err
}

// abort ends the migration, and returns why, unless it was over already.
func (t *transfer) abort(ctx context.Context, done <-chan error, why error) error {
	if err := t.From.Do(ctx, func(l *libvirt.Libvirt) error { return l.DomainAbortJob(t.domain) }); err != nil {
		why = errors.Join(why, err)
	}
	select {
	case err := <-done:
		if err == nil {
			return nil // it arrived before it could be ended
		}
		return why
	case <-time.After(abortLimit):
		return errors.Join(why, fmt.Errorf("%s has not ended the migration within %s; it may still arrive", t.From.Name, abortLimit))
	}
}

// tell logs how far the migration is, for those who have Terraform's log on.
func (t *transfer) tell(ctx context.Context) {
	s, err := t.stats(ctx)
	if err != nil || s.total < s.remaining || s.total == 0 {
		return
	}
	logf(t.Request, "%d%% at %s, %d MiB remain, expected pause %d ms", 100*(s.total-s.remaining)/s.total, t.To.Name, s.remaining>>20, s.downtime)
}

// logf writes a line that Terraform shows with TF_LOG_PROVIDER=INFO.
func logf(r *Request, format string, args ...any) { log.Printf("[INFO] "+r.Name+": "+format, args...) }

type progress struct{ total, remaining, downtime uint64 }

func (t *transfer) stats(ctx context.Context) (p progress, err error) {
	err = t.From.Do(ctx, func(l *libvirt.Libvirt) error {
		_, params, err := l.DomainGetJobStats(t.domain, 0)
		for _, v := range params {
			n, _ := v.Value.I.(uint64)
			switch v.Field {
			case libvirt.DomainJobDataTotal:
				p.total = n
			case libvirt.DomainJobDataRemaining:
				p.remaining = n
			case libvirt.DomainJobDowntime:
				p.downtime = n
			}
		}
		return err
	})
	return p, err
}
