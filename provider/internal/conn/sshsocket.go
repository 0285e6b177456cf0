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

// reach connects to libvirt's socket on a host that somebody is logged in at.
func (w sshWay) reach(ctx context.Context, client *ssh.Client) (net.Conn, error) {
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
	// sshd (9.2) has one answer for a socket that is not there, one that may not be used, and forwarding that is forbidden.
	return w.relay(client)
}

// What the script says before libvirt's own words: a login shell may have said something before it.
const relayed = "kvm-fleet: relayed"

// relayScript connects its input and output with the first of the sockets that it gets, by what the host has for that, or says why it can't.
// $0 is "any" where a helper of libvirt's may choose the socket.
const relayScript = `for s; do
test -S "$s" || continue
test -w "$s" || { echo "the user may not use $s; log in as root, or as a member of the group that it is for" >&2; exit 1; }
if test "$0" = any && command -v virt-ssh-helper >/dev/null; then echo "` + relayed + `"; exec virt-ssh-helper qemu:///system; fi
if command -v socat >/dev/null; then echo "` + relayed + `"; exec socat - "UNIX-CONNECT:$s"; fi
h=$(nc -h 2>&1); q=; case $h in *-q*) q=-q0;; esac
case $h in *-U*) echo "` + relayed + `"; exec nc $q -U "$s";; esac
echo "its sshd does not forward sockets, and it has none of virt-ssh-helper, socat and an nc that knows -U" >&2; exit 1
done
echo "there is no $*; start libvirtd, or say where its socket is with ?socket=" >&2; exit 1`

// relayCommand is the script as any login shell takes it.
func (w sshWay) relayCommand() string {
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

func (w sshWay) relay(client *ssh.Client) (net.Conn, error) {
	run, err := client.NewSession()
	if err != nil {
		return nil, err
	}
	c := &relay{session: run, client: client}
	run.Stderr = &c.said
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

// relay is a program on a host that passes on what is said.
type relay struct {
	session *ssh.Session
	client  *ssh.Client
	in      io.WriteCloser
	out     io.Reader
	said    tail
}

// begin reads up to the line after which libvirt is heard, a byte at a time: what follows is libvirt's.
func (c *relay) begin() error {
	var seen []byte
	one := make([]byte, 1)
	for !bytes.HasSuffix(seen, []byte(relayed+"\n")) {
		if _, err := c.out.Read(one); err != nil || len(seen) > tailMax {
			ended := c.session.Wait()
			if said := c.said.String(); said != "" {
				return errors.New(said)
			}
			return fmt.Errorf("nothing can be run there: %w", errors.Join(ended, err))
		}
		seen = append(seen, one[0])
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

// tailMax is more than anybody reads of what a program said.
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
