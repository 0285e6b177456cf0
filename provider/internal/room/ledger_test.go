package room

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
)

// fakeHost is a host whose guests take all of their memory as soon as they run.
type fakeHost struct {
	*conn.Host
	mu       sync.Mutex
	says     Host
	most     int64 // the greatest use of its memory
	failures error
}

func newFakeHost(total int64, run ...object) *fakeHost {
	h := &fakeHost{Host: conn.NewHost("beta", conn.URI{}), says: Host{Total: total, Available: total, Exact: true, Guests: map[libvirt.UUID]Guest{}}}
	for _, o := range run {
		h.runs(o.claim.UUID, o.claim.Brings.Guest, o.claim.Brings.Guest)
	}
	return h
}

func (h *fakeHost) read(context.Context, *conn.Host, Question) (Host, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	says := h.says
	says.Guests = maps.Clone(h.says.Guests)
	return says, h.failures
}

func (h *fakeHost) runs(id libvirt.UUID, promised, resident int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.says.Guests[id] = Guest{promised, resident}
	h.says.Available -= resident
	h.most = max(h.most, h.says.Total-h.says.Available)
}

func (h *fakeHost) stops(id libvirt.UUID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.says.Available += h.says.Guests[id].Resident
	delete(h.says.Guests, id)
}

// object is a domain that comes to the host, or leaves it.
type object struct {
	claim  *Claim
	leaves bool
}

func comes(name string, n byte, memory int64) object {
	return object{claim: ordinary(name, n, memory, 0)}
}

func leaves(name string, n byte, memory int64) object {
	return object{ordinary(name, n, memory, 0), true}
}

// orders returns all orders of some objects.
func orders(objects []object) [][]object {
	if len(objects) < 2 {
		return [][]object{objects}
	}
	var all [][]object
	for i := range objects {
		rest := append(append([]object(nil), objects[:i]...), objects[i+1:]...)
		for _, o := range orders(rest) {
			all = append(all, append([]object{objects[i]}, o...))
		}
	}
	return all
}

func names(objects []object) string {
	var all []string
	for _, o := range objects {
		all = append(all, o.claim.Name)
	}
	return strings.Join(all, " ")
}

// walk visits the objects in their order, as many at the same time as Terraform does.
func walk(objects []object, parallelism int, visit func(o object)) {
	slots := make(chan struct{}, parallelism)
	var all sync.WaitGroup
	for _, o := range objects {
		slots <- struct{}{}
		all.Go(func() {
			visit(o)
			<-slots
		})
	}
	all.Wait()
}

// plan plans the objects and returns the refusals.
func plan(l *Ledger, h *fakeHost, objects []object, parallelism int) (refusals []string) {
	var mu sync.Mutex
	walk(objects, parallelism, func(o object) {
		defer l.Begin(Plans)()
		time.Sleep(10 * time.Millisecond) // it is read first
		ctx := l.Attach(context.Background())
		if o.leaves {
			PlanLeave(ctx, h.Host, *o.claim)
			return
		}
		c := *o.claim
		if refusal, _ := Plan(ctx, h.Host, c); refusal != "" {
			mu.Lock()
			defer mu.Unlock()
			refusals = append(refusals, refusal)
		}
	})
	return refusals
}

// apply starts and stops the objects and returns the refusals. A start takes all of the guest's memory.
func apply(l *Ledger, h *fakeHost, objects []object, parallelism int) (refusals []string) {
	var mu sync.Mutex
	walk(objects, parallelism, func(o object) {
		defer l.Begin(Changes)()
		if o.leaves {
			time.Sleep(5 * time.Second) // it shuts down
			h.stops(o.claim.UUID)
			return
		}
		done, err := Reserve(l.Attach(context.Background()), h.Host, "start", *o.claim)
		if err != nil {
			mu.Lock()
			defer mu.Unlock()
			refusals = append(refusals, err.Error())
			return
		}
		time.Sleep(2 * time.Second)
		h.runs(o.claim.UUID, o.claim.Brings.Guest, o.claim.Brings.Guest)
		time.Sleep(time.Second)
		done(true)
	})
	return refusals
}

