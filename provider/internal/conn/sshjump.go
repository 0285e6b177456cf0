package conn

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"

	"golang.org/x/crypto/ssh"
)

// connect connects to an sshd, through its jump hosts.
func (c *sshConfig) connect(ctx context.Context, s *sshServer, via []string) (net.Conn, error) {
	if s.jump == "" {
		return dialFor(ctx, "tcp", s.address())
	}
	hop, err := c.jumpHost(s)
	if err != nil {
		return nil, err
	}
	name := hop.String()
	if slices.Contains(via, name) {
		return nil, fmt.Errorf("the jump hosts of the ssh configuration form a loop: %s", strings.Join(append(via, name), " to "))
	}
	login := func(ctx context.Context) (*session, error) { return c.login(ctx, hop, append(slices.Clone(via), name)) }
	conn, dropped, err := jumps.through(ctx, hop, s, login)
	if dropped { // the shared login had ended unnoticed
		conn, _, err = jumps.through(ctx, hop, s, login)
	}
	return conn, err
}

// jumpHost returns the last of a server's jump hosts. The others lead to it; if there are no others, its own
// configuration names them.
func (c *sshConfig) jumpHost(s *sshServer) (*sshServer, error) {
	others, last := "", s.jump
	if i := strings.LastIndexByte(s.jump, ','); i >= 0 {
		others, last = s.jump[:i], s.jump[i+1:]
	}
	user, alias, port, err := splitJump(strings.TrimSpace(last))
	if err != nil {
		return nil, err
	}
	hop, err := c.server(alias, user, port)
	if err == nil && others != "" {
		hop.jump = others
	}
	return hop, err
}

// splitJump parses [user@]host[:port], with an optional ssh:// before it.
func splitJump(text string) (user, host, port string, err error) {
	host = strings.TrimSuffix(strings.TrimPrefix(text, "ssh://"), "/")
	if i := strings.LastIndexByte(host, '@'); i >= 0 {
		user, host = host[:i], host[i+1:]
	}
	if h, p, err := net.SplitHostPort(host); err == nil {
		host, port = h, p
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if host == "" {
		return "", "", "", fmt.Errorf("ProxyJump must have the form user@host:port, got %q", text)
	}
	return user, host, port, nil
}

// jumpLogins are the logins on jump hosts. Connections through the same jump host share a login: a fleet behind one jump host would
// otherwise log in there once for each of its hosts at the same time, which sshd refuses.
type jumpLogins struct {
	mu   sync.Mutex
	open map[string]*jumpLogin
}

type jumpLogin struct {
	known chan struct{} // closed when the login has succeeded or failed
	login *session
	err   error
	users int
}

var jumps = jumpLogins{open: map[string]*jumpLogin{}}

// through connects to a server from its jump host. dropped is true if the shared login turned out to have ended.
func (r *jumpLogins) through(ctx context.Context, hop, s *sshServer,
	login func(context.Context) (*session, error)) (c net.Conn, dropped bool, err error) {
	name := hop.String() + " " + hop.jump
	in, leave, err := r.join(ctx, name, login)
	if err != nil {
		return nil, false, fmt.Errorf("through %s: %w", hop, err)
	}
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	conn, err := in.DialContext(ctx, "tcp", s.address())
	if err == nil {
		return &owner{Conn: conn, end: func() {
			go func() { _ = conn.Close() }() // Close waits until the jump host has received the message
			leave()
		}}, false, nil
	}
	var refused *ssh.OpenChannelError
	if ctx.Err() != nil {
		err = fmt.Errorf("no answer within %s", dialTimeout)
	} else if dropped = !errors.As(err, &refused); dropped {
		r.forget(name, in)
	}
	leave()
	return nil, dropped, fmt.Errorf("from %s to %s: %w", hop, s.address(), err)
}

// join returns the shared login, or waits for the one in progress, or starts one. The login ends when all who joined
// have left.
func (r *jumpLogins) join(ctx context.Context, name string, login func(context.Context) (*session, error)) (*session, func(), error) {
	r.mu.Lock()
	x := r.open[name]
	if x == nil {
		x = &jumpLogin{known: make(chan struct{})}
		r.open[name] = x
		// An interruption of one caller must not interrupt the others.
		go r.begin(name, x, func() (*session, error) { return login(context.WithoutCancel(ctx)) })
	}
	x.users++
	r.mu.Unlock()
	leave := func() { r.leave(name, x) }
	select {
	case <-x.known:
	case <-ctx.Done():
		go func() {
			<-x.known
			leave()
		}()
		return nil, nil, ctx.Err()
	}
	if x.err != nil {
		return nil, nil, x.err
	}
	return x.login, leave, nil
}

func (r *jumpLogins) begin(name string, x *jumpLogin, login func() (*session, error)) {
	in, err := login()
	r.mu.Lock()
	x.login, x.err = in, err
	r.mu.Unlock()
	if x.err != nil {
		r.forget(name, nil)
		close(x.known)
		return
	}
	close(x.known)
	_ = x.login.Wait()
	r.forget(name, x.login) // it ended: the next caller logs in again
}

// forget removes a login that failed or ended, unless a newer one has replaced it.
func (r *jumpLogins) forget(name string, login *session) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if x := r.open[name]; x != nil && x.login == login {
		delete(r.open, name)
	}
}

func (r *jumpLogins) leave(name string, x *jumpLogin) {
	r.mu.Lock()
	x.users--
	last := x.users == 0
	if last && r.open[name] == x {
		delete(r.open, name)
	}
	r.mu.Unlock()
	if last && x.login != nil {
		x.login.end()
	}
}
