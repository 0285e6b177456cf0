package conn

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

func newKey(t *testing.T) (ed25519.PrivateKey, ssh.Signer) {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return key, signer
}

func fingerprint(s ssh.Signer) string { return ssh.FingerprintSHA256(s.PublicKey()) }

// keyFile writes a private key, encrypted where there is a passphrase.
func keyFile(t *testing.T, path string, key ed25519.PrivateKey, passphrase string) {
	t.Helper()
	block, err := ssh.MarshalPrivateKey(key, "")
	if passphrase != "" {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(key, "", []byte(passphrase))
	}
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, path, string(pem.EncodeToMemory(block)))
}

// newAgent is an agent with these keys; it returns its socket.
func newAgent(t *testing.T, keys ...ed25519.PrivateKey) string {
	t.Helper()
	ring := agent.NewKeyring()
	for _, k := range keys {
		if err := ring.Add(agent.AddedKey{PrivateKey: k}); err != nil {
			t.Fatal(err)
		}
	}
	dir, err := os.MkdirTemp("", "kfa") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	listener, err := net.Listen("unix", filepath.Join(dir, "s"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			go func() { _ = agent.ServeAgent(ring, c) }()
		}
	}()
	return listener.Addr().String()
}

func TestWhatIsShownAtALogin(t *testing.T) {
	home := sshHome(t, "")
	path := func(name string) string { return filepath.Join(home, name) }
	inFile, file := newKey(t)
	inAgent, held := newKey(t)
	other, another := newKey(t)
	keyFile(t, path("plain"), inFile, "")
	keyFile(t, path("locked"), other, "secret")
	keyFile(t, path("locked-held"), inAgent, "secret")
	writeFile(t, path("half.pub"), string(ssh.MarshalAuthorizedKey(held.PublicKey())))
	writeFile(t, path("rubbish"), "no key")
	socket := newAgent(t, inAgent)
	shown := func(path string, s ssh.Signer) string { return path + " (ssh-ed25519 " + fingerprint(s) + ")" }
	for name, test := range map[string]struct {
		server sshServer
		want   string
	}{
		"a file": {sshServer{identities: []string{path("plain")}, named: true}, shown(path("plain"), file) + "; not offered: no agent (SSH_AUTH_SOCK is not set)"},
		"an agent beside a file": {sshServer{identities: []string{path("plain")}, agent: socket},
			shown(path("plain"), file) + ", " + shown("an agent's key", held)},
		"one of an agent":                             {sshServer{identities: []string{path("locked-held")}, agent: socket}, shown(path("locked-held"), held)},
		"nothing else of an agent":                    {sshServer{identities: []string{path("plain")}, agent: socket, only: true}, shown(path("plain"), file)},
		"one of which the public part alone is there": {sshServer{identities: []string{path("half")}, agent: socket, only: true}, shown(path("half"), held)},
		"one that is named by its public part":        {sshServer{identities: []string{path("half.pub")}, agent: socket, only: true}, shown(path("half.pub"), held)},
		"an encrypted file": {sshServer{identities: []string{path("locked"), path("plain")}, agent: socket, only: true},
			shown(path("plain"), file) + "; not offered: " + path("locked") + " is encrypted, and the agent does not have it; add it with ssh-add " + path("locked")},
		"none": {sshServer{identities: []string{path("locked"), path("rubbish"), path("missing")}, named: true},
			"no ssh key is available for the login: no agent (SSH_AUTH_SOCK is not set); " + path("locked") + " is encrypted, and the agent does not have it; add it with ssh-add " + path("locked") +
				"; " + path("rubbish") + " is not a private key, and the agent does not have it; " + path("missing") + " does not exist"},
		"no agent": {sshServer{agent: path("nowhere")}, "no ssh key is available for the login: the agent does not answer: dial unix " + path("nowhere") + ": connect: no such file or directory"},
	} {
		k, err := test.server.keys()
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = k.describe()
			k.close()
		}
		if got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, test.want)
		}
		if strings.Contains(got, "secret") || strings.Contains(got, fingerprint(another)) {
			t.Errorf("%s: too much is said: %s", name, got)
		}
	}
}

func TestACertificateIsShownBeforeItsKey(t *testing.T) {
	home := sshHome(t, "")
	key, signer := newKey(t)
	_, authority := newKey(t)
	keyFile(t, filepath.Join(home, "id"), key, "")
	certificate := &ssh.Certificate{Key: signer.PublicKey(), CertType: ssh.UserCert, ValidPrincipals: []string{"root"}, ValidBefore: ssh.CertTimeInfinity}
	if err := certificate.SignCert(rand.Reader, authority); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"id-cert.pub", "elsewhere.pub"} {
		writeFile(t, filepath.Join(home, name), string(ssh.MarshalAuthorizedKey(certificate)))
	}
	s := &sshServer{identities: []string{filepath.Join(home, "id")}, certificates: []string{filepath.Join(home, "elsewhere.pub"), filepath.Join(home, "id")}}
	k, err := s.keys()
	if err != nil {
		t.Fatal(err)
	}
	var transports []string
	for _, s := range k.signers {
		transports = append(transports, s.PublicKey().Type())
	}
	const cert = "ssh-ed25519-cert-v01@openssh.com"
	if got, want := strings.Join(transports, " "), cert+" ssh-ed25519 "+cert; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if want := filepath.Join(home, "id") + " is not a certificate"; !strings.Contains(k.describe(), want) {
		t.Errorf("got %s, want %s", k.describe(), want)
	}
}
