package migration

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
)

const (
	// progressPause is the time between two log lines of progress. libvirt has no event for the progress of a job.
	progressPause = time.Second
	// retryPause is the time between two attempts at a call that libvirt can't carry out before the migration has come far enough.
	retryPause = 100 * time.Millisecond
	// abortLimit is how long the source host may take to end a migration once it has accepted the call that ends it.
	abortLimit = 2 * time.Minute
	// unlimited is the longest pause of the guest that QEMU accepts, in milliseconds: any migration fits in it.
	unlimited = 2_000_000
)

// attend waits for the end of a migration. Meanwhile it logs the progress, does what on_timeout says when the time is up, and ends the
// migration when Terraform is interrupted.
func (t *transfer) attend(ctx context.Context, done <-chan error) error {
	tick := time.NewTicker(progressPause)
	defer tick.Stop()
	var due <-chan time.Time
	if t.Options.Timeout > 0 {
		timer := time.NewTimer(t.Options.Timeout)
		defer timer.Stop()
		due = timer.C
	}
	orderly := context.WithoutCancel(ctx) // so that an interrupted migration can still be ended
	for {
		select {
		case err := <-done:
			return err
		case <-tick.C:
			t.tell(orderly)
		case <-due:
			due = nil
			hurried, err := t.hurry(orderly)
			switch {
			case errors.Is(err, errTooEarly):
				due = time.After(retryPause)
			case !hurried:
				return t.abort(orderly, done, errors.Join(fmt.Errorf("it had not arrived after %s, and stays where it is; raise "+
					"'migration.timeout', or see 'migration.on_timeout'", t.Options.Timeout), err))
			}
		case <-ctx.Done():
			return t.abort(orderly, done, fmt.Errorf("interrupted; it stays where it is: %w", ctx.Err()))
		}
	}
}

// errTooEarly means that the migration has not come far enough for the action of on_timeout.
var errTooEarly = errors.New("the migration does not send memory yet")

// hurry takes the action of on_timeout for a guest that has not arrived in time. It returns false if the migration has to be ended, and
// errTooEarly if the same call will succeed later.
func (t *transfer) hurry(ctx context.Context) (hurried bool, err error) {
	var how string
	var call func(l *libvirt.Libvirt) error
	switch o := t.Options; {
	case o.OnTimeout == OnTimeoutSuspend:
		how, call = "pauses until it has", func(l *libvirt.Libvirt) error { return l.DomainSuspend(t.domain) }
	case o.OnTimeout == OnTimeoutForce && o.PostCopy:
		// Until QEMU sends memory, libvirt (9.0) returns QEMU's error 'Enable postcopy with migrate_set_capability before the start of
		// migration'. QEMU sends memory once the hosts are connected and the disks are copied.
		if p, err := t.stats(ctx); err == nil && p.memory == 0 {
			return false, errTooEarly
		}
		how, call = "goes over while the rest of its memory follows",
			func(l *libvirt.Libvirt) error { return l.DomainMigrateStartPostCopy(t.domain, 0) }
	case o.OnTimeout == OnTimeoutForce:
		how, call = "may pause for as long as it takes",
			func(l *libvirt.Libvirt) error { return l.DomainMigrateSetMaxDowntime(t.domain, unlimited, 0) }
	default:
		return false, nil
	}
	logf(t.Request, "has not arrived after %s, and %s", t.Options.Timeout, how)
	err = t.From.Do(ctx, call)
	return err == nil, err
}

// abort ends the migration and returns why, or nil if the guest had arrived before. A migration that the host has not begun yet can't be
// ended, and would be carried out afterwards: abort waits until it has begun.
func (t *transfer) abort(ctx context.Context, done <-chan error, why error) error {
	var limit, retry <-chan time.Time
	for {
		err := t.From.Do(ctx, func(l *libvirt.Libvirt) error { return l.DomainAbortJob(t.domain) })
		switch {
		case conn.IsNoJob(err):
			retry = time.After(retryPause)
		case err != nil:
			why = errors.Join(why, err)
			fallthrough
		default:
			limit, retry = time.After(abortLimit), nil
		}
		select {
		case err := <-done:
			if err == nil {
				return nil
			}
			return why
		case <-limit:
			return errors.Join(why, fmt.Errorf("%s has not ended the migration within %s; it may still arrive", t.From.Name, abortLimit))
		case <-retry:
		}
	}
}

// tell logs how far the migration has come, for users who have turned on Terraform's log.
func (t *transfer) tell(ctx context.Context) {
	s, err := t.stats(ctx)
	if err != nil || s.total < s.remaining || s.total == 0 {
		return
	}
	logf(t.Request, "%d%% at %s, %d MiB remain, expected pause %d ms", 100*(s.total-s.remaining)/s.total, t.To.Name, s.remaining>>20, s.downtime)
}

// logf writes a line that Terraform shows with TF_LOG_PROVIDER=INFO.
func logf(r *Request, format string, args ...any) { log.Printf("[INFO] "+r.Name+": "+format, args...) }

// progress describes how far a migration has come.
type progress struct {
	total, remaining uint64 // bytes of memory and disks
	memory           uint64 // bytes of memory, 0 before QEMU sends any
	downtime         uint64 // the expected pause of the guest, in milliseconds
}

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
			case libvirt.DomainJobMemoryTotal:
				p.memory = n
			case libvirt.DomainJobDowntime:
				p.downtime = n
			}
		}
		return err
	})
	return p, err
}
