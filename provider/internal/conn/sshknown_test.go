package conn

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/skeema/knownhosts"
	"golang.org/x/crypto/ssh"
	hashed "golang.org/x/crypto/ssh/knownhosts"
)

var anywhere = &net.TCPAddr{IP: net.IPv4(10, 0, 0, 1), Port: 2222}

func TestWhoseKeyIsTaken(t *testing.T) {
	home := sshHome(t)
	file := filepath.Join(home, "known_hosts")
	_, right := newKey(t)
	_, wrong := newKey(t)
	line := knownhosts.Line([]string{"web:2222"}, right.PublicKey())
	revoked := "@revoked * " + string(ssh.MarshalAuthorizedKey(wrong.PublicKey()))
	for name, test := range map[string]struct {
		known, verify string
		shown         ssh.Signer
		want          string
	}{
		"known":            {line + "\n", "normal", right, ""},
		"known by a hash":  {hashed.HashHostname("[web]:2222") + " " + string(ssh.MarshalAuthorizedKey(right.PublicKey())), "normal", right, ""},
		"not verified":     {line + "\n", "ignore", wrong, ""},
		"changed":          {line + "\n", "normal", wrong, changedText("web:2222", "[web]:2222", file, wrong, right)},
		"changed, on auto": {line + "\n", "auto", wrong, changedText("web:2222", "[web]:2222", file, wrong, right)},
		"revoked":          {revoked, "auto", wrong, fmt.Sprintf("the host key of web:2222 (ssh-ed25519 %s) is revoked by %s:1; an attacker may have it", fingerprint(wrong), file)},
		"unknown": {"", "normal", right, fmt.Sprintf("web:2222 is not in %s, so its identity cannot be verified: its host key is ssh-ed25519 %s. If that is the right key (on the host: "+
			"ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), add it: echo '%s' >> %s", file, fingerprint(right), line, file)},
	} {
		writeFile(t, file, test.known)
		s := &sshServer{host: "web", port: "2222", verify: test.verify, knownHosts: []string{file, filepath.Join(home, "missing")}}
		k, err := s.known()
		if err == nil {
			err = k.check(s.address(), anywhere, test.shown.PublicKey())
		}
		var shown *hostKeyError
		if test.want == "" && err != nil || test.want != "" && (!errors.As(err, &shown) || err.Error() != test.want) {
			t.Errorf("%s: got\n%v\nwant\n%s", name, err, test.want)
		}
	}
}

func changedText(as, name, file string, shown, want ssh.Signer) string {
	return fmt.Sprintf("THE HOST KEY OF %s HAS CHANGED: it is ssh-ed25519 %s, the known key is ssh-ed25519 %s (%s:1). AN ATTACKER MAY INTERCEPT THE CONNECTION, or the host was "+
		"reinstalled. Nothing was sent. If you know why it changed, remove the old key: ssh-keygen -f %s -R '%s'", as, fingerprint(shown), fingerprint(want), file, file, name)
}

func TestANewHostIsRemembered(t *testing.T) {
	home := sshHome(t)
	file := filepath.Join(home, "new", "known_hosts")
	_, one := newKey(t)
	_, two := newKey(t)
	see := func(host string, shown ssh.Signer) error {
		s := &sshServer{host: host, port: "22", verify: "auto", knownHosts: []string{file}}
		k, err := s.known()
		if err != nil {
			return err
		}
		return k.check(s.address(), anywhere, shown.PublicKey())
	}
	if err := see("one", one); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, file, string(text[:len(text)-1])) // as some editors leave it
	if err := errors.Join(see("two", two), see("one", one), see("two", two)); err != nil {
		t.Error(err)
	}
	if err := see("one", two); err == nil {
		t.Error("another key was taken for the one that is remembered")
	}
	text, err = os.ReadFile(file)
	want := knownhosts.Line([]string{"one"}, one.PublicKey()) + "\n" + knownhosts.Line([]string{"two"}, two.PublicKey()) + "\n"
	if err != nil || string(text) != want {
		t.Errorf("got %v\n%s\nwant\n%s", err, text, want)
	}
}

func TestTheKindOfKeyThatIsKnownIsAskedForFirst(t *testing.T) {
	home := sshHome(t)
	file := filepath.Join(home, "known_hosts")
	_, key := newKey(t)
	writeFile(t, file, knownhosts.Line([]string{"web:2222"}, key.PublicKey())+"\n")
	s := &sshServer{host: "web", port: "2222", verify: "normal", knownHosts: []string{file}}
	k, err := s.known()
	if err != nil {
		t.Fatal(err)
	}
	if got := k.algorithms(); got[0] != ssh.KeyAlgoED25519 || !slices.Contains(got, ssh.KeyAlgoECDSA256) || slices.Contains(got, ssh.CertAlgoED25519v01) {
		t.Errorf("got %v", got)
	}
	if err := k.check(s.address(), anywhere, key.PublicKey()); err != nil {
		t.Errorf("%v", err)
	}
}

// A certificate of a host is asked for where its authority is known, and taken then.
func TestACertificateOfAHostIsTaken(t *testing.T) {
	home := sshHome(t)
	file := filepath.Join(home, "known_hosts")
	_, key := newKey(t)
	_, authority := newKey(t)
	certificate := &ssh.Certificate{Key: key.PublicKey(), CertType: ssh.HostCert, ValidPrincipals: []string{"web.test"}, ValidBefore: ssh.CertTimeInfinity}
	if err := certificate.SignCert(rand.Reader, authority); err != nil {
		t.Fatal(err)
	}
	writeFile(t, file, "@cert-authority *.test "+string(ssh.MarshalAuthorizedKey(authority.PublicKey())))
	s := &sshServer{host: "web.test", port: "22", verify: "normal", knownHosts: []string{file}}
	k, err := s.known()
	if err != nil {
		t.Fatal(err)
	}
	if got := k.algorithms(); got[0] != ssh.CertAlgoED25519v01 {
		t.Errorf("got %v", got)
	}
	if err := k.check(s.address(), anywhere, certificate); err != nil {
		t.Error(err)
	}
}
