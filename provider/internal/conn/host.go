// Package conn keeps one connection to each host. It opens the connection when it is first needed, opens it again after it dropped, and
// gives every call a deadline.
package conn

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/digitalocean/go-libvirt"
)

// CallTimeout is how long a host may take to answer one call.
const CallTimeout = 60 * time.Second

// longest is how many times its limit a function may take that makes several calls, each of which is answered.
const longest = 5

// Host is one host of the fleet.
type Host struct {
	Name      string
	Migration Migration
	// MemoryOvercommit is how much memory the guests may use together, in percent of the host's memory; 0 is not configured.
	MemoryOvercommit int64

	uri   URI
	fleet *Fleet

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

// IsSession reports whether the host is the libvirt of a user, which keeps its files in the user's home directory.
func (h *Host) IsSession() bool { return h.uri.remote == "qemu://"+sessionPath }

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
	conn  *heard
	watch watch
}

// heard is a connection that knows when the host was last heard from.
type heard struct {
	net.Conn
	last atomic.Int64 // in nanoseconds since the connection was opened; time.Time cannot be stored atomically
	from time.Time
}

func (c *heard) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.last.Store(int64(time.Since(c.from)))
	}
	return n, err
}

// silentFor returns for how long nothing has come from the host, since a time at the most.
func (c *heard) silentFor(since time.Time) time.Duration {
	if last := c.from.Add(time.Duration(c.last.Load())); last.After(since) {
		since = last
	}
	return time.Since(since)
}

type dialer struct{ conn net.Conn }

func (d dialer) Dial() (net.Conn, error) { return d.conn, nil }

// NewHost returns a host. It opens no connection.
func NewHost(name string, uri URI) *Host { return &Host{Name: name, uri: uri} }

// Fleet returns the fleet that the host belongs to.
func (h *Host) Fleet() *Fleet { return h.fleet }

// URI returns the host's uri.
func (h *Host) URI() string { return h.uri.String() }

func (h *Host) open(ctx context.Context) (*client, error) {
	dialed, err := h.uri.transport.dial(ctx)
	if err != nil {
		return nil, h.unreachable(err)
	}
	conn := &heard{Conn: dialed, from: time.Now()}
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

// guard runs a function that calls the host. It closes the connection, which ends the function, if the host says nothing for the time of the
// limit, if the function takes many times as long, or at the end of the context. On a busy host, many short calls may take longer than the limit.
func (c *client) guard(ctx context.Context, limit time.Duration, call func() error) error {
	done := make(chan error, 1)
	began := time.Now()
	go func() { done <- call() }()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for {
		select {
		case err := <-done:
			return err
		case <-timer.C:
			silent := c.conn.silentFor(began)
			if left := min(limit-silent, longest*limit-time.Since(began)); left > 0 {
				timer.Reset(left)
				continue
			}
			_ = c.conn.Close()
			return fmt.Errorf("%w: no answer within %s", errCut, limit)
		case <-ctx.Done():
			_ = c.conn.Close()
			return fmt.Errorf("%w: %w", errCut, ctx.Err())
		}
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
// their connection. With ssh, both end with the login that carries them.
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
	if errors.Is(err, errCut) || errors.Is(err, libvirt.ErrInterrupted) || errors.Is(err, syscall.EINVAL) || failedToSend(err) || !c.IsConnected() {
		return h.lost(err)
	}
	return h.wrap(err)
}

// failedToSend reports whether a request could not be sent: the host closed the connection, and that has not been read yet.
func failedToSend(err error) bool {
	var download *url.Error
	var socket *net.OpError
	return !errors.As(err, &download) && (errors.Is(err, syscall.EPIPE) || errors.As(err, &socket) && socket.Op == "write")
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
