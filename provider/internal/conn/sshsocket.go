package conn

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"
)

// reach connects to libvirt's socket over an ssh login.
func (w sshTransport) reach(ctx context.Context, client *ssh.Client) (net.Conn, error) {
	for _, socket := range w.sockets {
		c, err := client.DialContext(ctx, "unix", socket)
		if err == nil {
			return c, nil
		}
		var refused *ssh.OpenChannelError
		if !errors.As(err, &refused) {
			return nil, fmt.Errorf("%s: %w", socket, err)
		}
	}
	// sshd (9.2) gives the same answer for a missing socket, a socket without permission, and disabled forwarding.
	return w.relay(client)
}

// relayed is the line that the script prints before libvirt's output: a login shell may print something before it.
const relayed = "kvm-fleet: relayed"

// relayScript connects its input and output to the first of the sockets in its arguments that exists, with a program
// that the host has, or says why it cannot. $0 is "any" if virt-ssh-helper may choose the socket.
const relayScript = `for s; do
test -S "$s" || continue
test -w "$s" || { echo "the user has no permission to use $s; log in as root, or as a member of its group" >&2; exit 1; }
if test "$0" = any && command -v virt-ssh-helper >/dev/null; then echo "` + relayed + `"; exec virt-ssh-helper qemu:///system; fi
if command -v socat >/dev/null; then echo "` + relayed + `"; exec socat - "UNIX-CONNECT:$s"; fi
h=$(nc -h 2>&1); q=; case $h in *-q*) q=-q0;; esac
case $h in *-U*) echo "` + relayed + `"; exec nc $q -U "$s";; esac
echo "its sshd does not forward sockets, and virt-ssh-helper, socat and an nc with -U are all missing; install one of them" >&2; exit 1
done
echo "no libvirt socket at $*; start libvirtd, or name its socket with ?socket=" >&2; exit 1`

// relayCommand quotes the script for any login shell.
func (w sshTransport) relayCommand() string {
	words := []string{"sh", "-c", relayScript, "any"}
	if w.named {
		words[3] = "named"
	}
	words = append(words, w.sockets...)
	for i, word := range words {
		words[i] = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	return strings.Join(words, " ")
}

func (w sshTransport) relay(client *ssh.Client) (net.Conn, error) {
	run, err := client.NewSession()
	if err != nil {
		return nil, err
	}
	c := &relay{session: run, client: client}
	run.Stderr = &c.stderr
	if c.in, err = run.StdinPipe(); err == nil {
		c.out, err = run.StdoutPipe()
	}
	if err == nil {
		err = run.Start(w.relayCommand())
	}
	if err == nil {
		err = c.begin()
	}
	if err != nil {
		_ = run.Close()
		return nil, err
	}
	return c, nil
}

// relay is a program on a host that passes on the bytes of a connection.
type relay struct {
	session *ssh.Session
	client  *ssh.Client
	in      io.WriteCloser
	out     io.Reader
	stderr  tail
}

// begin reads up to the line after which libvirt's output starts, one byte at a time.
func (c *relay) begin() error {
	var eventFilter []byte
	one := make([]byte, 1)
	for !bytes.HasSuffix(eventFilter, []byte(relayed+"\n")) {
		if _, err := c.out.Read(one); err != nil || len(eventFilter) > tailMax {
			ended := c.session.Wait()
			if message := c.stderr.String(); message != "" {
				return errors.New(message)
			}
			return fmt.Errorf("unable to run a program on the host: %w", errors.Join(ended, err))
		}
		eventFilter = append(eventFilter, one[0])
	}
	return nil
}

func (c *relay) Read(p []byte) (int, error)  { return c.out.Read(p) }
func (c *relay) Write(p []byte) (int, error) { return c.in.Write(p) }

func (c *relay) Close() error {
	_ = c.in.Close()
	return c.session.Close()
}

func (c *relay) LocalAddr() net.Addr              { return c.client.LocalAddr() }
func (c *relay) RemoteAddr() net.Addr             { return c.client.RemoteAddr() }
func (c *relay) SetDeadline(time.Time) error      { return os.ErrNoDeadline }
func (c *relay) SetReadDeadline(time.Time) error  { return os.ErrNoDeadline }
func (c *relay) SetWriteDeadline(time.Time) error { return os.ErrNoDeadline }

// tailMax is how many bytes of a program's output are kept.
const tailMax = 4096

// tail keeps the end of what is written to it.
type tail struct {
	mu   sync.Mutex
	text []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, p...)
	if over := len(t.text) - tailMax; over > 0 {
		t.text = t.text[over:]
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(string(t.text))
}
