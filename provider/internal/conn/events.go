package conn

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/digitalocean/go-libvirt"
)

// ErrRefused means that the guest refused to release a device.
var ErrRefused = errors.New("the guest refused")

var (
	errWatchEnded = errors.New("the connection was lost while waiting for the domain")
	errStopped    = fmt.Errorf("the domain stopped meanwhile: %w", ErrInactive)
)

// eventFilter examines an event. done ends the wait, with or without an error.
type eventFilter func(event any) (done bool, err error)

// watch passes events to those who wait for them. A connection has one subscription of each type for all of them:
// libvirt refuses a second one.
type watch struct {
	mu         sync.Mutex
	subscribed map[libvirt.DomainEventID]bool
	waiting    map[chan error]eventFilter
}

// WhenStopped returns a channel that receives nil when the domain stops, and an error when that can no longer be
// observed. release ends the wait.
func (h *Host) WhenStopped(ctx context.Context, domain libvirt.UUID) (stopped <-chan error, release func(), err error) {
	return h.when(ctx, func(event any) (bool, error) { return stops(event, domain), nil }, libvirt.DomainEventIDLifecycle)
}

// WhenRemoved returns a channel that receives nil when a running domain has released the device with this alias,
// ErrRefused when its guest refuses, and another error when that can no longer be observed. release ends the wait.
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

// WhenBalloon returns a channel that receives nil when the memory of a running domain, in KiB, satisfies reached, and
// an error when that can no longer be observed. release ends the wait.
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

// when waits for an event of some types that satisfies filter.
func (h *Host) when(ctx context.Context, filter eventFilter, types ...libvirt.DomainEventID) (result <-chan error, release func(), err error) {
	c, err := h.connected(ctx)
	if err != nil {
		return nil, nil, err
	}
	w := &c.watch
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.waiting == nil {
		w.subscribed, w.waiting = map[libvirt.DomainEventID]bool{}, map[chan error]eventFilter{}
	}
	for _, eventType := range types {
		if w.subscribed[eventType] {
			continue
		}
		var events <-chan any
		err := c.guard(ctx, CallTimeout, func() (err error) {
			events, err = c.SubscribeEvents(context.Background(), eventType, nil)
			return err
		})
		if err != nil {
			return nil, nil, h.classify(c, err)
		}
		w.subscribed[eventType] = true
		go w.deliver(h, events)
	}
	ch := make(chan error, 1)
	w.waiting[ch] = filter
	return ch, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.waiting, ch)
	}, nil
}

// deliver passes events on until the connection ends.
func (w *watch) deliver(h *Host, events <-chan any) {
	for e := range events {
		w.notify(func(filter eventFilter) (bool, error) { return filter(e) })
	}
	w.notify(func(eventFilter) (bool, error) { return true, h.lost(errWatchEnded) })
}

func (w *watch) notify(check func(filter eventFilter) (bool, error)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for ch, filter := range w.waiting {
		if done, err := check(filter); done {
			ch <- err
			delete(w.waiting, ch)
		}
	}
}