func TestAPlanRefusesWhatDoesNotFitTogether(t *testing.T) {
	three := []object{comes("web-1", 1, 12*gib), comes("web-2", 2, 12*gib), comes("web-3", 3, 12*gib)}
	for _, order := range orders(three) {
		for parallelism := 1; parallelism <= 4; parallelism++ {
			synctest.Test(t, func(t *testing.T) {
				h := newFakeHost(24*gib, comes("old", 9, gib))
				got := plan(NewLedger(h.read), h, order, parallelism)
				if len(got) != 1 {
					t.Fatalf("%s, %d at a time: got %d refusals: %q", names(order), parallelism, len(got), got)
				}
				if parallelism > 2 && !strings.Contains(got[0], "36 GiB together") {
					t.Errorf("%s, %d at a time: got %q", names(order), parallelism, got[0])
				}
			})
		}
	}
}

func TestAPlanCountsWhatLeavesInAnyOrder(t *testing.T) {
	objects := []object{comes("web-1", 1, 8*gib), comes("web-2", 2, 8*gib), leaves("old-1", 8, 6*gib), leaves("old-2", 9, 6*gib)}
	for _, order := range orders(objects) {
		for parallelism := 2; parallelism <= 5; parallelism++ {
			synctest.Test(t, func(t *testing.T) {
				h := newFakeHost(16*gib, objects[2], objects[3])
				if got := plan(NewLedger(h.read), h, order, parallelism); len(got) > 0 {
					t.Errorf("%s, %d at a time: %q", names(order), parallelism, got)
				}
			})
		}
	}
}

func TestAnApplyWaitsForWhatLeaves(t *testing.T) {
	objects := []object{comes("web-1", 1, 8*gib), comes("web-2", 2, 8*gib), leaves("old-1", 8, 6*gib), leaves("old-2", 9, 6*gib)}
	for _, order := range orders(objects) {
		for parallelism := 1; parallelism <= 5; parallelism++ {
			synctest.Test(t, func(t *testing.T) {
				h := newFakeHost(16*gib, objects[2], objects[3])
				got := apply(NewLedger(h.read), h, order, parallelism)
				if parallelism > 2 && len(got) > 0 {
					t.Errorf("%s, %d at a time: %q", names(order), parallelism, got)
				}
				if h.most > h.says.Total {
					t.Errorf("%s, %d at a time: the guests took %s of %s", names(order), parallelism, size(h.most), size(h.says.Total))
				}
			})
		}
	}
}

// Two full hosts can't exchange guests: each move needs the room that the other one leaves.
func TestGuestsThatChangePlacesAreRefused(t *testing.T) {
	for parallelism := 1; parallelism <= 3; parallelism++ {
		synctest.Test(t, func(t *testing.T) {
			one, two := comes("one", 1, 12*gib), comes("two", 2, 12*gib)
			hosts := map[string]*fakeHost{"one": newFakeHost(16*gib, two), "two": newFakeHost(16*gib, one)} // where each is to go
			l := NewLedger(func(ctx context.Context, host *conn.Host, q Question) (Host, error) {
				return map[*conn.Host]*fakeHost{hosts["one"].Host: hosts["one"], hosts["two"].Host: hosts["two"]}[host].read(ctx, host, q)
			})
			var mu sync.Mutex
			refused := 0
			walk([]object{one, two}, parallelism, func(o object) {
				defer l.Begin(Changes)()
				if _, err := Reserve(l.Attach(context.Background()), hosts[o.claim.Name].Host, "migrate", *o.claim); err != nil {
					mu.Lock()
					defer mu.Unlock()
					refused++
				}
			})
			if refused != 2 {
				t.Errorf("%d at a time: %d of 2 are refused", parallelism, refused)
			}
		})
	}
}

func TestAnApplyNeverTakesMoreThanThereIs(t *testing.T) {
	var objects []object
	for i := range byte(8) {
		objects = append(objects, comes(fmt.Sprintf("web-%d", i), i+1, 3*gib))
	}
	for parallelism := 1; parallelism <= len(objects); parallelism++ {
		synctest.Test(t, func(t *testing.T) {
			h := newFakeHost(16 * gib)
			got := apply(NewLedger(h.read), h, objects, parallelism)
			if len(got) != 3 || h.most != 15*gib {
				t.Errorf("%d at a time: %d of 8 are refused, the others take %s", parallelism, len(got), size(h.most))
			}
		})
	}
}

