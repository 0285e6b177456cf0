//go:build acceptance

package acceptance

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestConnectionSSH(t *testing.T) {
	t.Parallel()
	t.Run("which keys are used", testSSHKeys)
	t.Run("which host keys are accepted", testSSHHostKeys)
	t.Run("what is missing on the host is reported", testSSHHostPrograms)
	t.Run("a host is reached", testConnectionSSH)
	t.Run("a host is reached by a server that forwards no sockets", testSSHWithoutForwarding)
	t.Run("the configuration of ssh is followed", testSSHConfiguration)
	t.Run("hosts behind a jump host share a connection", testSSHJumpHost)
	t.Run("a connection is made again", testSSHReconnect)
}

func testSSHKeys(t *testing.T) {
	t.Parallel()
	me := newSSHUser(t)
	target := newSSHD(t, beta(), me.keys)
	plain := filepath.Join(me.home, "plain")
	newSSHKey(t, plain, "")
	me.has("known_hosts", target.line(target.address))
	uri := "qemu+ssh://root@" + target.address + "/system"
	key := func(s string) string { return fmt.Sprintf("%s (ssh-ed25519 %s)", s, fingerprint(t, s)) }
	const noAgent = "no agent (SSH_AUTH_SOCK is not set)"

	hostsSay(t, me.env, map[string]saying{
		"by-its-usual-name": {uri, ""},
		"refused":           {uri + query("keyfile", plain), "root@" + target.address + " refuses the login with " + key(plain) + "; not offered: " + noAgent},
		"missing":           {uri + query("keyfile", "/nowhere"), "root@" + target.address + ": no ssh key is available for the login: " + noAgent + "; /nowhere does not exist"},
	})

	// An encrypted key works only for a user whose agent has it.
	agent := newSSHAgent(t, plain, me.key)
	if out, err := exec.Command("ssh-keygen", "-q", "-p", "-N", "secret", "-f", me.key).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	hostsSay(t, me.env, map[string]saying{"encrypted": {uri + query("keyfile", me.key), "root@" + target.address + ": no ssh key is available for the login: " + noAgent + "; " +
		me.key + " is encrypted, and the agent does not have it; add it with ssh-add " + me.key}})
	me.env = []string{"HOME=" + me.home, "SSH_AUTH_SOCK=" + agent}
	hostsSay(t, me.env, map[string]saying{
		"held-by-an-agent": {uri + query("keyfile", me.key), ""},
		"any-of-an-agent":  {uri + query("keyfile", plain), ""},
	})
}

func testSSHHostKeys(t *testing.T) {
	t.Parallel()
	me := newSSHUser(t)
	target, other := newSSHD(t, beta(), me.keys), newSSHD(t, alpha(), me.keys)
	right, wrong, fresh := me.has("right", target.line(target.address)), me.has("wrong", other.line(target.address)), filepath.Join(me.home, "fresh")
	uri := "qemu+ssh://root@" + target.address + "/system"
	shown := "ssh-ed25519 " + fingerprint(t, target.hostKey)
	known := func(file string, more ...string) string {
		return uri + query(append([]string{"known_hosts", file}, more...)...)
	}
	name := fmt.Sprintf("[%s]:%s", theLab.Shared.Host, target.port())
	changed := fmt.Sprintf("THE HOST KEY OF %s HAS CHANGED: it is %s, the known key is ssh-ed25519 %s (%s:1). AN ATTACKER MAY INTERCEPT THE CONNECTION, or the host was reinstalled. "+
		"Nothing was sent. If you know why it changed, remove the old key: ssh-keygen -f %s -R '%s'", target.address, shown, fingerprint(t, other.hostKey), wrong, wrong, name)
	hostsSay(t, me.env, map[string]saying{
		"known": {known(right), ""},
		"unknown": {known("/nowhere"), fmt.Sprintf("%s is not in /nowhere, so its identity cannot be verified: its host key is %s. If that is the right key (on the host: "+
			"ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), add it: echo '%s' >> /nowhere", target.address, shown, withoutComment(target.line(target.address)))},
		"changed":            {known(wrong), changed},
		"changed-on-auto":    {known(wrong, "known_hosts_verify", "auto"), changed},
		"changed-on-ignore":  {known(wrong, "known_hosts_verify", "ignore"), ""},
		"changed-unverified": {known(wrong, "no_verify", "1"), ""},
		"taken":              {known(fresh, "known_hosts_verify", "auto"), ""},
	})
	hostsSay(t, me.env, map[string]saying{"remembered": {known(fresh), ""}})
	// The command that the error suggests fixes the problem.
	if out, err := exec.Command("ssh-keygen", "-f", wrong, "-R", name).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	hostsSay(t, me.env, map[string]saying{"known-anew": {known(wrong, "known_hosts_verify", "auto"), ""}})
}

func withoutComment(line string) string { return strings.Join(strings.Fields(line)[:3], " ") }

func testSSHHostPrograms(t *testing.T) {
	t.Parallel()
	me := newSSHUser(t)
	open, closed, shut := newSSHD(t, beta(), me.keys), newSSHD(t, beta(), me.keys, "AllowStreamLocalForwarding no"),
		newSSHD(t, beta(), me.keys, "AllowStreamLocalForwarding no", "ForceCommand /bin/false")
	uri := func(s *sshd, q ...string) string {
		return strings.TrimSuffix("qemu+ssh://root@"+s.address+"/system"+query(q...), "?")
	}
	way := func(s *sshd) string { return "libvirt through root@" + s.address + ": " }
	// This gives libvirtd's socket the name of a modular daemon's socket.
	alpha().inside(t, "ln", "-s", "libvirt-sock", "/run/libvirt/virtqemud-sock")
	t.Cleanup(func() { alpha().inside(t, "rm", "/run/libvirt/virtqemud-sock") })
	modular, modularByHelper := newSSHD(t, alpha(), me.keys), newSSHD(t, alpha(), me.keys, "AllowStreamLocalForwarding no")
	me.has("known_hosts", open.line(open.address)+closed.line(closed.address)+shut.line(shut.address)+modular.line(modular.address)+modularByHelper.line(modularByHelper.address))
	const none = "; start libvirtd, or name its socket with ?socket="
	hostsSay(t, me.env, map[string]saying{
		"a-socket":                   {uri(open, "socket", "/run/libvirt/libvirt-sock"), ""},
		"a-socket-by-nc":             {uri(closed, "socket", "/run/libvirt/libvirt-sock"), ""},
		"the-socket-of-a-mode":       {uri(open, "mode", "legacy"), ""},
		"a-modular-daemon":           {uri(modular, "mode", "direct"), ""},
		"a-modular-daemon-by-helper": {uri(modularByHelper), ""},
		"no-modular-daemon":          {uri(open, "mode", "direct"), way(open) + "no libvirt socket at /run/libvirt/virtqemud-sock" + none},
		"no-socket":                  {uri(closed, "socket", "/nowhere"), way(closed) + "no libvirt socket at /nowhere" + none},
		"no-command":                 {uri(shut), way(shut) + "unable to run a program on the host: Process exited with status 1\nEOF"},
	})
}
