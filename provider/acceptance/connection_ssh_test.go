//go:build acceptance

package acceptance

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestConnectionSSH(t *testing.T) {
	t.Parallel()
	t.Run("which keys are used", testSSHKeys)
	t.Run("a key by value needs no ssh program", testSSHBuiltin)
	t.Run("which host keys are accepted", testSSHHostKeys)
	t.Run("certificates for minutes are used", testSSHCertificates)
	t.Run("what is missing on the host is reported", testSSHHostPrograms)
	t.Run("a host is reached", testConnectionSSH)
	t.Run("a host is reached by a server that forwards no sockets", testSSHWithoutForwarding)
	t.Run("the configuration of ssh is followed", testSSHConfiguration)
	t.Run("a configuration that ssh refuses is reported", testSSHBadConfiguration)
	t.Run("a login that the user holds is used, and none is held for the user", testSSHControlMaster)
	t.Run("a jump host at which the login fails is named", testSSHJumpFails)
	t.Run("twenty hosts are reached at once", testSSHManyHosts)
	t.Run("a connection is made again", testSSHReconnect)
	t.Run("an upload whose login ends fails, and can be repeated", testSSHUploadCut)
	t.Run("no ssh stays behind", testSSHStaysNot)
}

// sshSays is hostsSay for errors of which each of these parts is known.
func sshSays(t *testing.T, env []string, uris map[string]string, wanted map[string][]string) {
	t.Helper()
	for name, got := range whatAnswers(t, env, uris) {
		for _, want := range append([]string{fmt.Sprintf("on %s (%s): ", name, uris[name])}, wanted[name]...) {
			if !strings.Contains(got, want) {
				t.Errorf("%s: got\n%s\nwhich lacks\n%s", name, got, want)
			}
		}
	}
}

func testSSHKeys(t *testing.T) {
	t.Parallel()
	me := newSSHUser(t)
	target, passwords := newSSHD(t, beta(), me.keys), newSSHD(t, beta(), "/nowhere", "AuthenticationMethods password")
	plain, authority := filepath.Join(me.home, "plain"), filepath.Join(me.home, "authority")
	newSSHKey(t, plain, "")
	newSSHKey(t, authority, "")
	certified := newSSHD(t, beta(), "/nowhere", "TrustedUserCAKeys "+authority+".pub")
	me.has("known_hosts", target.line(target.address)+passwords.line(passwords.address)+certified.line(certified.address))
	to := func(s *sshd, more ...string) string {
		return "qemu+ssh://root@" + s.address + "/system" + query(more...)
	}
	byHand := fmt.Sprintf("ssh -o BatchMode=yes -p %s -l root -i %%s %s", target.port(), theLab.Shared.Host)

	hostsSay(t, me.env, map[string]saying{"by-its-usual-name": {to(target), ""}})
	refused := map[string]string{
		"refused":   to(target, "keyfile", plain),
		"stranger":  strings.Replace(to(target), "root@", "stranger@", 1),
		"passwords": to(passwords),
	}
	sshSays(t, me.env, refused, map[string][]string{
		"refused":   {"ssh to root@" + target.address + " failed: root@" + theLab.Shared.Host + ": Permission denied (publickey", "check it with: " + fmt.Sprintf(byHand, plain)},
		"stranger":  {"stranger@" + theLab.Shared.Host + ": Permission denied (publickey"},
		"passwords": {"root@" + theLab.Shared.Host + ": Permission denied (password).", "the login must work without a password or passphrase"},
	})

	// An encrypted key works only for a user whose agent has it.
	agent := newSSHAgent(t, plain, me.key)
	if out, err := exec.Command("ssh-keygen", "-q", "-p", "-N", "secret", "-f", me.key).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	sshSays(t, me.env, map[string]string{"encrypted": to(target, "keyfile", me.key)}, map[string][]string{"encrypted": {"Permission denied (publickey", "add an encrypted key to the agent"}})
	hostsSay(t, me.with("SSH_AUTH_SOCK="+agent), map[string]saying{
		"held-by-an-agent": {to(target, "keyfile", me.key), ""},
		"any-of-an-agent":  {to(target, "keyfile", plain), ""},
		"only-of-an-agent": {to(target, "sshauth", "agent"), ""},
	})
	sshSays(t, me.with("SSH_AUTH_SOCK="+agent), map[string]string{"no-agent": to(target, "sshauth", "privkey")}, map[string][]string{"no-agent": {"Permission denied (publickey"}})
	if out, err := exec.Command("ssh-keygen", "-q", "-s", authority, "-I", "me", "-n", "root", plain+".pub").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	hostsSay(t, me.env, map[string]saying{"by-a-certificate": {to(certified, "keyfile", plain), ""}})
}

