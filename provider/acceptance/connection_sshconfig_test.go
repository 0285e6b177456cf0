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

// testSSHConfiguration reaches hosts in every way that a configuration of ssh can describe.
func testSSHConfiguration(t *testing.T) {
	t.Parallel()
	me := newSSHUser(t)
	key := filepath.Join(me.home, "key-of-root")
	if err := os.Rename(me.key, key); err != nil {
		t.Fatal(err)
	}
	first, second, target := newSSHD(t, alpha(), me.keys), newSSHD(t, beta(), me.keys), newSSHD(t, beta(), me.keys)
	me.has("fleet_hosts", first.line(first.address)+second.line(second.address)+target.line(target.address))
	// Fedora and its relatives have this in a file of the system that another one includes.
	included := me.hasFile("redhat.conf", "Match final all\n\tGSSAPIAuthentication yes\n\tRequiredRSASize 2048\n")
	me.hasFile("ssh_config", "Include "+included+"\n")
	me.hasFile("hosts", theLab.Shared.Host+" machine.fleet.test machine.fleet.test.\n")
	me.has("targets", fmt.Sprintf("Host included by-*\n\tPort %s\n", target.port()))
	me.has("config", fmt.Sprintf(`
CanonicalizeHostname yes
CanonicalDomains fleet.test
Include targets
Match host by-exec exec "test %%n = by-exec"
	User root
Host by-exec
	User nobody
Host by-jumps
	ProxyJump first,root@second
Host by-command
	ProxyCommand bash -c 'exec 3<>/dev/tcp/%%h/%%p; cat <&3 & exec cat >&3'
Host first
	Port %s
Host second
	Port %s
Host machine.fleet.test
	Port %s
	HostKeyAlias [%[5]s]:%[3]s
Host *.fleet.test first second included by-*
	HostName %[4]s
Host *.fleet.test first second included by-*
	User root
	IdentityFile ~/key-of-%%r
	IdentitiesOnly yes
	UserKnownHostsFile ~/.ssh/fleet_hosts
	LocalForward %[4]s:1 localhost:1
	RemoteCommand false
	LogLevel QUIET
`, first.port(), second.port(), target.port(), theLab.Shared.Host, theLab.Shared.Host))
	serves(t, beta(), "qemu+ssh://by-jumps/system", me.env)
	first.cut()
	hostsSay(t, me.env, map[string]saying{
		"by-jumps":       {"qemu+ssh://by-jumps/system", ""},
		"by-one":         {"qemu+ssh://second/system", ""},
		"by-command":     {"qemu+ssh://by-command/system", ""},
		"by-exec":        {"qemu+ssh://by-exec/system", ""},
		"included":       {"qemu+ssh://included/system", ""},
		"canonical-name": {"qemu+ssh://machine/system", ""},
	})
}

func testSSHBadConfiguration(t *testing.T) {
	t.Parallel()
	me := newSSHUser(t)
	me.has("config", "Host *\n\tNoSuchOption yes\n")
	sshSays(t, me.env, map[string]string{"bad": "qemu+ssh://root@web/system"}, map[string][]string{
		"bad": {"ssh to root@web failed:\n", "config: line 2: Bad configuration option: nosuchoption", "check it with: ssh -l root web"},
	})
}

// testSSHControlMaster has a configuration that keeps logins in the background. The provider keeps none, and uses one that the user has opened:
// the server accepts no logins.
func testSSHControlMaster(t *testing.T) {
	t.Parallel()
	me := newSSHUser(t)
	allowed := filepath.Join(me.home, "allowed")
	if err := os.WriteFile(allowed, read(t, me.keys), 0o600); err != nil {
		t.Fatal(err)
	}
	target := newSSHD(t, beta(), allowed)
	me.has("known_hosts", target.line(target.address))
	control := filepath.Join(t.TempDir(), "c")
	if len(control) > 80 { // the path of a socket must be short
		control = fmt.Sprintf("/tmp/kf-%d", os.Getpid())
	}
	me.has("config", fmt.Sprintf("Host *\n\tControlMaster auto\n\tControlPath %s\n\tControlPersist 10m\n", control))
	host := map[string]saying{"host": {"qemu+ssh://root@" + target.address + "/system", ""}}
	hostsSay(t, me.env, host)
	if _, err := os.Lstat(control); err == nil {
		t.Error("the provider keeps a login for the user")
	}
	eventually(t, "the end of all processes", func() bool { return len(me.processes("")) == 0 })

	ssh := func(args ...string) {
		t.Helper()
		cmd := exec.Command("ssh", append(args, "-p", target.port(), "-l", "root", theLab.Shared.Host)...)
		cmd.Env = me.with()
		cmd.Path, _ = exec.LookPath(filepath.Join(strings.Split(strings.TrimPrefix(me.env[2], "PATH="), ":")[0], "ssh"))
		if out, err := cmd.Output(); err != nil {
			t.Fatalf("ssh %q: %v\n%s", args, err, out)
		}
	}
	ssh("-N", "-f")
	t.Cleanup(func() { ssh("-O", "exit") })
	if err := os.Remove(allowed); err != nil {
		t.Fatal(err)
	}
	hostsSay(t, me.env, host)
	ssh("-O", "check")
}

// testSSHManyHosts reaches twenty hosts directly, and twenty behind a jump host. The sshd of the jump host must not have to refuse any.
func testSSHManyHosts(t *testing.T) {
	t.Parallel()
	me := newSSHUser(t)
	gate, target := newSSHD(t, alpha(), me.keys), newSSHD(t, beta(), me.keys)
	me.has("known_hosts", gate.line(gate.address)+target.line(target.address))
	me.has("config", fmt.Sprintf("Host gate\n HostName %[1]s\n Port %[2]s\nHost *\n User root\nHost machine-* far-*\n HostName %[1]s\n Port %[3]s\nHost far-*\n ProxyJump gate\n",
		theLab.Shared.Host, gate.port(), target.port()))
	many := map[string]saying{}
	for i := range 20 {
		for _, kind := range []string{"machine", "far"} {
			name := fmt.Sprintf("%s-%d", kind, i)
			many[name] = saying{"qemu+ssh://" + name + "/system", ""}
		}
	}
	hostsSay(t, me.env, many)
	gate.cut()
	target.cut()
	gate.mu.Lock()
	defer gate.mu.Unlock()
	if n := strings.Count(gate.log.String(), "Accepted publickey"); n != 1 {
		t.Errorf("%d logins at the jump host", n)
	}
}

// testSSHJumpFails names the jump host at which a login fails, and a jump host that leads to itself.
func testSSHJumpFails(t *testing.T) {
	t.Parallel()
	me := newSSHUser(t)
	gate := newSSHD(t, alpha(), "/nowhere")
	me.has("known_hosts", gate.line(gate.address))
	me.has("config", fmt.Sprintf("Host behind\n ProxyJump root@%s\nHost loop\n ProxyJump loop\nHost one\n ProxyJump two\nHost two\n ProxyJump one\n", gate.address))
	sshSays(t, me.env, map[string]string{"behind": "qemu+ssh://root@behind/system", "loop": "qemu+ssh://loop/system", "two": "qemu+ssh://one/system"}, map[string][]string{
		"behind": {"on the way to root@behind: ssh to root@" + gate.address + " failed: root@" + theLab.Shared.Host + ": Permission denied (publickey"},
		"loop":   {"jumphost loop via loop"},
		"two":    {"on the way to one: ssh to two"},
	})
}
