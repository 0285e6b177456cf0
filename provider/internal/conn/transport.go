package conn

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"strings"
	"sync"
	"time"
)

// dialTimeout is how long each step of a way to a host may take.
const dialTimeout = 15 * time.Second

// transport is a way to a host's libvirt.
type transport interface {
	dial(ctx context.Context) (net.Conn, error)
}

// Where libvirt listens: the modular daemon for QEMU, which asks the others for what is theirs; and libvirtd, or the modular daemons' proxy.
const (
	directSocket = "/run/libvirt/virtqemud-sock"
	legacySocket = "/run/libvirt/libvirt-sock"
)

// unixWay is a socket of this machine: the first of these that answers.
type unixWay struct{ sockets []string }

func (w unixWay) dial(ctx context.Context) (net.Conn, error) {
	var failed error
	for _, socket := range w.sockets {
		c, err := dialFor(ctx, "unix", socket)
		if err == nil {
			return c, nil
		}
		if failed == nil || !errors.Is(err, fs.ErrNotExist) { // a socket that is there says more
			failed = err
		}
	}
	if len(w.sockets) > 1 && errors.Is(failed, fs.ErrNotExist) {
		return nil, fmt.Errorf("libvirt does not run here: there is no %s; start libvirtd, or say where its socket is with ?socket=", strings.Join(w.sockets, " and no "))
	}
	return nil, failed
}

// tcpWay is a port that is open to everyone.
type tcpWay struct{ address string }

func (w tcpWay) dial(ctx context.Context) (net.Conn, error) { return dialFor(ctx, "tcp", w.address) }

func dialFor(ctx context.Context, network, address string) (net.Conn, error) {
	return (&net.Dialer{Timeout: dialTimeout}).DialContext(ctx, network, address)
}

// within does what a connection is needed for, and closes it when that takes too long: it need not know deadlines.
func within(ctx context.Context, c net.Conn, what string, do func() error) error {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { _ = c.Close() })
	err := do()
	if !stop() {
		if err = ctx.Err(); errors.Is(err, context.DeadlineExceeded) {
			err = fmt.Errorf("no answer within %s", dialTimeout)
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// owner is a connection whose end is more than its own.
type owner struct {
	net.Conn
	once sync.Once
	end  func()
}

func (o *owner) Close() error {
	o.once.Do(o.end)
	return nil
}
