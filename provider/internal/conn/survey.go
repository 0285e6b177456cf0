package conn

import (
	"context"
	"sync"
	"time"

	"github.com/digitalocean/go-libvirt"
)

// BulkReader looks at all objects of a kind on a host, before each is asked for: one after another, a thousand of them would take a thousand
// ways to the host and back. O is how libvirt names an object, T what is wanted of it.
type BulkReader[O, T any] struct {
	// List names all objects of a host by a key of the kind's own.
	List func(l *libvirt.Libvirt) (map[string]O, error)
	Read func(l *libvirt.Libvirt, o O) (T, error)
}

const (
	// surveyors look at a host's objects at the same time. libvirtd serves five calls of a connection at once by default, and has the rest
	// at hand when it comes to them.
	surveyors = 32
	// freshFor is how old an answer may be: no older than a plan is when somebody has read it.
	freshFor = 30 * time.Second
)

type manyKey struct{}

// OfMany says that what is asked for with the context is one of many objects that are all about to be asked for.
func OfMany(ctx context.Context) context.Context { return context.WithValue(ctx, manyKey{}, true) }

// round is a survey of one host. Each of its answers is given once: who asks again wants to know what is now.
type round[O, T any] struct {
	mu      sync.Mutex
	asked   int
	listed  chan struct{} // closed when answers is complete; nil before the survey begins
	answers map[string]*answer[T]
}

type answer[T any] struct {
	done chan struct{}
	at   time.Time
	t    T
	err  error
}

// Get returns what the survey saw of an object; not ok where it has to be asked for by itself. The survey begins when a second object of
// the host is asked for.
func (s *BulkReader[O, T]) Get(ctx context.Context, h *Host, key string) (t T, ok bool) {
	if ctx.Value(manyKey{}) == nil {
		return t, false
	}
	kept, _ := h.rounds.LoadOrStore(s, &round[O, T]{})
	r := kept.(*round[O, T])
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
	return a.t, a.err == nil && time.Since(a.at) < freshFor
}

func (r *round[O, T]) begin(ctx context.Context, s *BulkReader[O, T], h *Host) chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.asked++; r.asked == 2 {
		r.listed = make(chan struct{})
		go r.look(context.WithoutCancel(ctx), s, h)
	}
	return r.listed
}

func (r *round[O, T]) take(key string) *answer[T] {
	r.mu.Lock()
	defer r.mu.Unlock()
	a := r.answers[key]
	delete(r.answers, key)
	return a
}

// look asks for everything. What goes wrong is left to who asks for the object by itself.
func (r *round[O, T]) look(ctx context.Context, s *BulkReader[O, T], h *Host) {
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
	for range surveyors {
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

// Parallel makes calls that don't need each other's answers at the same time.
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
