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
	"time"

	"golang.org/x/crypto/ssh"
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

// keyText returns a private key as the text of its file, encrypted if there is a passphrase.
func keyText(t *testing.T, key ed25519.PrivateKey, passphrase string) string {
	t.Helper()
	block, err := ssh.MarshalPrivateKey(key, "")
	if passphrase != "" {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(key, "", []byte(passphrase))
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(block))
}

// sshHome sets a home directory for the built-in client.
func sshHome(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("HOME", dir)
	t.Setenv("SSH_AUTH_SOCK", "")
	if err := os.Mkdir(filepath.Join(dir, ".ssh"), 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestBuiltinClientKeys(t *testing.T) {
	home := sshHome(t)
	none := filepath.Join(home, ".ssh", "none")
	usual, usualSigner := newKey(t)
	named, namedSigner := newKey(t)
	given, givenSigner := newKey(t)
	w := sshTransport{host: "web"}
	if _, err := w.signer(""); err == nil || err.Error() != "no key for the login: neither ~/.ssh/id_ed25519 nor ~/.ssh/id_ecdsa nor ~/.ssh/id_rsa exists; "+
		"name one with ?keyfile=, put it into the environment variable KVM_FLEET_SSH_KEY, or install the ssh program, which can use the keys of an agent" {
		t.Errorf("without a key: got %v", err)
	}
	writeFile(t, filepath.Join(home, ".ssh", "id_ed25519"), keyText(t, usual, ""))
	writeFile(t, filepath.Join(home, "fleet"), keyText(t, named, ""))
	locked := filepath.Join(home, "locked")
	writeFile(t, locked, keyText(t, named, "secret"))
	broken := filepath.Join(home, "broken")
	writeFile(t, broken, "a key")
	for name, test := range map[string]struct {
		keyfile, given, want string
	}{
		"the usual file":           {"", "", fingerprint(usualSigner)},
		"the uri's file":           {"~/fleet", "", fingerprint(namedSigner)},
		"a key by value":           {"~/fleet", keyText(t, given, ""), fingerprint(givenSigner)},
		"a file that is missing":   {none, "", "open " + none + ": no such file or directory"},
		"a file that is encrypted": {locked, "", locked + " is encrypted; install the ssh program, which can use the keys of an agent"},
		"a file with another text": {broken, "", "unable to read the private key " + broken + ": ssh: no key found"},
		"another text by value":    {"", "a key", "unable to read the private key in the environment variable KVM_FLEET_SSH_KEY: ssh: no key found"},
	} {
		signer, err := sshTransport{host: "web", keyfile: test.keyfile}.signer(test.given)
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = fingerprint(signer)
		}
		if got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

func TestBuiltinClientIsUsedWithoutSSHAndForAKeyByValue(t *testing.T) {
	sshHome(t)
	u, err := ParseURI("qemu+ssh://me@web.invalid/system")
	if err != nil {
		t.Fatal(err)
	}
	named, err := ParseURI("qemu+ssh://me@web.invalid/system?command=/nowhere/ssh")
	if err != nil {
		t.Fatal(err)
	}
	fails := func(u URI, want string) {
		t.Helper()
		if _, err := u.transport.dial(t.Context()); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	t.Setenv(SSHKey, "a key")
	fails(u, "unable to read the private key in the environment variable KVM_FLEET_SSH_KEY: ")
	fails(named, `the environment variable KVM_FLEET_SSH_KEY cannot be combined with "command" in the uri; remove one of them`)
	t.Setenv(SSHKey, "")
	t.Setenv("PATH", t.TempDir())
	fails(u, "no key for the login: ")
	fails(named, `unable to run the program of "command" in the uri: exec: "/nowhere/ssh": `)
}

// newSession is a login at a server of this test, which answers requests or does not. The channel receives its end.
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