// testSSHBuiltin connects with the client that is built in: where there is no ssh program, and with a key from the environment.
func testSSHBuiltin(t *testing.T) {
	t.Parallel()
	me := newSSHUser(t)
	target, closed := newSSHD(t, beta(), me.keys), newSSHD(t, beta(), me.keys, "AllowStreamLocalForwarding no")
	known := query("known_hosts", me.has("fleet", target.line(target.address)+closed.line(closed.address)))
	uri, relayed := "qemu+ssh://root@"+target.address+"/system"+known, "qemu+ssh://root@"+closed.address+"/system"+known
	without := me.with("PATH=" + t.TempDir())
	hostsSay(t, without, map[string]saying{
		"by-a-file":  {uri, ""},
		"by-a-relay": {relayed, ""},
		"unknown": {"qemu+ssh://root@" + target.address + "/system", fmt.Sprintf("%s is not in %s/.ssh/known_hosts, so its identity cannot be verified: its host key is ssh-ed25519 %s. If that is the right "+
			"key (on the host: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), add it: echo '%s' >> %[2]s/.ssh/known_hosts", target.address, me.home, fingerprint(t, target.hostKey), withoutComment(target.line(target.address)))},
	})
	key := string(read(t, me.key))
	if err := os.Remove(me.key); err != nil {
		t.Fatal(err)
	}
	me.has("config", "Host *\n\tHostName no-such-host.invalid\n") // it is not read
	hostsSay(t, append(without, "KVM_FLEET_SSH_KEY="+key), map[string]saying{"by-a-value": {uri, ""}})
	hostsSay(t, me.with("KVM_FLEET_SSH_KEY="+key), map[string]saying{"by-a-value-beside-ssh": {uri, ""}})
	other := filepath.Join(me.home, "other")
	newSSHKey(t, other, "")
	hostsSay(t, me.with("KVM_FLEET_SSH_KEY="+string(read(t, other))), map[string]saying{"refused": {uri, fmt.Sprintf("root@%s refuses the login with the key ssh-ed25519 %s; authorize it on the host",
		target.address, fingerprint(t, other))}})
}

func testSSHHostKeys(t *testing.T) {
	t.Parallel()
	me := newSSHUser(t)
	target, other := newSSHD(t, beta(), me.keys), newSSHD(t, alpha(), me.keys)
	right, wrong, fresh := me.has("right", target.line(target.address)), me.has("wrong", other.line(target.address)), filepath.Join(me.home, "fresh")
	uri := "qemu+ssh://root@" + target.address + "/system"
	known := func(file string, more ...string) string {
		return uri + query(append([]string{"known_hosts", file}, more...)...)
	}
	name := fmt.Sprintf("[%s]:%s", theLab.Shared.Host, target.port())
	hostsSay(t, me.env, map[string]saying{
		"known":              {known(right), ""},
		"changed-on-ignore":  {known(wrong, "known_hosts_verify", "ignore"), ""},
		"changed-unverified": {known(wrong, "no_verify", "1"), ""},
		"taken":              {known(fresh, "known_hosts_verify", "auto"), ""},
	})
	changed := []string{"ssh to root@" + target.address + " failed:", "REMOTE HOST IDENTIFICATION HAS CHANGED", "SHA256:" + strings.TrimPrefix(fingerprint(t, target.hostKey), "SHA256:"),
		"key in " + wrong + ":1", "Host key verification failed", "remove the old key only if you know why it changed"}
	sshSays(t, me.env, map[string]string{
		"unknown":           uri,
		"unknown-in-a-file": known(filepath.Join(me.home, "none")),
		"changed":           known(wrong),
		"changed-on-auto":   known(wrong, "known_hosts_verify", "auto"),
	}, map[string][]string{
		"unknown":           {"Host key verification failed", fmt.Sprintf("the host's key is not known; to see it and to accept it, run: ssh -p %s -l root %s; ", target.port(), theLab.Shared.Host)},
		"unknown-in-a-file": {"Host key verification failed", "-o UserKnownHostsFile=" + filepath.Join(me.home, "none")},
		"changed":           changed,
		"changed-on-auto":   changed,
	})
	hostsSay(t, me.env, map[string]saying{"remembered": {known(fresh), ""}})
	if out, err := exec.Command("ssh-keygen", "-f", wrong, "-R", name).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	hostsSay(t, me.env, map[string]saying{"known-anew": {known(wrong, "known_hosts_verify", "auto"), ""}})
}

