package conn

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"
)

// sshTransport logs in on the host by ssh and connects to its libvirt's socket.
type sshTransport struct {
	alias, port, user string // as in the uri
	keyfile           string
	knownHosts        string
	verify            string // "" for the setting of the ssh configuration
	sockets           []string
	named             bool // whether the uri names the socket
}

func parseSSH(u *url.URL, p params, out *URI) error {
	w := sshTransport{alias: u.Hostname(), port: u.Port(), user: u.User.Username(), named: p.get("socket") != "" || p.get("mode") != "",
		verify: p.get("known_hosts_verify")}
	var err error
	if w.sockets, err = p.sockets(); err != nil {
		return err
	}
	if w.keyfile, err = p.path("keyfile"); err != nil {
		return err
	}
	if w.knownHosts, err = p.path("known_hosts"); err != nil {
		return err
	}
	if !slices.Contains([]string{"", verifyNormal, verifyAuto, verifyIgnore}, w.verify) {
		return fmt.Errorf(`must have normal, auto or ignore for "known_hosts_verify"`)
	}
	noVerify, err := p.flag("no_verify")
	if err != nil {
		return err
	}
	if noVerify {
		w.verify = verifyIgnore
	}
	if _, err := p.flag("no_tty"); err != nil { // this program never prompts
		return err
	}
	out.transport = w
	return nil
}

func (w sshTransport) server(c *sshConfig) (*sshServer, error) {
	s, err := c.server(w.alias, w.user, w.port)
	if err != nil {
		return nil, err
	}
	if w.keyfile != "" {
		s.identities, s.named = []string{inHome(w.keyfile, c.home)}, true
	}
	if w.knownHosts != "" {
		s.knownHosts = []string{inHome(w.knownHosts, c.home)}
	}
	if w.verify != "" {
		s.verify = w.verify
	}
	return s, nil
}

func (w sshTransport) dial(ctx context.Context) (net.Conn, error) {
	config, err := readSSHConfig()
	if err != nil {
		return nil, err
	}
	s, err := w.server(config)
	if err != nil {
		return nil, err
	}
	client, err := config.login(ctx, s, nil)
	if err != nil {
		return nil, err
	}
	var c net.Conn
	err = within(ctx, client.raw, fmt.Sprintf("libvirt through %s", s), func() (err error) {
		c, err = w.reach(ctx, client.Client)
		return err
	})
	if err != nil {
		client.end()
		return nil, err
	}
	return &owner{Conn: c, end: client.end}, nil
}

// session is an ssh login and the connection that ends with it.
type session struct {
	*ssh.Client
	raw net.Conn
}

func (s *session) end() {
	_ = s.raw.Close() // first, so that a dead peer is not waited for
	_ = s.Close()
}

// maxLogins is how many logins may be in progress with one sshd. By default sshd drops some from the eleventh on (sshd_config(5),
// MaxStartups), and it has other users.
const maxLogins = 4

var (
	loginsMutex sync.Mutex
	logins      = map[string]chan struct{}{}
)

func loginTurns(address string) chan struct{} {
	loginsMutex.Lock()
	defer loginsMutex.Unlock()
	if logins[address] == nil {
		logins[address] = make(chan struct{}, maxLogins)
	}
	return logins[address]
}

// login connects to an sshd, through its jump hosts, and logs in. via are the jump hosts that lead there.
func (c *sshConfig) login(ctx context.Context, s *sshServer, via []string) (*session, error) {
	keys, err := s.keys()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s, err)
	}
	defer keys.close()
	known, err := s.known()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s, err)
	}
	turns := loginTurns(s.jump + " " + s.address())
	select {
	case turns <- struct{}{}:
		defer func() { <-turns }()
	case <-ctx.Done():
		return nil, fmt.Errorf("%s: %w", s, ctx.Err())
	}
	raw, err := c.connect(ctx, s, via)
	if err != nil {
		return nil, err
	}
	config := &ssh.ClientConfig{
		User:              s.user,
		Auth:              []ssh.AuthMethod{ssh.PublicKeysCallback(keys.all)},
		HostKeyCallback:   known.check,
		HostKeyAlgorithms: known.algorithms(),
	}
	var client *ssh.Client
	err = within(ctx, raw, fmt.Sprintf("ssh with %s", s), func() error {
		conn, channels, requests, err := ssh.NewClientConn(raw, s.knownAs(), config)
		if err == nil {
			client = ssh.NewClient(conn, channels, requests)
		}
		return err
	})
	if err != nil {
		_ = raw.Close()
		return nil, s.explain(err, keys)
	}
	in := &session{client, raw}
	go in.keepAlive(keepAliveEvery, keepAlivePatience)
	return in, nil
}

func (s *sshServer) explain(err error, keys *keys) error {
	var shown *hostKeyError
	switch {
	case errors.As(err, &shown):
		return shown
	// The library has no error type for this.
	case strings.Contains(err.Error(), "unable to authenticate"), strings.Contains(err.Error(), "Too many authentication failures"):
		return fmt.Errorf("%s refuses the login with %s", s, keys.describe())
	}
	return err
}

// A login whose host does not answer ends after both have passed.
const (
	keepAliveEvery    = 10 * time.Second
	keepAlivePatience = 20 * time.Second
)

// keepAlive sends keepalive requests and ends the login if one is not answered. Without them, a peer that disappeared
// would not be noticed while nothing is sent.
func (s *session) keepAlive(every, patience time.Duration) {
	ended := make(chan struct{})
	go func() {
		_ = s.Wait()
		close(ended)
	}()
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ended:
			return
		case <-tick.C:
		}
		late := time.AfterFunc(patience, s.end)
		_, _, err := s.SendRequest("keepalive@openssh.com", true, nil)
		late.Stop()
		if err != nil {
			s.end()
			return
		}
	}
}
