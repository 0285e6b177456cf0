package conn

import (
	"context"
	"math"
	"sync"
	"time"

	"github.com/digitalocean/go-libvirt"
)

// Listing is something that a host reports as a whole, such as the UUIDs of its domains. A series of reads asks for it once: see
// WithBulkReads.
type Listing[T any] struct {
	Read func(l *libvirt.Libvirt) (T, error)
}

// listed is the state of a Listing on one host.
type listed[T any] struct {
	mu     sync.Mutex
	latest *reading[T]
}

type reading[T any] struct {
	began time.Time
	done  chan struct{} // closed when t and err are known
	t     T
	err   error
}

// Get returns the listing of a host. ok is false if ctx belongs to no series of reads, or if the host did not answer.
func (s *Listing[T]) Get(ctx context.Context, h *Host) (t T, ok bool) {
	return s.GetWithin(ctx, h, math.MaxInt64)
}

// GetWithin is Get for a caller that can do without the listing: ok is also false if the host has not answered within this time after it was
// asked. The attempt to reach the host continues, because others may wait for the same connection.
func (s *Listing[T]) GetWithin(ctx context.Context, h *Host, patience time.Duration) (t T, ok bool) {
	if ctx.Value(bulkKey{}) == nil {
		return t, false
	}
	kept, _ := h.bulkReads.LoadOrStore(s, &listed[T]{})
	r := kept.(*listed[T]).current(func(r *reading[T]) {
		r.err = h.Do(context.WithoutCancel(ctx), func(l *libvirt.Libvirt) (err error) {
			r.t, err = s.Read(l)
			return err
		})
		close(r.done)
	})
	select {
	case <-r.done:
		return r.t, r.err == nil
	default:
	}
	limit := time.NewTimer(patience - time.Since(r.began))
	defer limit.Stop()
	select {
	case <-r.done:
		return r.t, r.err == nil
	case <-limit.C:
	case <-ctx.Done():
	}
	return t, false
}

// current returns a reading that is going on or recent; if there is none, it begins one.
func (l *listed[T]) current(read func(*reading[T])) *reading[T] {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r := l.latest; r != nil && time.Since(r.began) < maxAge {
		return r
	}
	l.latest = &reading[T]{began: time.Now(), done: make(chan struct{})}
	go read(l.latest)
	return l.latest
}
