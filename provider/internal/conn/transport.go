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

// dialTimeout is how long each step of connecting to a host may take.
const dialTimeout = 15 * time.Second

// transport opens a connection to a host's libvirt.
type transport interface {
	dial(ctx context.Context) (net.Conn, error)
}

// unixTransport connects to the first socket of this machine that answers.
type unixTransport struct {
	sockets []string
	starts  []daemon // the daemons that may serve the user's own libvirt, which is started when it is needed; nil: the libvirt of the host
}

func (w unixTransport) dial(ctx context.Context) (net.Conn, error) {
	if w.starts != nil {
		return dialSession(ctx, w.starts)
	}
	c, err := dialFirst(ctx, w.sockets)
	if err != nil && len(w.sockets) > 1 && errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("libvirt does not run here: no socket at %s; start libvirtd, or name its socket with ?socket=",
			strings.Join(w.sockets, " or "))
	}
	return c, err
}

func dialFirst(ctx context.Context, sockets []string) (net.Conn, error) {
	var failed error
	for _, socket := range sockets {
		c, err := dialFor(ctx, "unix", socket)
		if err == nil {
			return c, nil
		}
		if failed == nil || !errors.Is(err, fs.ErrNotExist) { // an error other than a missing socket says more
			failed = err
		}
	}
	return nil, failed
}

// tcpTransport connects to libvirt's unencrypted port.
type tcpTransport struct{ address string }

func (w tcpTransport) dial(ctx context.Context) (net.Conn, error) {
	return dialFor(ctx, "tcp", w.address)
}

func dialFor(ctx context.Context, network, address string) (net.Conn, error) {
	return (&net.Dialer{Timeout: dialTimeout}).DialContext(ctx, network, address)
}

// within runs a step that uses a connection, and closes the connection if the step takes too long. The connection need
// not support deadlines.
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

// owner is a connection whose Close runs end once.
type owner struct {
	net.Conn
	once sync.Once
	end  func()
}

func (o *owner) Close() error {
	o.once.Do(o.end)
	return nil
}
