package conn

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// login is how the connections to a host share one login.
type login struct {
	via      openSSH
	control  string   // the socket of the ssh that holds the login; "" for a login that the user holds, or for each connection its own
	process  *process // that ssh
	mu       sync.Mutex
	forwards map[string]string // local sockets, by the sockets of the host
}

// attempt is a login, as soon as it is known whether it succeeded.
type attempt struct {
	known chan struct{}
	login *login
	err   error
}

var (
	attemptsMutex sync.Mutex
	attempts      = map[string]*attempt{} // the last one with each command line
)

// usable reports whether an attempt may still succeed, or the login is still there.
func (a *attempt) usable() bool {
	select {
	case <-a.known:
	default:
		return true
	}
	return a.err == nil && a.login.control != "" && !a.login.process.hasEnded()
}

// key is the same for connections that can share a login.
func (s openSSH) key() string {
	return s.program + "\n" + strings.Join(append(s.arguments(), s.host), "\n")
}

// shared returns the login to use. One caller begins it, the others wait for the result. It is on the way to the logins with the keys in via.
func (s openSSH) shared(ctx context.Context, via []string) (*login, error) {
	key := s.key()
	attemptsMutex.Lock()
	a := attempts[key]
	if a == nil || !a.usable() {
		a = &attempt{known: make(chan struct{})}
		attempts[key] = a
		go func() { // an interruption of this caller must not interrupt the others
			a.login, a.err = s.logIn(context.WithoutCancel(ctx), append(slices.Clone(via), key))
			close(a.known)
		}()
	}
	attemptsMutex.Unlock()
	select {
	case <-a.known:
		return a.login, a.err
	case <-ctx.Done():
		return nil, s.explain(ctx, loginTimeout, ctx.Err())
	}
}

// connected is what ssh prints when it has logged in.
const connected = "connected"

// logIn starts an ssh that holds a login for the connections to a host, until this process ends. A login that the user holds (ControlMaster) is
// used instead, since it may be the only one that needs no password.
func (s openSSH) logIn(ctx context.Context, via []string) (*login, error) {
	before, cancel := context.WithTimeout(ctx, loginTimeout)
	defer cancel()
	settings, err := s.settings(before)
	if err != nil {
		return nil, s.explain(before, loginTimeout, err)
	}
	l := &login{via: s, forwards: map[string]string{}}
	if path := settings["controlpath"]; path != "" && path != "none" {
		if _, err := s.ask(before, s.commandLine("-O", "check", "--", s.host)); err == nil {
			return l, nil
		}
	}
	path := socketPath()
	if path == "" {
		return l, nil
	}
	proxy, err := s.proxy(before, settings["proxyjump"], via)
	if err != nil {
		return nil, err
	}
	// Of many hosts behind one server, the last wait for all the others, each of which may take its time.
	leave, err := takeTurn(ctx, gate(settings, proxy != nil))
	if err != nil {
		return nil, s.explain(ctx, loginTimeout, err)
	}
	defer leave()
	ctx, cancel = context.WithTimeout(ctx, loginTimeout)
	defer cancel()
	l.process, err = startSSH(s.commandLine(append(proxy, "-N", "-o", "ControlMaster=yes", "-o", "ControlPersist=no",
		"-o", "ControlPath="+literal(path), "-o", "PermitLocalCommand=yes", "-o", "LocalCommand=echo "+connected, "--", s.host)...))
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, l.process.kill)
	_, err = io.ReadFull(l.process.out, make([]byte, len(connected)))
	if !stop() || err != nil {
		s.outdated = outdatedCertificate(settings, time.Now())
		return nil, s.explain(ctx, loginTimeout, l.process.failed())
	}
	l.control = path
	return l, nil
}

// settings returns the configuration of ssh for the host, by keyword in lower case. A keyword that ssh knows several times has a line for each.
func (s openSSH) settings(ctx context.Context) (map[string]string, error) {
	said, err := s.ask(ctx, s.commandLine("-G", "--", s.host))
	if err != nil {
		return nil, err
	}
	settings := map[string]string{}
	for line := range strings.Lines(said) {
		keyword, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		if before, there := settings[keyword]; there {
			value = before + "\n" + value
		}
		settings[keyword] = value
	}
	return settings, nil
}

// command returns an ssh that uses the login. If this process holds the login, the configuration has done its part.
func (l *login) command(more ...string) *exec.Cmd {
	if l.control == "" {
		return l.via.commandLine(append([]string{"-o", "ControlMaster=no"}, more...)...)
	}
	return exec.Command(l.via.program, append([]string{"-F", "none", "-T", "-e", "none", "-o", "BatchMode=yes", "-o", "LogLevel=ERROR",
		"-o", "ControlMaster=no", "-o", "ControlPath=" + literal(l.control)}, more...)...)
}

// forwardable matches the paths that need no escape in an option of ssh.
var forwardable = regexp.MustCompile(`^[\w/.@+=-]+$`)

// forward returns a local socket that leads to a socket of the host.
func (l *login) forward(ctx context.Context, socket string) (string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if path, made := l.forwards[socket]; made {
		return path, nil
	}
	path := socketPath()
	if !forwardable.MatchString(socket) || !forwardable.MatchString(path) {
		return "", errors.New("ssh cannot forward this path")
	}
	if _, err := l.via.ask(ctx, l.command("-O", "forward", "-L", path+":"+socket, "--", l.via.host)); err != nil {
		return "", err
	}
	l.forwards[socket] = path
	return path, nil
}

// reach connects to a socket of the host.
func (l *login) reach(ctx context.Context, socket string) (net.Conn, error) {
	path, err := l.forward(ctx, socket)
	if err != nil {
		return nil, err
	}
	c, err := dialFor(ctx, "unix", path)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = c.Close() })
	if err := answers(c); err != nil || !stop() {
		_ = c.Close()
		return nil, errors.Join(err, ctx.Err())
	}
	return c, nil
}

// answers asks libvirt how clients authenticate, and waits for the answer. ssh accepts a connection before it knows whether the host does.
// https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/remote/remote_protocol.x (REMOTE_PROC_AUTH_LIST)
func answers(c net.Conn) error {
	const program, version, authList = 0x20008086, 1, 66
	call := make([]byte, 0, headerSize)
	for _, field := range []uint32{headerSize, program, version, authList, 0, 0, 0} {
		call = binary.BigEndian.AppendUint32(call, field)
	}
	if _, err := c.Write(call); err != nil {
		return err
	}
	var length [lengthSize]byte
	if _, err := io.ReadFull(c, length[:]); err != nil {
		return err
	}
	_, err := io.CopyN(io.Discard, c, int64(binary.BigEndian.Uint32(length[:]))-lengthSize)
	return err
}
