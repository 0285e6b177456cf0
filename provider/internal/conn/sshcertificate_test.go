package conn

import (
	"crypto/ed25519"
	"crypto/rand"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
)

func TestOutdatedCertificate(t *testing.T) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	t.Setenv("HOME", home)
	has := func(name string, content []byte) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(home, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	certificate := func(after, before uint64) []byte {
		t.Helper()
		cert := &ssh.Certificate{Key: signer.PublicKey(), CertType: ssh.UserCert, ValidAfter: after, ValidBefore: before}
		if err := cert.SignCert(rand.Reader, signer); err != nil {
			t.Fatal(err)
		}
		return ssh.MarshalAuthorizedKey(cert)
	}
	at := func(t time.Time) uint64 { return uint64(t.Unix()) }
	has("for-ever-cert.pub", certificate(0, ssh.CertTimeInfinity))
	has("good-cert.pub", certificate(at(now.Add(-time.Minute)), at(now.Add(time.Minute))))
	has("late-cert.pub", certificate(at(now.Add(-time.Hour)), at(now)))
	has("early-cert.pub", certificate(at(now.Add(time.Hour)), ssh.CertTimeInfinity))
	has("plain-cert.pub", ssh.MarshalAuthorizedKey(signer.PublicKey()))
	has("damaged-cert.pub", []byte("ssh-ed25519-cert-v01@openssh.com AAAA"))
	for name, c := range map[string]struct {
		settings map[string]string
		want     string
	}{
		"valid":                      {map[string]string{"identityfile": "~/missing\n~/plain\n~/damaged\n~/for-ever\n~/good"}, ""},
		"expired":                    {map[string]string{"identityfile": "~/good\n~/late"}, "the certificate " + home + "/late-cert.pub expired at 2026-03-01 12:00:00 UTC"},
		"not valid yet":              {map[string]string{"identityfile": "~/early"}, "the certificate " + home + "/early-cert.pub is not valid before 2026-03-01 13:00:00 UTC"},
		"named by the configuration": {map[string]string{"certificatefile": home + "/late-cert.pub"}, "the certificate " + home + "/late-cert.pub expired at 2026-03-01 12:00:00 UTC"},
	} {
		if got := outdatedCertificate(c.settings, now); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
	s := openSSH{program: "/usr/bin/ssh", outdated: "the certificate c expired", sshTransport: transportOf(t, "qemu+ssh://root@web/system")}
	const want = "the certificate c expired; have its authority sign the key again, and check it with: ssh -o BatchMode=yes -l root web"
	if got := s.sshAdvice("root@web: Permission denied (publickey)."); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
