//go:build acceptance

package acceptance

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Validity periods as ssh-keygen has them.
const (
	aFewMinutes = "-1m:+15m"
	over        = "20200101:20200102"
)

// testSSHCertificates connects as docs/pipelines.md describes for pipelines: an authority has signed the key of the user for minutes, and another
// one those of the hosts. Neither key is known on the other side.
func testSSHCertificates(t *testing.T) {
	t.Parallel()
	me, keys := newSSHUser(t), t.TempDir()
	users, hosts := filepath.Join(keys, "users"), filepath.Join(keys, "hosts")
	newSSHKey(t, users, "")
	newSSHKey(t, hosts, "")
	good := newSSHD(t, beta(), "/nowhere", "TrustedUserCAKeys "+users+".pub")
	good.certified(hosts, aFewMinutes)
	overdue := newSSHD(t, beta(), "/nowhere", "TrustedUserCAKeys "+users+".pub")
	overdue.certified(hosts, over)
	stranger := newSSHD(t, beta(), "/nowhere", "TrustedUserCAKeys "+users+".pub")
	stranger.certified(users, aFewMinutes)
	known := ""
	for _, s := range []*sshd{good, overdue, stranger} {
		known += fmt.Sprintf("@cert-authority [%s]:%s %s", theLab.Shared.Host, s.port(), read(t, hosts+".pub"))
	}
	me.has("known_hosts", known)
	to := func(s *sshd) string { return "qemu+ssh://root@" + s.address + "/system" }

	sign(t, users, me.key, "root", aFewMinutes)
	serves(t, beta(), to(good), me.env)
	sshSays(t, me.env, map[string]string{"overdue": to(overdue), "stranger": to(stranger)}, map[string][]string{
		"overdue":  {"ssh to root@" + overdue.address + " failed:", "Certificate invalid: expired", "Host key verification failed.", "this is the certificate of the host"},
		"stranger": {"ssh to root@" + stranger.address + " failed:", "Host key verification failed."},
	})

	// Authorities that sign for other programs grant no forwardings.
	sign(t, users, me.key, "root", aFewMinutes, "-O", "clear")
	hostsSay(t, me.env, map[string]saying{"granted-nothing": {to(good), ""}})

	sign(t, users, me.key, "root", over)
	sshSays(t, me.env, map[string]string{"late": to(good)}, map[string][]string{
		"late": {"ssh to root@" + good.address + " failed: root@" + theLab.Shared.Host + ": Permission denied (publickey", "(the certificate " + me.key + "-cert.pub expired at 2020-01-0"},
	})
	sign(t, users, me.key, "somebody", aFewMinutes)
	sshSays(t, me.env, map[string]string{"another": to(good)}, map[string][]string{"another": {"Permission denied (publickey", "check it with"}})
}

// sign has an authority sign a key for a user or a host. The certificate is beside the key, where ssh looks for it.
func sign(t *testing.T, authority, key, principal, validity string, options ...string) {
	t.Helper()
	args := append([]string{"-q", "-s", authority, "-I", principal, "-n", principal, "-V", validity}, options...)
	if out, err := exec.Command("ssh-keygen", append(args, key+".pub")...).CombinedOutput(); err != nil {
		t.Fatalf("ssh-keygen: %v\n%s", err, out)
	}
}

// certified has the server present a certificate of its key.
func (s *sshd) certified(authority, validity string) {
	s.t.Helper()
	sign(s.t, authority, s.hostKey, theLab.Shared.Host, validity, "-h")
	config, err := os.OpenFile(s.config, os.O_APPEND|os.O_WRONLY, 0)
	if err == nil {
		_, err = fmt.Fprintln(config, "HostCertificate "+s.hostKey+"-cert.pub")
	}
	if err == nil {
		err = config.Close()
	}
	if err != nil {
		s.t.Fatal(err)
	}
}
