package conn

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"time"
)

// relay says how a connection reaches libvirt's socket on the host: sshd forwards it, or a program on the host connects its input and output to it.
type relay struct {
	direct  bool     // whether to try first that sshd forwards the socket
	proxy   string   // auto, native (virt-ssh-helper) or netcat
	netcat  string   // the netcat program on the host; "" for any
	sockets []string // none: virt-ssh-helper finds the socket of the libvirt of the user, and starts it
}

const proxyAuto, proxyNative, proxyNetcat = "auto", "native", "netcat"

// parseRelay reads the parameters as libvirt does: a named socket or netcat implies netcat, because virt-ssh-helper chooses the socket itself.
//
// https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/remote/remote_driver.c (doRemoteOpen)
func parseRelay(p params, session bool) (relay, error) {
	r := relay{proxy: p.get("proxy"), netcat: p.get("netcat")}
	var err error
	if r.sockets, err = p.sockets(); err != nil {
		return r, err
	}
	r.direct = r.netcat == "" && (r.proxy == "" || r.proxy == proxyAuto)
	named := ""
	for _, name := range []string{"netcat", "socket", "mode"} {
		if value := p.get(name); value != "" && (name != "mode" || value != "auto") {
			named = name
		}
	}
	switch {
	case r.proxy == proxyNative && named != "":
		return r, fmt.Errorf(`must not combine proxy=native with "%s": virt-ssh-helper chooses the socket itself`, named)
	case r.proxy == "" && named != "":
		r.proxy = proxyNetcat
	case r.proxy == "":
		r.proxy = proxyAuto
	case r.proxy == proxyAuto && named != "":
		r.proxy = proxyNetcat
	case r.proxy != proxyAuto && r.proxy != proxyNative && r.proxy != proxyNetcat:
		return r, errors.New(`must have auto, native or netcat for "proxy"`)
	}
	if session && p.get("socket") == "" {
		if r.proxy == proxyNetcat {
			return r, errors.New(`must have "socket" with netcat in a session: only virt-ssh-helper finds the socket itself`)
		}
		r.direct, r.proxy, r.sockets = false, proxyNative, nil
	}
	return r, nil
}

// relayed is the line that the script prints before libvirt's output: a login shell may print something before it.
const relayed = "kvm-fleet: relayed"

// relayScript connects its input and output to the first of the sockets in its arguments that exists, with a program that the host has, or
// says why it cannot. Its first two arguments are the proxy and the netcat program. It has no single quote, and each of its lines can be
// followed by another on the same line.
const relayScript = `p=$1; n=$2; shift 2;
if test "$#" = 0; then
command -v virt-ssh-helper >/dev/null && { echo "` + relayed + `"; exec virt-ssh-helper qemu:///session; };
echo "virt-ssh-helper is missing; install it, or name the socket of the session with socket=" >&2; exit 1; fi;
for s; do
test -S "$s" || continue;
test -w "$s" || { echo "the user has no permission to use $s; log in as root, or as a member of its group" >&2; exit 1; };
if test "$p" != netcat && command -v virt-ssh-helper >/dev/null; then echo "` + relayed + `"; exec virt-ssh-helper qemu:///system; fi;
if test "$p" = native; then echo "virt-ssh-helper is missing; install it, or use proxy=netcat" >&2; exit 1; fi;
if test -n "$n" && ! command -v "$n" >/dev/null; then echo "$n is missing; install it, or name another program with netcat=" >&2; exit 1; fi;
if test -z "$n" && command -v socat >/dev/null; then echo "` + relayed + `"; exec socat - "UNIX-CONNECT:$s"; fi;
h=$("${n:-nc}" -h 2>&1); q=; case $h in *-q*) q=-q0;; esac;
case $n,$h in ?*,*|*-U*) echo "` + relayed + `"; exec "${n:-nc}" $q -U "$s";; esac;
echo "virt-ssh-helper, socat and an nc with -U are all missing, or cannot be used with the parameters of the uri; install one of them" >&2; exit 1;
done;
echo "no libvirt socket at $*; start libvirtd, or name its socket with ?socket=" >&2; exit 1`

// command returns the command line that runs the script, for any login shell: not every shell accepts a line break in quotes.
func (r relay) command() string {
	words := append([]string{"sh", "-c", strings.ReplaceAll(relayScript, "\n", " "), "kvm-fleet", r.proxy, r.netcat}, r.sockets...)
	for i, word := range words {
		words[i] = quoted(word)
	}
	return strings.Join(words, " ")
}

// quoted quotes a word for any shell.
func quoted(word string) string { return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'" }

// awaitRelay reads up to the line after which libvirt's output starts, one byte at a time.
func awaitRelay(out io.Reader) error {
	var seen []byte
	one := make([]byte, 1)
	for !bytes.HasSuffix(seen, []byte(relayed+"\n")) {
		if _, err := io.ReadFull(out, one); err != nil {
			return err
		}
		if seen = append(seen, one[0]); len(seen) > 2*tailMax {
			return errors.New("the login shell prints too much")
		}
	}
	return nil
}

// piped is a connection over the input and output of a program.
type piped struct {
	in  io.WriteCloser
	out io.Reader
	to  sshAddress
}

func (c *piped) Read(p []byte) (int, error)       { return c.out.Read(p) }
func (c *piped) Write(p []byte) (int, error)      { return c.in.Write(p) }
func (c *piped) Close() error                     { return c.in.Close() }
func (c *piped) LocalAddr() net.Addr              { return sshAddress("") }
func (c *piped) RemoteAddr() net.Addr             { return c.to }
func (c *piped) SetDeadline(time.Time) error      { return os.ErrNoDeadline }
func (c *piped) SetReadDeadline(time.Time) error  { return os.ErrNoDeadline }
func (c *piped) SetWriteDeadline(time.Time) error { return os.ErrNoDeadline }

// sshAddress is the host of a connection by ssh.
type sshAddress string

func (sshAddress) Network() string  { return "ssh" }
func (a sshAddress) String() string { return string(a) }

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
	return strings.TrimSpace(strings.ReplaceAll(string(t.text), "\r\n", "\n"))
}
