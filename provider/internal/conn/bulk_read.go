package conn

import (
	"context"
	"sync"
	"time"

	"github.com/digitalocean/go-libvirt"
)

// BulkReader reads all objects of one type on a host before each is asked for. Reading a thousand objects one after
// another would take a thousand round trips. O is libvirt's name of an object; T is the result of reading one.
type BulkReader[O, T any] struct {
	// List returns all objects of a host, by a key that the caller chooses.
	List func(l *libvirt.Libvirt) (map[string]O, error)
	// Read reads one object.
	Read func(l *libvirt.Libvirt, o O) (T, error)
}

const (
	// bulkReaders is how many objects of a host are read at the same time. libvirtd serves five calls of a connection at once by default;
	// the others are queued there.
	bulkReaders = 32
	// maxAge is how old a result may be: no older than a plan is when a person has read it.
	maxAge = 30 * time.Second
)

type bulkKey struct{}

// WithBulkReads returns a context whose reads are part of a series that reads many objects.
func WithBulkReads(ctx context.Context) context.Context {
	return context.WithValue(ctx, bulkKey{}, true)
}

// bulkRead is the state of a BulkReader on one host. It gives each result once: a second request asks the host.
type bulkRead[O, T any] struct {
	mu      sync.Mutex
	asked   int
	listed  chan struct{} // closed when answers has all keys; nil before the bulk read begins
	answers map[string]*answer[T]
}

type answer[T any] struct {
	done chan struct{}
	at   time.Time
	t    T
	err  error
}

// Get returns the result of the bulk read for an object. ok is false if the caller has to read the object itself. The
// bulk read begins when a second object of the host is asked for.
func (s *BulkReader[O, T]) Get(ctx context.Context, h *Host, key string) (t T, ok bool) {
	if ctx.Value(bulkKey{}) == nil {
		return t, false
	}
	kept, _ := h.bulkReads.LoadOrStore(s, &bulkRead[O, T]{})
	r := kept.(*bulkRead[O, T])
	listed := r.begin(ctx, s, h)
	if listed == nil {
		return t, false
	}
	select {
	case <-listed:
	case <-ctx.Done():
		return t, false
	}
	a := r.take(key)
	if a == nil {
		return t, false
	}
	select {
	case <-a.done:
	case <-ctx.Done():
		return t, false
	}
	return a.t, a.err == nil && time.Since(a.at) < maxAge
}

func (r *bulkRead[O, T]) begin(ctx context.Context, s *BulkReader[O, T], h *Host) chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.asked++; r.asked == 2 {
		r.listed = make(chan struct{})
		go r.readAll(context.WithoutCancel(ctx), s, h)
	}
	return r.listed
}

func (r *bulkRead[O, T]) take(key string) *answer[T] {
	r.mu.Lock()
	defer r.mu.Unlock()
	a := r.answers[key]
	delete(r.answers, key)
	return a
}

// readAll reads all objects. Errors are left to the caller that then reads the object itself.
func (r *bulkRead[O, T]) readAll(ctx context.Context, s *BulkReader[O, T], h *Host) {
	var objects map[string]O
	err := h.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		objects, err = s.List(l)
		return err
	})
	if err != nil {
		close(r.listed)
		return
	}
	type task struct {
		object O
		answer *answer[T]
	}
	tasks := make(chan task, len(objects))
	r.mu.Lock()
	r.answers = make(map[string]*answer[T], len(objects))
	for key, o := range objects {
		r.answers[key] = &answer[T]{done: make(chan struct{})}
		tasks <- task{o, r.answers[key]}
	}
	r.mu.Unlock()
	close(tasks)
	close(r.listed)
	for range bulkReaders {
		go func() {
			for t := range tasks {
				t.answer.at = time.Now()
				t.answer.err = h.Do(ctx, func(l *libvirt.Libvirt) (err error) {
					t.answer.t, err = s.Read(l, t.object)
					return err
				})
				close(t.answer.done)
			}
		}()
	}
}

// Parallel makes independent calls at the same time. It returns the error of the first call, in their order, that
// failed.
func Parallel(calls ...func() error) error {
	errs := make([]error, len(calls))
	var wait sync.WaitGroup
	for i, call := range calls {
		wait.Go(func() { errs[i] = call() })
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
