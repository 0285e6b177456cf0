package conn

import (
	"context"
	"errors"
	"sync"

	"github.com/digitalocean/go-libvirt"
)

// watch tells those who wait that a domain stopped. A connection has one subscription for all of them: libvirt refuses a second one.
type watch struct {
	mu         sync.Mutex
	subscribed bool
	waiting    map[chan error]libvirt.UUID
}

var errWatchEnded = errors.New("the connection was lost while waiting for the domain to stop")

// WhenStopped returns a channel that gets nil when the domain stops, or an error when nobody can tell any more. Waiting ends with release.
func (h *Host) WhenStopped(ctx context.Context, domain libvirt.UUID) (stopped <-chan error, release func(), err error) {
	c, err := h.connected(ctx)
	if err != nil {
		return nil, nil, err
	}
	w := &c.watch
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.subscribed {
		var events <-chan libvirt.DomainEventLifecycleMsg
		err := c.guard(ctx, CallTimeout, func() (err error) {
			events, err = c.LifecycleEvents(context.Background())
			return err
		})
		if err != nil {
			return nil, nil, h.classify(c, err)
		}
		w.subscribed, w.waiting = true, map[chan error]libvirt.UUID{}
		go w.deliver(h, events)
	}
	ch := make(chan error, 1)
	w.waiting[ch] = domain
	return ch, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.waiting, ch)
	}, nil
}

func (w *watch) deliver(h *Host, events <-chan libvirt.DomainEventLifecycleMsg) {
	for e := range events {
		if e.Event == int32(libvirt.DomainEventStopped) {
			w.tell(func(id libvirt.UUID) bool { return id == e.Dom.UUID }, nil)
		}
	}
	w.tell(func(libvirt.UUID) bool { return true }, h.lost(errWatchEnded))
}

func (w *watch) tell(whom func(libvirt.UUID) bool, what error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for ch, id := range w.waiting {
		if whom(id) {
			ch <- what
			delete(w.waiting, ch)
		}
	}
}
