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

// connect reaches an sshd, through its jump hosts.
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
		return nil, fmt.Errorf("the jump hosts of ssh's configuration lead back to where they began: %s", strings.Join(append(via, name), " to "))
	}
	login := func(ctx context.Context) (*session, error) { return c.login(ctx, hop, append(slices.Clone(via), name)) }
	conn, dropped, err := jumps.through(ctx, hop, s, login)
	if dropped { // and nobody had noticed
		conn, _, err = jumps.through(ctx, hop, s, login)
	}
	return conn, err
}

// jumpHost is the last of a server's jump hosts. The others lead there; where there is no other, its own configuration says what does.
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

// splitJump reads [user@]host[:port], which may begin with ssh://.
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
		return "", "", "", fmt.Errorf("ProxyJump must be like user@host:port, got %q", text)
	}
	return user, host, port, nil
}

// crossroads are the logins on jump hosts. Those who go the same way share one: a fleet behind one jump host would else log in there as
// many times at once as it has hosts, which sshd does not let happen.
type crossroads struct {
	mu   sync.Mutex
	open map[string]*crossing
}

type crossing struct {
	known chan struct{} // closed when it is known what became of the login
	login *session
	err   error
	users int
}

var jumps = crossroads{open: map[string]*crossing{}}

// through connects to a server from its jump host. It says so where it had a login there that turned out to be gone.
func (r *crossroads) through(ctx context.Context, hop, s *sshServer, login func(context.Context) (*session, error)) (c net.Conn, dropped bool, err error) {
	name := hop.String() + " " + hop.jump
	in, leave, err := r.join(ctx, name, login)
	if err != nil {
		return nil, false, fmt.Errorf("by way of %s: %w", hop, err)
	}
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	conn, err := in.DialContext(ctx, "tcp", s.address())
	if err == nil {
		return &owner{Conn: conn, end: func() {
			go func() { _ = conn.Close() }() // which waits for the jump host to take the message
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

// join returns a login that is there, or what becomes of one that is begun. It ends when all that joined have left.
func (r *crossroads) join(ctx context.Context, name string, login func(context.Context) (*session, error)) (*session, func(), error) {
	r.mu.Lock()
	x := r.open[name]
	if x == nil {
		x = &crossing{known: make(chan struct{})}
		r.open[name] = x
		// It is not for one of them to interrupt the others.
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

func (r *crossroads) begin(name string, x *crossing, login func() (*session, error)) {
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
	r.forget(name, x.login) // it dropped: the next one logs in again
}

// forget lets go of a login that failed or is gone, unless there is a newer one by now.
func (r *crossroads) forget(name string, login *session) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if x := r.open[name]; x != nil && x.login == login {
		delete(r.open, name)
	}
}

func (r *crossroads) leave(name string, x *crossing) {
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
