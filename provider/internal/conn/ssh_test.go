package conn

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
)

// newSession is a login at a server of our own, which answers requests or doesn't. Whether it ended is to be seen at the channel.
func newSession(t *testing.T, answers bool) (in *session, ended <-chan error) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	_, hostKey := newKey(t)
	config := &ssh.ServerConfig{NoClientAuth: true}
	config.AddHostKey(hostKey)
	go func() {
		c, err := listener.Accept()
		if err != nil {
			return
		}
		_, channels, requests, err := ssh.NewServerConn(c, config)
		if err != nil {
			return
		}
		if answers {
			go ssh.DiscardRequests(requests)
		}
		for range channels {
		}
	}()
	raw, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	conn, channels, requests, err := ssh.NewClientConn(raw, "server", &ssh.ClientConfig{HostKeyCallback: ssh.FixedHostKey(hostKey.PublicKey())})
	if err != nil {
		t.Fatal(err)
	}
	in = &session{ssh.NewClient(conn, channels, requests), raw}
	t.Cleanup(in.end)
	wait := make(chan error, 1)
	go func() { wait <- in.Wait() }()
	return in, wait
}

func TestALoginWhoseHostDoesNotAnswerEnds(t *testing.T) {
	in, ended := newSession(t, false)
	go in.keepAlive(time.Millisecond, 20*time.Millisecond)
	select {
	case <-ended:
	case <-time.After(time.Minute):
		t.Error("it did not")
	}
}

func TestALoginWhoseHostAnswersGoesOn(t *testing.T) {
	in, ended := newSession(t, true)
	done := make(chan struct{})
	go func() {
		in.keepAlive(time.Millisecond, time.Minute)
		close(done)
	}()
	for range 20 { // as many as there are in 20 ms and more
		if _, _, err := in.SendRequest("keepalive@openssh.com", true, nil); err != nil {
			t.Fatal(err)
		}
	}
	in.end()
	<-ended
	<-done
}

func TestThoseWhoGoTheSameWayShareALogin(t *testing.T) {
	roads := jumpLogins{open: map[string]*jumpLogin{}}
	var logins atomic.Int32
	ready := make(chan struct{})
	in, ended := newSession(t, true)
	login := func(context.Context) (*session, error) {
		logins.Add(1)
		<-ready
		return in, nil
	}
	type joined struct {
		in    *session
		leave func()
		err   error
	}
	all := make(chan joined)
	for range 5 {
		go func() {
			in, leave, err := roads.join(t.Context(), "gate", login)
			all <- joined{in, leave, err}
		}()
	}
	// One that does not want to wait any more takes nothing from the others.
	impatient, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := roads.join(impatient, "gate", login); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	close(ready)
	var leave []func()
	for range 5 {
		j := <-all
		if j.err != nil || j.in != in {
			t.Fatalf("got %v %v", j.in, j.err)
		}
		leave = append(leave, j.leave)
	}
	if n := logins.Load(); n != 1 {
		t.Errorf("%d logins were made", n)
	}
	for i, l := range leave {
		select {
		case <-ended:
			t.Fatalf("it ended while %d used it", len(leave)-i)
		default:
		}
		l()
	}
	<-ended
	other, _ := newSession(t, true)
	again, end, err := roads.join(t.Context(), "gate", func(context.Context) (*session, error) { return other, nil })
	if err != nil || again != other {
		t.Fatalf("after it ended: %v %v", again, err)
	}
	end()
}

func TestALoginThatFailedIsTriedAgain(t *testing.T) {
	roads := jumpLogins{open: map[string]*jumpLogin{}}
	no := errors.New("no")
	for range 2 {
		tried := false
		_, _, err := roads.join(t.Context(), "gate", func(context.Context) (*session, error) { tried = true; return nil, no })
		if !errors.Is(err, no) || !tried {
			t.Errorf("got %v (tried: %v)", err, tried)
		}
	}
}

// A login that dropped is found out by the one who uses it next, if by nobody else before.
func TestALoginThatDroppedIsForgotten(t *testing.T) {
	roads := jumpLogins{open: map[string]*jumpLogin{}}
	in, ended := newSession(t, true)
	hop, target := &sshServer{user: "me", host: "gate", port: "22"}, &sshServer{user: "me", host: "web", port: "22"}
	login := func(context.Context) (*session, error) { return in, nil }
	_, leave, err := roads.join(t.Context(), hop.String()+" ", login)
	if err != nil {
		t.Fatal(err)
	}
	roads.mu.Lock()
	held := roads.open[hop.String()+" "]
	roads.mu.Unlock()
	in.end()
	<-ended
	roads.mu.Lock()
	roads.open[hop.String()+" "] = held // as long as nobody has noticed
	roads.mu.Unlock()
	if _, dropped, err := roads.through(t.Context(), hop, target, login); !dropped || err == nil || !strings.HasPrefix(err.Error(), "from me@gate:22 to web:22: ") {
		t.Errorf("got %v (dropped: %v)", err, dropped)
	}
	leave()
	roads.mu.Lock()
	defer roads.mu.Unlock()
	if len(roads.open) != 0 {
		t.Error("it is still known")
	}
}

func TestJumpHostsThatLeadBack(t *testing.T) {
	sshHome(t, "Host *\n User me\n ProxyJump gate\nHost gate\n HostName gate.test\n")
	key, _ := newKey(t)
	t.Setenv("SSH_AUTH_SOCK", newAgent(t, key))
	u, err := ParseURI("qemu+ssh://web/system")
	if err != nil {
		t.Fatal(err)
	}
	_, err = u.transport.dial(t.Context())
	const want = "through me@gate.test:22: the jump hosts of the ssh configuration form a loop: me@gate.test:22 to me@gate.test:22"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestJumpHosts(t *testing.T) {
	for text, want := range map[string]string{
		"gate": " gate ", "me@gate": "me gate ", "gate:2222": " gate 2222", "me@gate:2222": "me gate 2222", "ssh://me@gate:2222": "me gate 2222", "ssh://gate/": " gate ",
		"[fd00::1]": " fd00::1 ", "me@[fd00::1]:22": "me fd00::1 22", "": `ProxyJump must have the form user@host:port, got ""`, "me@": `ProxyJump must have the form user@host:port, got "me@"`,
	} {
		user, host, port, err := splitJump(text)
		got := strings.Join([]string{user, host, port}, " ")
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// The command is what any login shell is given; the script in it is sh's.
func TestTheCommandThatRelaysIsQuoted(t *testing.T) {
	got := sshTransport{sockets: []string{"/run/it's here/sock"}, named: true}.relayCommand()
	if !strings.HasPrefix(got, "'sh' '-c' 'for s; do\n") || !strings.HasSuffix(got, `' 'named' '/run/it'\''s here/sock'`) || strings.Contains(relayScript, "'") {
		t.Errorf("got %s", got)
	}
}

func TestOfWhatAProgramSaysTheEndIsKept(t *testing.T) {
	var said tail
	for range 3 {
		_, _ = io.WriteString(&said, strings.Repeat("x", tailMax/2))
	}
	_, _ = io.WriteString(&said, "why\n")
	if got := said.String(); len(got) != tailMax-1 || !strings.HasSuffix(got, "why") {
		t.Errorf("got %d bytes: %s", len(got), got)
	}
}
