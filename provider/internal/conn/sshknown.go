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

// hostKeyError means that the host key could not be verified.
type hostKeyError struct{ text string }

func (e *hostKeyError) Error() string { return e.text }

// known verifies the key of an sshd with known_hosts.
type known struct {
	server *sshServer
	db     *knownhosts.HostKeyDB
}

func (s *sshServer) known() (*known, error) {
	var files []string
	for _, path := range s.knownHosts {
		if exists(path) {
			files = append(files, path)
		}
	}
	db, err := knownhosts.NewDB(files...)
	if err != nil && s.verify != verifyIgnore {
		return nil, fmt.Errorf("unable to verify its host key: %w", err)
	}
	return &known{s, db}, nil
}

// algorithms returns the host key algorithms in order of preference: those of the known keys first, since the host may
// have got other keys meanwhile; and certificates only if their authority is known.
func (k *known) algorithms() []string {
	if k.server.verify == verifyIgnore {
		return nil
	}
	wanted := k.db.HostKeyAlgorithms(k.server.address())
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
	presented := fmt.Sprintf("%s %s", key.Type(), ssh.FingerprintSHA256(key))
	var revoked *xknownhosts.RevokedError
	var other *xknownhosts.KeyError
	switch {
	case errors.As(err, &revoked):
		return &hostKeyError{fmt.Sprintf("the host key of %s (%s) is revoked by %s:%d; an attacker may have it",
			as, presented, revoked.Revoked.Filename, revoked.Revoked.Line)}
	case errors.As(err, &other) && len(other.Want) > 0:
		return &hostKeyError{k.changed(as, presented, other.Want)}
	case errors.As(err, &other) && k.server.verify == verifyAuto:
		return k.remember(as, key)
	case errors.As(err, &other):
		return &hostKeyError{k.unknown(as, presented, key)}
	}
	return &hostKeyError{fmt.Sprintf("unable to verify the host key of %s: %s", as, err)}
}

func (k *known) file() string {
	if len(k.server.knownHosts) == 0 {
		return "~/.ssh/known_hosts"
	}
	return k.server.knownHosts[0]
}

func (k *known) unknown(as, presented string, key ssh.PublicKey) string {
	line := knownhosts.Line([]string{as}, key)
	return fmt.Sprintf("%s is not in %s, so its identity cannot be verified: its host key is %s. If that is the right key (on the host: "+
		"ssh-keygen -lf /etc/ssh/ssh_host_%s_key.pub), add it: echo '%s' >> %s", as, k.file(), presented, keyFileType(key), line, k.file())
}

func (k *known) changed(as, presented string, want []xknownhosts.KnownKey) string {
	var had []string
	for _, w := range want {
		had = append(had, fmt.Sprintf("%s %s (%s:%d)", w.Key.Type(), ssh.FingerprintSHA256(w.Key), w.Filename, w.Line))
	}
	return fmt.Sprintf("THE HOST KEY OF %s HAS CHANGED: it is %s, the known key is %s. AN ATTACKER MAY INTERCEPT THE CONNECTION, or the "+
		"host was reinstalled. Nothing was sent. If you know why it changed, remove the old key: ssh-keygen -f %s -R '%s'",
		as, presented, strings.Join(had, ", "), want[0].Filename, knownhosts.Normalize(as))
}

// keyFileType returns the part of a key's type that is in the name of its file.
func keyFileType(key ssh.PublicKey) string {
	switch keyType := key.Type(); {
	case strings.Contains(keyType, "ed25519"):
		return "ed25519"
	case strings.Contains(keyType, "ecdsa"):
		return "ecdsa"
	default:
		return "rsa"
	}
}

var remembering sync.Mutex

// remember adds a host's key to known_hosts when it is first seen.
func (k *known) remember(as string, key ssh.PublicKey) (err error) {
	if len(k.server.knownHosts) == 0 {
		return &hostKeyError{fmt.Sprintf("the host key of %s cannot be stored: no known_hosts file is configured", as)}
	}
	remembering.Lock()
	defer remembering.Unlock()
	path := k.server.knownHosts[0]
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("unable to store the host key of %s: %w", as, err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("unable to store the host key of %s: %w", as, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	line := knownhosts.Line([]string{as}, key) + "\n"
	if last := make([]byte, 1); lacksLineEnd(f, last) { // the last line has no line end
		line = "\n" + line
	}
	_, err = f.WriteString(line)
	return err
}

func lacksLineEnd(f *os.File, last []byte) bool {
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return false
	}
	_, err = f.ReadAt(last, info.Size()-1)
	return err == nil && last[0] != '\n'
}
