// Package console connects a terminal to the serial console of a machine.
package console

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/digitalocean/go-libvirt"
	"golang.org/x/term"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/exchange"
)

// Request names the machine. Name is what the user calls it; Domain is its name in libvirt.
type Request struct {
	Hosts  exchange.Hosts `json:"hosts"`
	Host   string         `json:"host"`
	Name   string         `json:"name"`
	Domain string         `json:"domain"`
	Force  bool           `json:"force"` // take the console over from another session
}

// leaveKey is Ctrl+], as in virsh and telnet.
const leaveKey = 0x1d

// sessionLimit is far beyond what anybody works on a console. A stream has to have a limit.
const sessionLimit = 30 * 24 * time.Hour

// takeOver is a flag of virDomainOpenConsole: https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainConsoleFlags
const takeOver = 1

// Run connects in and out to the console that a request, in JSON, names. It returns when the user leaves or the console is closed. In a
// terminal, all keys but one go to the guest. Otherwise the input is sent as it is, and the output goes on after its end.
func Run(ctx context.Context, request string, in *os.File, out, messages io.Writer) error {
	var req Request
	if err := exchange.Decode(strings.NewReader(request), &req); err != nil {
		return fmt.Errorf(`console: expected {"hosts": {...}, "host": "alpha", "name": "shop/web-1", "domain": "web-1", "force": false}: %w`, err)
	}
	fleet, err := req.Hosts.Fleet()
	if err != nil {
		return fmt.Errorf("console: %w", err)
	}
	defer fleet.Close()
	host, err := fleet.Host(req.Host)
	if err != nil {
		return err
	}
	d, err := req.running(ctx, host)
	if err != nil {
		return err
	}
	ctx, leave := context.WithCancel(ctx)
	defer leave()
	input := &keys{from: in, leave: leave, left: ctx.Done()}
	if fd := int(in.Fd()); term.IsTerminal(fd) {
		input.terminal = true
		fmt.Fprintf(messages, "%s on %s. Press Enter if nothing is shown; leave with Ctrl + ]\n", req.Name, req.Host)
		before, err := term.MakeRaw(fd)
		if err != nil {
			return err
		}
		defer fmt.Fprintln(messages)
		defer func() { _ = term.Restore(fd, before) }()
	}
	err = host.Stream(ctx, sessionLimit, func(l *libvirt.Libvirt) error {
		return l.DomainOpenConsoleBidirectional(d, nil, input, out, req.flags())
	})
	if ctx.Err() != nil {
		return nil
	}
	return req.explain(err)
}

func (r Request) flags() uint32 {
	if r.Force {
		return takeOver
	}
	return 0
}

// running returns the domain, or an error that says what to do if it does not run.
func (r Request) running(ctx context.Context, host *conn.Host) (d libvirt.Domain, err error) {
	if d, err = exchange.FindDomain(ctx, host, r.Domain); err != nil {
		return d, err
	}
	active := int32(0)
	err = host.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		active, err = l.DomainIsActive(d)
		return err
	})
	if err == nil && active == 0 {
		return d, fmt.Errorf("%s does not run on %s; start it with 'kvm-fleet start %s'", r.Name, r.Host, r.Name)
	}
	return d, err
}

// explain adds what to do to the errors of libvirt. They have no codes of their own.
func (r Request) explain(err error) error {
	var refused libvirt.Error
	if !errors.As(err, &refused) {
		return err
	}
	for part, advice := range map[string]string{
		"Active console session": "another session has the console; end it, or take the console over with '--force'",
		"cannot find":            "it has no serial port; declare one ('serial' of libvirt_domain), and restart it",
		"stream had I/O failure": "it was closed: the guest has stopped, or another session has taken the console over",
		"is not using a PTY":     "its serial port leads elsewhere than to a terminal; see 'virsh dumpxml'",
	} {
		if strings.Contains(refused.Message, part) {
			return fmt.Errorf("unable to use the console of %s on %s: %s (%s)", r.Name, r.Host, advice, refused.Message)
		}
	}
	return err
}

// keys reads what goes to the guest.
type keys struct {
	from     io.Reader
	terminal bool
	leave    func()
	left     <-chan struct{}
}

func (k *keys) Read(p []byte) (int, error) {
	n, err := k.from.Read(p)
	if at := bytes.IndexByte(p[:n], leaveKey); k.terminal && at >= 0 {
		k.leave()
		return at, io.EOF
	}
	if n == 0 && errors.Is(err, io.EOF) { // libvirt closes the console when its input ends
		<-k.left
	}
	return n, err
}