func TestAGuestThatHasNotUsedItsMemoryIsCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newFakeHost(16 * gib)
		l := NewLedger(h.read)
		defer l.Begin(Changes)()
		ctx := l.Attach(context.Background())
		done, err := Reserve(ctx, h.Host, "start", *ordinary("lazy", 1, 10*gib, 0))
		if err != nil {
			t.Fatal(err)
		}
		h.runs(id(1), 10*gib, gib)
		done(true)
		if _, err := Reserve(ctx, h.Host, "start", *ordinary("next", 2, 8*gib, 0)); err == nil || !strings.Contains(err.Error(), "lazy (9 GiB") {
			t.Errorf("got %v", err)
		}
		h.stops(id(1))
		if _, err := Reserve(ctx, h.Host, "start", *ordinary("next", 2, 8*gib, 0)); err != nil {
			t.Errorf("it has stopped, and still: %v", err)
		}
	})
}

func TestAFailedStartGivesItsRoomBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newFakeHost(16 * gib)
		l := NewLedger(h.read)
		ctx := l.Attach(context.Background())
		done, err := Reserve(ctx, h.Host, "start", *ordinary("a", 1, 10*gib, 0))
		if err != nil {
			t.Fatal(err)
		}
		other := make(chan error)
		go func() {
			defer l.Begin(Changes)()
			_, err := Reserve(ctx, h.Host, "start", *ordinary("b", 2, 10*gib, 0))
			other <- err
		}()
		first := l.Begin(Changes)
		time.Sleep(time.Minute)
		done(false)
		first()
		if err := <-other; err != nil {
			t.Error(err)
		}
	})
}

func TestAWaitEndsWhenTheUserInterrupts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newFakeHost(gib)
		l := NewLedger(h.read)
		defer l.Begin(Changes)() // something that is at work
		defer l.Begin(Changes)()
		ctx, cancel := context.WithCancel(l.Attach(context.Background()))
		time.AfterFunc(time.Hour, cancel)
		if _, err := Reserve(ctx, h.Host, "start", *ordinary("a", 1, 2*gib, 0)); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

func TestAHostThatCannotBeAskedRefusesNothingInAPlan(t *testing.T) {
	h := newFakeHost(gib)
	h.failures = errors.New("no answer")
	l := NewLedger(h.read)
	if refusal, warning := Plan(l.Attach(t.Context()), h.Host, *ordinary("a", 1, 2*gib, 0)); refusal+warning != "" {
		t.Errorf("got %q, %q", refusal, warning)
	}
	if _, err := Reserve(l.Attach(t.Context()), h.Host, "start", *ordinary("a", 1, 2*gib, 0)); !errors.Is(err, h.failures) {
		t.Errorf("got %v", err)
	}
}

func TestAPlanWarnsOfPromises(t *testing.T) {
	h := newFakeHost(24 * gib)
	h.runs(id(9), 16*gib, 4*gib)
	l := NewLedger(h.read)
	ctx := l.Attach(t.Context())
	const want = "beta gets more guests than its memory holds\nIts guests may use 12 GiB more than they do now, and with what this plan brings that is 2 GiB " +
		"more than beta has available."
	if refusal, warning := Plan(ctx, h.Host, *ordinary("a", 1, 10*gib, 0)); refusal != "" || !strings.HasPrefix(warning, want) {
		t.Errorf("got %q, %q", refusal, warning)
	}
	if _, warning := Plan(ctx, h.Host, *ordinary("b", 2, gib, 0)); warning != "" {
		t.Errorf("it warns again: %s", warning)
	}
	h.MemoryOvercommit = 150
	if refusal, warning := Plan(NewLedger(h.read).Attach(t.Context()), h.Host, *ordinary("a", 1, 10*gib, 0)); refusal+warning != "" {
		t.Errorf("it is intended, and still: %q, %q", refusal, warning)
	}
}
