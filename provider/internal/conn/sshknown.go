package conn

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/skeema/knownhosts"
	"golang.org/x/crypto/ssh"
	xknownhosts "golang.org/x/crypto/ssh/knownhosts"
)

// hostKeyError is a host that is not known to be the one that it should be.
type hostKeyError struct{ text string }

func (e *hostKeyError) Error() string { return e.text }

// known holds what an sshd shows against known_hosts.
type known struct {
	server *sshServer
	db     *knownhosts.HostKeyDB
}

// knownAs is what known_hosts has a server as.
func (s *sshServer) knownAs() string {
	if s.keyAlias != "" {
		return net.JoinHostPort(s.keyAlias, defaultSSHPort) // which stands for none
	}
	return s.address()
}

func (s *sshServer) known() (*known, error) {
	var there []string
	for _, path := range s.knownHosts {
		if exists(path) {
			there = append(there, path)
		}
	}
	db, err := knownhosts.NewDB(there...)
	if err != nil && s.verify != verifyIgnore {
		return nil, fmt.Errorf("its key can't be verified: %w", err)
	}
	return &known{s, db}, nil
}

// algorithms has the host show the kind of key that is known, if it has several, before any other that it may have instead by now; and a
// certificate only where its authority is known.
func (k *known) algorithms() []string {
	if k.server.verify == verifyIgnore {
		return nil
	}
	wanted := k.db.HostKeyAlgorithms(k.server.knownAs())
	for _, other := range ssh.SupportedAlgorithms().HostKeys {
		if !slices.Contains(wanted, other) && !strings.Contains(other, "-cert-") {
			wanted = append(wanted, other)
		}
	}
	return wanted
}

func (k *known) check(as string, remote net.Addr, key ssh.PublicKey) error {
	if k.server.verify == verifyIgnore {
		return nil
	}
	err := k.db.HostKeyCallback()(as, remote, key)
	if err == nil {
		return nil
	}
	shown := fmt.Sprintf("%s %s", key.Type(), ssh.FingerprintSHA256(key))
	var revoked *xknownhosts.RevokedError
	var other *xknownhosts.KeyError
	switch {
	case errors.As(err, &revoked):
		return &hostKeyError{fmt.Sprintf("the key that %s shows (%s) is revoked by %s:%d; somebody else may have it", as, shown, revoked.Revoked.Filename, revoked.Revoked.Line)}
	case errors.As(err, &other) && len(other.Want) > 0:
		return &hostKeyError{k.changed(as, shown, other.Want)}
	case errors.As(err, &other) && k.server.verify == verifyAuto:
		return k.remember(as, key)
	case errors.As(err, &other):
		return &hostKeyError{k.unknown(as, shown, key)}
	}
	return &hostKeyError{fmt.Sprintf("the key of %s can't be verified: %s", as, err)}
}

func (k *known) file() string {
	if len(k.server.knownHosts) == 0 {
		return "~/.ssh/known_hosts"
	}
	return k.server.knownHosts[0]
}

func (k *known) unknown(as, shown string, key ssh.PublicKey) string {
	line := knownhosts.Line([]string{as}, key)
	return fmt.Sprintf("%s is not in %s, so nobody knows whether it is the right host: it shows %s. If that is its key (on the host: "+
		"ssh-keygen -lf /etc/ssh/ssh_host_%s_key.pub), add it: echo '%s' >> %s", as, k.file(), shown, kindOf(key), line, k.file())
}

func (k *known) changed(as, shown string, want []xknownhosts.KnownKey) string {
	var had []string
	for _, w := range want {
		had = append(had, fmt.Sprintf("%s %s (%s:%d)", w.Key.Type(), ssh.FingerprintSHA256(w.Key), w.Filename, w.Line))
	}
	return fmt.Sprintf("THE HOST KEY OF %s HAS CHANGED: it shows %s, known is %s. SOMEBODY MAY BE STANDING IN BETWEEN, or the host was installed anew. "+
		"Nothing was sent. Only if you know why it changed, take the old key out: ssh-keygen -f %s -R '%s'",
		as, shown, strings.Join(had, ", "), want[0].Filename, knownhosts.Normalize(as))
}

// kindOf is the part of a key's type that is in its file's name.
func kindOf(key ssh.PublicKey) string {
	switch kind := key.Type(); {
	case strings.Contains(kind, "ed25519"):
		return "ed25519"
	case strings.Contains(kind, "ecdsa"):
		return "ecdsa"
	default:
		return "rsa"
	}
}

var remembering sync.Mutex

// remember adds a host's key, now that it was seen for the first time.
func (k *known) remember(as string, key ssh.PublicKey) (err error) {
	if len(k.server.knownHosts) == 0 {
		return &hostKeyError{fmt.Sprintf("the key of %s can't be remembered: no known_hosts file is named", as)}
	}
	remembering.Lock()
	defer remembering.Unlock()
	path := k.server.knownHosts[0]
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("the key of %s can't be remembered: %w", as, err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("the key of %s can't be remembered: %w", as, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	line := knownhosts.Line([]string{as}, key) + "\n"
	if last := make([]byte, 1); endsWithin(f, last) { // somebody's editor left its last line open
		line = "\n" + line
	}
	_, err = f.WriteString(line)
	return err
}

func endsWithin(f *os.File, last []byte) bool {
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return false
	}
	_, err = f.ReadAt(last, info.Size()-1)
	return err == nil && last[0] != '\n'
}