func withoutComment(line string) string { return strings.Join(strings.Fields(line)[:3], " ") }

func testSSHHostPrograms(t *testing.T) {
	t.Parallel()
	me := newSSHUser(t)
	bare := t.TempDir() // the only program that the host has
	if err := os.Symlink("/bin/sh", filepath.Join(bare, "sh")); err != nil {
		t.Fatal(err)
	}
	const noForwarding = "AllowStreamLocalForwarding no"
	open, closed, shut := newSSHD(t, beta(), me.keys), newSSHD(t, beta(), me.keys, noForwarding), newSSHD(t, beta(), me.keys, noForwarding, "ForceCommand /bin/false")
	empty, emptyOpen := newSSHD(t, beta(), me.keys, noForwarding, "SetEnv PATH="+bare), newSSHD(t, beta(), me.keys, "SetEnv PATH="+bare)
	uri := func(s *sshd, q ...string) string {
		return strings.TrimSuffix("qemu+ssh://root@"+s.address+"/system"+query(q...), "?")
	}
	way := func(s *sshd) string { return "libvirt through root@" + s.address + ": " }
	// This gives libvirtd's socket the name of a modular daemon's socket.
	alpha().inside(t, "ln", "-s", "libvirt-sock", "/run/libvirt/virtqemud-sock")
	t.Cleanup(func() { alpha().inside(t, "rm", "/run/libvirt/virtqemud-sock") })
	modular, modularByHelper := newSSHD(t, alpha(), me.keys), newSSHD(t, alpha(), me.keys, noForwarding)
	sixth := open.listen("::1")
	lines := open.line(sixth)
	for _, s := range []*sshd{open, closed, shut, empty, emptyOpen, modular, modularByHelper} {
		lines += s.line(s.address)
	}
	me.has("known_hosts", lines)
	const socket, none = "/run/libvirt/libvirt-sock", "; start libvirtd, or name its socket with ?socket="
	hostsSay(t, me.env, map[string]saying{
		"a-socket":                   {uri(open, "socket", socket), ""},
		"at-an-ipv6-address":         {"qemu+ssh://root@" + sixth + "/system", ""},
		"a-socket-by-nc":             {uri(closed, "socket", socket), ""},
		"by-nc":                      {uri(open, "proxy", "netcat"), ""},
		"by-another-nc":              {uri(open, "netcat", "/bin/nc"), ""},
		"by-virt-ssh-helper":         {uri(open, "proxy", "native"), ""},
		"the-socket-of-a-mode":       {uri(open, "mode", "legacy"), ""},
		"a-modular-daemon":           {uri(modular, "mode", "direct"), ""},
		"a-modular-daemon-by-helper": {uri(modularByHelper), ""},
		"no-program-is-needed":       {uri(emptyOpen), ""},
		"no-modular-daemon":          {uri(open, "mode", "direct"), way(open) + "no libvirt socket at /run/libvirt/virtqemud-sock" + none},
		"no-socket":                  {uri(closed, "socket", "/nowhere"), way(closed) + "no libvirt socket at /nowhere" + none},
		"no-command":                 {uri(shut), way(shut) + "unable to run a program on the host: exit status 1"},
		"no-such-nc":                 {uri(open, "netcat", "/nowhere/nc"), way(open) + "/nowhere/nc is missing; install it, or name another program with netcat="},
	})
	// What the login shell says comes before.
	sshSays(t, me.env, map[string]string{"no-program": uri(empty), "no-helper": uri(empty, "proxy", "native")}, map[string][]string{
		"no-program": {way(empty), "virt-ssh-helper, socat and an nc with -U are all missing, or cannot be used with the parameters of the uri; install one of them"},
		"no-helper":  {way(empty), "virt-ssh-helper is missing; install it, or use proxy=netcat"},
	})
}
