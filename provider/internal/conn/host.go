// Package conn holds one connection a host: opened when first needed, opened again when it dropped, every call with a deadline.
package conn

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"syscall"
	"time"

	"github.com/digitalocean/go-libvirt"
)

// CallTimeout is how long a host may take to answer one call.
const CallTimeout = 60 * time.Second

// Host is one host of the fleet.
type Host struct {
	Name      string
	Migration Migration
	uri       URI
	fleet     *Fleet

	mu     sync.Mutex
	client *client
	outage outage

	rounds sync.Map // of each Survey

	// FilterLock is held while a network filter is changed, and shared by calls that only ask for one: libvirt (9.0) answers nobody until the change has
	// reached all guests. To wait here is no call that takes too long, and ends with the connection of others.
	FilterLock sync.RWMutex
}

// Migration says how guests come to a host.
type Migration struct {
	URI     string // where the other hosts reach its libvirt; "" where they may not
	Address string // where memory and disks arrive; "" for what the host itself says
}

// PeerURI is where other hosts reach this one's libvirt, "" where nobody said and its own uri holds for this machine alone.
func (h *Host) PeerURI() string {
	if h.Migration.URI != "" {
		return h.Migration.URI
	}
	return h.uri.Peer()
}

// Others are the other hosts of the fleet.
func (h *Host) Others() []*Host {
	var others []*Host
	if h.fleet != nil {
		for _, name := range h.fleet.Names() {
			if name != h.Name {
				others = append(others, h.fleet.hosts[name])
			}
		}
	}
	return others
}

type client struct {
	*libvirt.Libvirt
	conn  net.Conn
	watch watch
}

type dialer struct{ conn net.Conn }

func (d dialer) Dial() (net.Conn, error) { return d.conn, nil }

// NewHost makes a host; nothing is opened yet.
func NewHost(name string, uri URI) *Host { return &Host{Name: name, uri: uri} }

// URI is where the host is.
func (h *Host) URI() string { return h.uri.String() }

func (h *Host) open(ctx context.Context) (*client, error) {
	conn, err := h.uri.way.dial(ctx)
	if err != nil {
		return nil, h.unreachable(err)
	}
	c := &client{Libvirt: libvirt.NewWithDialer(dialer{inOrder(conn)}), conn: conn}
	err = c.guard(ctx, CallTimeout, func() error { return c.ConnectToURI(h.uri.remote) })
	if err != nil {
		_ = conn.Close()
		return nil, h.unreachable(notLetIn(err))
	}
	return c, nil
}

// connected returns the host's connection. Only one caller at a time opens it; the others wait for what it gets.
func (h *Host) connected(ctx context.Context) (*client, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.client != nil && h.client.IsConnected() {
		return h.client, nil
	}
	began := time.Now()
	if err := h.outage.current(began); err != nil {
		return nil, err
	}
	c, err := h.open(ctx)
	h.outage.note(err, time.Since(began), time.Now())
	if err != nil {
		return nil, err
	}
	h.client = c
	return c, nil
}

var errCut = errors.New("the call was ended")

// guard runs a call; past its time or the context's the connection is cut, which ends the call.
func (c *client) guard(ctx context.Context, limit time.Duration, call func() error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- call() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		_ = c.conn.Close()
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return fmt.Errorf("%w: no answer within %s", errCut, limit)
		}
		return fmt.Errorf("%w: %w", errCut, ctx.Err())
	}
}

// Do calls the host on its shared connection.
func (h *Host) Do(ctx context.Context, call func(l *libvirt.Libvirt) error) error {
	return h.DoWithin(ctx, CallTimeout, call)
}

// DoWithin is Do for calls that may take longer, or must not. A call that has begun is not ended with its context, only by its limit:
// cut in the middle, nobody would know whether it was carried out. What waits inside a call looks at the context itself.
func (h *Host) DoWithin(ctx context.Context, limit time.Duration, call func(l *libvirt.Libvirt) error) error {
	if err := ctx.Err(); err != nil {
		return h.wrap(fmt.Errorf("interrupted before this was begun: %w", err))
	}
	c, err := h.connected(ctx)
	if err != nil {
		return err
	}
	return h.classify(c, c.guard(context.WithoutCancel(ctx), limit, func() error { return call(c.Libvirt) }))
}

// Stream calls the host on a connection of its own, so that a long transfer neither slows the others nor ends with them.
func (h *Host) Stream(ctx context.Context, limit time.Duration, call func(l *libvirt.Libvirt) error) error {
	c, err := h.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = c.conn.Close() }()
	return h.classify(c, c.guard(ctx, limit, func() error { return call(c.Libvirt) }))
}

// DoOnOwnConnection is Stream for a call that is under way on the host itself: it is not ended with its context, only by its limit.
func (h *Host) DoOnOwnConnection(ctx context.Context, limit time.Duration, call func(l *libvirt.Libvirt) error) error {
	if err := ctx.Err(); err != nil {
		return h.wrap(fmt.Errorf("interrupted before this was begun: %w", err))
	}
	return h.Stream(context.WithoutCancel(ctx), limit, call)
}

// classify tells an error of libvirt from a connection that dropped under the call.
func (h *Host) classify(c *client, err error) error {
	if err == nil {
		return nil
	}
	var remote libvirt.Error
	if errors.As(err, &remote) {
		return h.wrap(err)
	}
	if errors.Is(err, errCut) || errors.Is(err, libvirt.ErrInterrupted) || errors.Is(err, syscall.EINVAL) || !c.IsConnected() {
		return h.lost(err)
	}
	return h.wrap(err)
}

// Close ends the host's connection.
func (h *Host) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.client != nil {
		_ = h.client.conn.Close()
		h.client = nil
	}
}

// Flag is a truth as libvirt's calls take it.
func Flag(yes bool) int32 {
	if yes {
		return 1
	}
	return 0
}
