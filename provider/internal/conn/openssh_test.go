package conn

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func transportOf(t *testing.T, text string) sshTransport {
	t.Helper()
	u, err := ParseURI(text)
	if err != nil {
		t.Fatal(err)
	}
	return u.transport.(sshTransport)
}

func TestSSHArguments(t *testing.T) {
	t.Setenv("HOME", "/home/me")
	for text, want := range map[string]string{
		"qemu+ssh://web/system":                                            "ssh web",
		"qemu+ssh://admin@[fd00::1]:2222/system?no_tty=1":                  "ssh -p 2222 -l admin fd00::1",
		"qemu+ssh://web/system?keyfile=~/k%25&known_hosts=/etc/kh":         "ssh -i /home/me/k%% -o UserKnownHostsFile=/etc/kh web",
		"qemu+ssh://web/system?keyfile=/it's&known_hosts=/a+file":          `ssh -i '/it'\''s' -o 'UserKnownHostsFile="/a file"' web`,
		"qemu+ssh://web/system?sshauth=agent,password":                     "ssh -o IdentityFile=none web",
		"qemu+ssh://web/system?sshauth=privkey":                            "ssh -o IdentityAgent=none web",
		"qemu+ssh://web/system?sshauth=privkey,agent":                      "ssh web",
		"qemu+ssh://web/system?known_hosts_verify=normal":                  "ssh -o StrictHostKeyChecking=yes web",
		"qemu+ssh://web/system?known_hosts_verify=auto":                    "ssh -o StrictHostKeyChecking=accept-new web",
		"qemu+ssh://web/system?known_hosts_verify=ignore&known_hosts=/etc": "ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o GlobalKnownHostsFile=/dev/null web",
		"qemu+ssh://web/system?no_verify=1&command=/opt/ssh":               "/opt/ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o GlobalKnownHostsFile=/dev/null web",
	} {
		w := transportOf(t, text)
		program := w.command
		if program == "" {
			program = "/usr/bin/ssh" // the one on the PATH is shown by its name
		}
		if got := (openSSH{program: program, sshTransport: w}).byHand(); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", text, got, want)
		}
	}
}

func TestSSHAdvice(t *testing.T) {
	s := openSSH{program: "/usr/bin/ssh", sshTransport: transportOf(t, "qemu+ssh://root@web/system")}
	for said, want := range map[string]string{
		"@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.": "the host was reinstalled, or an attacker",
		"Certificate invalid: expired\nHost key verification failed.":                         "this is the certificate of the host: ",
		"Host key verification failed.":                                                       "the host's key is not known; to see it and to accept it, run: ssh -l root web; ",
		"Received disconnect from 10.0.0.1: Too many authentication failures":                 "the agent has more keys",
		"root@web: Permission denied (publickey,password).":                                   "the login must work without a password",
		"ssh: connect to host web port 22: Connection refused":                                "check it with: ssh -l root web",
	} {
		if got := s.sshAdvice(said); !strings.HasPrefix(got, want) {
			t.Errorf("%s: got %q, want %q", said, got, want)
		}
	}
}

func TestFirstServerOfALogin(t *testing.T) {
	for _, test := range []struct {
		settings     map[string]string
		behindShared bool
		want         string
	}{
		{map[string]string{"hostname": "web.test", "port": "22"}, false, "web.test:22"},
		{map[string]string{"hostname": "web.test", "port": "22", "proxyjump": "gate"}, false, "gate"},
		{map[string]string{"hostname": "web.test", "port": "22", "proxyjump": "gate"}, true, "web.test:22"},
		{map[string]string{"hostname": "web.test", "port": "22", "proxycommand": "nc -x proxy %h %p"}, false, "nc -x proxy %h %p"},
		{map[string]string{"hostname": "web.test", "port": "22", "proxyjump": "none", "proxycommand": "none"}, false, "web.test:22"},
	} {
		if got := gate(test.settings, test.behindShared); got != test.want {
			t.Errorf("%v: got %q, want %q", test.settings, got, test.want)
		}
	}
}

func TestLastJump(t *testing.T) {
	for jumps, want := range map[string]string{
		"gate":                      "ssh gate",
		"me@gate:2222":              "ssh -p 2222 -l me gate",
		"ssh://me@gate:2222":        "ssh -p 2222 -l me gate",
		"me@site@gate":              "ssh -l me@site gate",
		"[fd00::1]:22":              "ssh -p 22 fd00::1",
		"fd00::1":                   "ssh fd00::1",
		"first,root@second,third:1": "ssh -p 1 -J first,root@second third",
	} {
		if got := (openSSH{program: "/usr/bin/ssh"}).lastJump(jumps).byHand(); got != want {
			t.Errorf("%s: got %q, want %q", jumps, got, want)
		}
	}
}

// The command is what any login shell is given; the script in it is for sh. csh allows no line break in quotes.
func TestRelayCommandIsQuoted(t *testing.T) {
	got := relay{proxy: "netcat", netcat: "/opt/my nc", sockets: []string{"/run/it's here/sock"}}.command()
	if !strings.HasPrefix(got, "'sh' '-c' 'p=$1; ") || !strings.HasSuffix(got, `' 'kvm-fleet' 'netcat' '/opt/my nc' '/run/it'\''s here/sock'`) ||
		strings.Contains(relayScript, "'") || strings.Contains(got, "\n") {
		t.Errorf("got %s", got)
	}
	out, err := exec.Command("sh", "-c", relay{proxy: "auto", sockets: []string{"/nowhere", "/no/where"}}.command()).CombinedOutput()
	if want := "no libvirt socket at /nowhere /no/where; start libvirtd, or name its socket with ?socket=\n"; err == nil || string(out) != want {
		t.Errorf("got %v %s", err, out)
	}
}

