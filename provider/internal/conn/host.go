// Package conn keeps one connection to each host. It opens the connection when it is first needed, opens it again after it dropped, and
// gives every call a deadline.
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

	bulkReads sync.Map // the state of each BulkReader

	// FilterLock is held while a network filter is changed, and shared by calls that only ask for one: libvirt (9.0) answers no such
	// call until the change has reached all guests. Waiting for this lock does not count as a slow call, and does not cut the connection that
	// others share.
	FilterLock sync.RWMutex
}

// Migration says how guests are migrated to a host.
type Migration struct {
	URI     string // the uri at which the other hosts reach its libvirt; "" if not configured
	Address string // the address that memory and disks are sent to; "" for the host's own setting
}

// PeerURI returns the uri at which other hosts reach this host's libvirt; "" if none is configured and the host's own
// uri is valid for this machine only.
func (h *Host) PeerURI() string {
	if h.Migration.URI != "" {
		return h.Migration.URI
	}
	return h.uri.Peer()
}

// Others returns the other hosts of the fleet.
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

// NewHost returns a host. It opens no connection.
func NewHost(name string, uri URI) *Host { return &Host{Name: name, uri: uri} }

// URI returns the host's uri.
func (h *Host) URI() string { return h.uri.String() }

func (h *Host) open(ctx context.Context) (*client, error) {
	conn, err := h.uri.transport.dial(ctx)
	if err != nil {
		return nil, h.unreachable(err)
	}
	c := &client{Libvirt: libvirt.NewWithDialer(dialer{orderStreams(conn)}), conn: conn}
	err = c.guard(ctx, CallTimeout, func() error { return c.ConnectToURI(h.uri.remote) })
	if err != nil {
		_ = conn.Close()
		return nil, h.unreachable(explainConnect(err))
	}
	return c, nil
}

// connected returns the host's connection. One caller at a time opens it; the others wait for the result.
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

var errCut = errors.New("the call was cut off")

// guard runs a call. At the limit or the end of the context it closes the connection, which ends the call.
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

// DoWithin is Do with another limit. A call that has begun ends with its limit, not with its context: if it were cut,
// it would be unknown whether the host carried it out. A call that waits checks the context itself.
func (h *Host) DoWithin(ctx context.Context, limit time.Duration, call func(l *libvirt.Libvirt) error) error {
	if err := ctx.Err(); err != nil {
		return h.wrap(fmt.Errorf("interrupted before the operation began: %w", err))
	}
	c, err := h.connected(ctx)
	if err != nil {
		return err
	}
	return h.classify(c, c.guard(context.WithoutCancel(ctx), limit, func() error { return call(c.Libvirt) }))
}

// Stream calls the host on a separate connection, so that a long transfer neither delays other calls nor ends with
// their connection.
func (h *Host) Stream(ctx context.Context, limit time.Duration, call func(l *libvirt.Libvirt) error) error {
	c, err := h.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = c.conn.Close() }()
	return h.classify(c, c.guard(ctx, limit, func() error { return call(c.Libvirt) }))
}

// DoOnOwnConnection is Stream for an operation that runs on the host itself: it ends with its limit, not with its
// context.
func (h *Host) DoOnOwnConnection(ctx context.Context, limit time.Duration, call func(l *libvirt.Libvirt) error) error {
	if err := ctx.Err(); err != nil {
		return h.wrap(fmt.Errorf("interrupted before the operation began: %w", err))
	}
	return h.Stream(context.WithoutCancel(ctx), limit, call)
}

// classify distinguishes an error of libvirt from a connection that dropped during the call.
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

// Close closes the host's connection.
func (h *Host) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.client != nil {
		_ = h.client.conn.Close()
		h.client = nil
	}
}

// Flag returns a bool as libvirt's calls expect it.
func Flag(yes bool) int32 {
	if yes {
		return 1
	}
	return 0
}
