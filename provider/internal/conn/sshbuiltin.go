package conn

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/user"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"
)

// sshServer is an sshd and how the built-in client logs in there. The client knows the uri, and no configuration of ssh.
type sshServer struct {
	host, port, user string
	knownHosts       []string // the files to look in; a new key is added to the first
	verify           string   // normal, auto or ignore
}

const defaultSSHPort = "22"

// address returns where the sshd listens; it is the server's name in known_hosts, too.
func (s *sshServer) address() string { return net.JoinHostPort(s.host, s.port) }

func (s *sshServer) String() string { return s.user + "@" + s.address() }

func (w sshTransport) server() *sshServer {
	s := &sshServer{host: w.host, port: w.port, user: w.user, verify: w.verify,
		knownHosts: []string{inHome("~/.ssh/known_hosts", home()), "/etc/ssh/ssh_known_hosts"}}
	if s.port == "" {
		s.port = defaultSSHPort
	}
	if u, err := user.Current(); s.user == "" && err == nil {
		s.user = u.Username
	}
	if s.verify == "" {
		s.verify = verifyNormal
	}
	if w.knownHosts != "" {
		s.knownHosts = []string{inHome(w.knownHosts, home())}
	}
	return s
}

// signer returns the key to log in with: the one by value, that of the uri, or the first of the usual files.
func (w sshTransport) signer(key string) (ssh.Signer, error) {
	if key != "" {
		signer, err := ssh.ParsePrivateKey([]byte(key))
		if err != nil {
			return nil, fmt.Errorf("unable to read the private key in the environment variable %s: %w", SSHKey, err)
		}
		return signer, nil
	}
	if w.without == authKey {
		return nil, errors.New("without the ssh program, no agent can be used: install it, or remove sshauth from the uri")
	}
	paths := []string{w.keyfile}
	if w.keyfile == "" {
		paths = []string{"~/.ssh/id_ed25519", "~/.ssh/id_ecdsa", "~/.ssh/id_rsa"}
	}
	for _, path := range paths {
		path = inHome(path, home())
		if w.keyfile == "" && !exists(path) {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		signer, err := ssh.ParsePrivateKey(text)
		var locked *ssh.PassphraseMissingError
		if errors.As(err, &locked) {
			return nil, fmt.Errorf("%s is encrypted; install the ssh program, which can use the keys of an agent", path)
		}
		if err != nil {
			return nil, fmt.Errorf("unable to read the private key %s: %w", path, err)
		}
		return signer, nil
	}
	return nil, fmt.Errorf("no key for the login: neither %s exists; name one with ?keyfile=, put it into the environment variable %s, or install "+
		"the ssh program, which can use the keys of an agent", strings.Join(paths, " nor "), SSHKey)
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

// dialBuiltin connects with the built-in client.
func (w sshTransport) dialBuiltin(ctx context.Context, key string) (net.Conn, error) {
	s := w.server()
	signer, err := w.signer(key)
	if err != nil {
		return nil, err
	}
	login, err := s.login(ctx, signer)
	if err != nil {
		return nil, err
	}
	var c net.Conn
	err = within(ctx, login.raw, "ssh with "+s.String(), func() (err error) {
		c, err = w.reach(ctx, login)
		return err
	})
	if err != nil {
		login.end()
		return nil, err
	}
	return &owner{Conn: c, end: login.end}, nil
}

func (s *sshServer) login(ctx context.Context, signer ssh.Signer) (*session, error) {
	known, err := s.known()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s, err)
	}
	leave, err := takeTurn(ctx, s.address())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s, err)
	}
	defer leave()
	raw, err := dialFor(ctx, "tcp", s.address())
	if err != nil {
		return nil, err
	}
	config := &ssh.ClientConfig{
		User:              s.user,
		Auth:              []ssh.AuthMethod{ssh.PublicKeys(signer)},
		HostKeyCallback:   known.check,
		HostKeyAlgorithms: known.algorithms(),
	}
	var client *ssh.Client
	err = within(ctx, raw, "ssh with "+s.String(), func() error {
		conn, channels, requests, err := ssh.NewClientConn(raw, s.address(), config)
		if err == nil {
			client = ssh.NewClient(conn, channels, requests)
		}
		return err
	})
	if err != nil {
		_ = raw.Close()
		var shown *hostKeyError
		switch {
		case errors.As(err, &shown):
			return nil, shown
		case strings.Contains(err.Error(), "unable to authenticate"): // the library has no error type for this
			return nil, fmt.Errorf("%s refuses the login with the key %s %s; authorize it on the host", s, signer.PublicKey().Type(),
				ssh.FingerprintSHA256(signer.PublicKey()))
		}
		return nil, err
	}
	in := &session{client, raw}
	go in.keepAlive(aliveEvery, aliveEvery*aliveCount)
	return in, nil
}

// reach connects to libvirt's socket.
func (w sshTransport) reach(ctx context.Context, login *session) (net.Conn, error) {
	if w.relay.direct {
		for _, socket := range w.relay.sockets {
			c, err := login.DialContext(ctx, "unix", socket)
			var refused *ssh.OpenChannelError
			if err == nil || !errors.As(err, &refused) {
				return c, err
			}
		}
	}
	return w.run(login)
}

// run starts the program on the host that connects to libvirt's socket.
func (w sshTransport) run(login *session) (net.Conn, error) {
	run, err := login.NewSession()
	if err != nil {
		return nil, err
	}
	c := &piped{to: sshAddress(w.String())}
	var said tail
	run.Stderr = &said
	if c.in, err = run.StdinPipe(); err == nil {
		c.out, err = run.StdoutPipe()
	}
	if err == nil {
		err = run.Start(w.relay.command())
	}
	if err != nil {
		return nil, err
	}
	if err := awaitRelay(c.out); err != nil {
		return nil, relayError(w, said.String(), errors.Join(run.Wait(), err))
	}
	return c, nil
}

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