// Without sockets, the helper on the host finds that of the user's libvirt.
func TestRelayToASession(t *testing.T) {
	bin := t.TempDir()
	run := func() (string, error) {
		cmd := exec.Command("/bin/sh", "-c", relay{proxy: "native"}.command())
		cmd.Env = []string{"PATH=" + bin}
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if err := os.Symlink("/bin/sh", filepath.Join(bin, "sh")); err != nil {
		t.Fatal(err)
	}
	if out, err := run(); err == nil || !strings.HasPrefix(out, "virt-ssh-helper is missing; ") {
		t.Errorf("without the helper: %v %s", err, out)
	}
	if err := os.WriteFile(filepath.Join(bin, "virt-ssh-helper"), []byte("#!/bin/sh\necho connected to \"$@\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	if out, err := run(); err != nil || out != relayed+"\nconnected to qemu:///session\n" {
		t.Errorf("with the helper: %v %s", err, out)
	}
}

func TestRelayAfterWhatALoginShellPrints(t *testing.T) {
	out := strings.NewReader("Welcome!\n" + relayed + "\nlibvirt")
	if err := awaitRelay(out); err != nil {
		t.Fatal(err)
	}
	if rest, err := io.ReadAll(out); err != nil || string(rest) != "libvirt" {
		t.Errorf("got %q %v", rest, err)
	}
	if err := awaitRelay(strings.NewReader(strings.Repeat("Welcome!\n", 10_000))); err == nil || err.Error() != "the login shell prints too much" {
		t.Errorf("got %v", err)
	}
}

func TestEndOfWhatAProgramSaysIsKept(t *testing.T) {
	var said tail
	for range 3 {
		_, _ = io.WriteString(&said, strings.Repeat("x", tailMax/2))
	}
	_, _ = io.WriteString(&said, "why\r\n")
	if got := said.String(); len(got) != tailMax-2 || !strings.HasSuffix(got, "xwhy") {
		t.Errorf("got %d bytes: %s", len(got), got)
	}
}

func TestSSHOptionsThatNoConfigurationChanges(t *testing.T) {
	s := openSSH{program: "ssh", sshTransport: transportOf(t, "qemu+ssh://web/system")}
	args := s.commandLine("--", "web").Args
	for _, option := range []string{"BatchMode=yes", "ConnectTimeout=15", "ServerAliveInterval=10", "ServerAliveCountMax=2", "ClearAllForwardings=yes",
		"ForwardAgent=no", "RemoteCommand=none"} {
		if !slices.Contains(args, option) {
			t.Errorf("no %s in %q", option, args)
		}
	}
}

// ssh has no terminal on which it, or a program that it starts, could ask; and all these programs end together.
func TestSSHHasASessionOfItsOwn(t *testing.T) {
	p, err := startSSH(exec.Command("sh", "-c", "sleep 1000 & echo started; exec sleep 1000"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(p.out, make([]byte, len("started\n"))); err != nil {
		t.Fatal(err)
	}
	pid := fmt.Sprint(p.cmd.Process.Pid)
	if stat, err := os.ReadFile("/proc/" + pid + "/stat"); err == nil {
		const session, terminal = 5, 6 // see proc(5)
		if fields := strings.Fields(string(stat)); fields[session] != pid || fields[terminal] != "0" {
			t.Errorf("session %s, terminal %s", fields[session], fields[terminal])
		}
	}
	p.kill()
	<-p.ended
	if _, err := io.ReadAll(p.out); err != nil { // only the end of all programs ends their output
		t.Error(err)
	}
}

// TestSSHWaitsForItsTurn asserts that the wait for the logins of others with one server is no part of the time that a login may take.
func TestSSHWaitsForItsTurn(t *testing.T) {
	usual := loginTimeout
	loginTimeout = 3 * time.Second
	t.Cleanup(func() { loginTimeout = usual })
	program, begun := filepath.Join(t.TempDir(), "ssh"), filepath.Join(t.TempDir(), "begun")
	script := fmt.Sprintf("#!/bin/sh\ncase \" $* \" in\n*\" -G \"*) echo hostname turns.test; echo port 22; : >%s;;\n*) echo connected; cat;;\nesac\n", begun)
	if err := os.WriteFile(program, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := exec.Command("mkfifo", begun).Run(); err != nil {
		t.Fatal(err)
	}
	var leave []func()
	for range maxLogins {
		l, err := takeTurn(t.Context(), "turns.test:22")
		if err != nil {
			t.Fatal(err)
		}
		leave = append(leave, l)
	}
	done := make(chan error, 1)
	go func() {
		_, err := (openSSH{program: program, sshTransport: transportOf(t, "qemu+ssh://turns/system")}).shared(t.Context(), nil)
		done <- err
	}()
	if _, err := os.ReadFile(begun); err != nil { // until ssh has been asked for its settings
		t.Fatal(err)
	}
	select {
	case err := <-done:
		t.Fatalf("the login did not wait for its turn: %v", err)
	case <-time.After(loginTimeout):
	}
	for _, l := range leave {
		l()
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}
