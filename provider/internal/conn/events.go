package conn

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/digitalocean/go-libvirt"
)

// ErrRefused is what a guest says that keeps a device it was asked to let go of.
var ErrRefused = errors.New("the guest refused")

var (
	errWatchEnded = errors.New("the connection was lost while waiting for the domain")
	errStopped    = fmt.Errorf("the domain stopped meanwhile: %w", ErrInactive)
)

// seen looks at an event; done ends the waiting for it, with or without an error.
type seen func(event any) (done bool, err error)

// watch tells those who wait for an event. A connection has one subscription of each kind for all of them: libvirt refuses a second one.
type watch struct {
	mu         sync.Mutex
	subscribed map[libvirt.DomainEventID]bool
	waiting    map[chan error]seen
}

// WhenStopped returns a channel that gets nil when the domain stops, or an error when nobody can tell any more. Waiting ends with release.
func (h *Host) WhenStopped(ctx context.Context, domain libvirt.UUID) (stopped <-chan error, release func(), err error) {
	return h.when(ctx, func(event any) (bool, error) { return stops(event, domain), nil }, libvirt.DomainEventIDLifecycle)
}

// WhenRemoved returns a channel that gets nil when a running domain has let go of the device with this alias, ErrRefused when its guest says
// that it does not, and another error when nobody can tell any more. Waiting ends with release.
func (h *Host) WhenRemoved(ctx context.Context, domain libvirt.UUID, alias string) (removed <-chan error, release func(), err error) {
	return h.when(ctx, func(event any) (bool, error) {
		switch e := event.(type) {
		case *libvirt.DomainEventCallbackDeviceRemovedMsg:
			return e.Msg.Dom.UUID == domain && e.Msg.DevAlias == alias, nil
		case *libvirt.DomainEventCallbackDeviceRemovalFailedMsg:
			return e.Dom.UUID == domain && e.DevAlias == alias, ErrRefused
		}
		return stops(event, domain), errStopped
	}, libvirt.DomainEventIDDeviceRemoved, libvirt.DomainEventIDDeviceRemovalFailed, libvirt.DomainEventIDLifecycle)
}

// WhenBalloon returns a channel that gets nil when the memory that a running domain has, in KiB, is where it was to go, and an error when
// nobody can tell any more. Waiting ends with release.
func (h *Host) WhenBalloon(ctx context.Context, domain libvirt.UUID, reached func(kib int64) bool) (changed <-chan error, release func(), err error) {
	return h.when(ctx, func(event any) (bool, error) {
		if e, ok := event.(*libvirt.DomainEventCallbackBalloonChangeMsg); ok {
			return e.Msg.Dom.UUID == domain && reached(int64(e.Msg.Actual)), nil
		}
		return stops(event, domain), errStopped
	}, libvirt.DomainEventIDBalloonChange, libvirt.DomainEventIDLifecycle)
}

func stops(event any, domain libvirt.UUID) bool {
	e, ok := event.(*libvirt.DomainEventCallbackLifecycleMsg)
	return ok && e.Msg.Event == int32(libvirt.DomainEventStopped) && e.Msg.Dom.UUID == domain
}

// when waits for what a look at events of some kinds is done with.
func (h *Host) when(ctx context.Context, look seen, kinds ...libvirt.DomainEventID) (told <-chan error, release func(), err error) {
	c, err := h.connected(ctx)
	if err != nil {
		return nil, nil, err
	}
	w := &c.watch
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.waiting == nil {
		w.subscribed, w.waiting = map[libvirt.DomainEventID]bool{}, map[chan error]seen{}
	}
	for _, kind := range kinds {
		if w.subscribed[kind] {
			continue
		}
		var events <-chan any
		err := c.guard(ctx, CallTimeout, func() (err error) {
			events, err = c.SubscribeEvents(context.Background(), kind, nil)
			return err
		})
		if err != nil {
			return nil, nil, h.classify(c, err)
		}
		w.subscribed[kind] = true
		go w.deliver(h, events)
	}
	ch := make(chan error, 1)
	w.waiting[ch] = look
	return ch, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.waiting, ch)
	}, nil
}

func (w *watch) deliver(h *Host, events <-chan any) {
	for e := range events {
		w.tell(func(look seen) (bool, error) { return look(e) })
	}
	w.tell(func(seen) (bool, error) { return true, h.lost(errWatchEnded) })
}

func (w *watch) tell(ask func(look seen) (bool, error)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for ch, look := range w.waiting {
		if done, err := ask(look); done {
			ch <- err
			delete(w.waiting, ch)
		}
	}
}
