//go:build acceptance

package acceptance

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// sshd runs the real sshd on a host: one process per connection, inside the host.
type sshd struct {
	t       *testing.T
	host    *labHost
	address string
	hostKey string // path of the file
	config  string

	mu   sync.Mutex
	live []*exec.Cmd
	log  strings.Builder
}

// newSSHD starts an sshd that lets one user in by key. Settings are lines of sshd_config(5).
func newSSHD(t *testing.T, h *labHost, authorized string, settings ...string) *sshd {
	t.Helper()
	dir := t.TempDir()
	s := &sshd{t: t, host: h, hostKey: filepath.Join(dir, "host_key"), config: filepath.Join(dir, "sshd_config")}
	newSSHKey(t, s.hostKey, "")
	lines := append([]string{"HostKey " + s.hostKey, "AuthorizedKeysFile " + authorized, "StrictModes no", "UsePAM no", "PidFile none"}, settings...)
	if err := os.WriteFile(s.config, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	h.inside(t, "mkdir", "-p", "/run/sshd")
	s.address = s.listen(theLab.Shared.Host) // an address that the hosts reach too
	return s
}

// listen accepts connections at an address of this machine, and returns it with its port.
func (s *sshd) listen(at string) string {
	t := s.t
	t.Helper()
	listener, err := net.Listen("tcp", net.JoinHostPort(at, "0"))
	if err != nil {
		t.Fatal(err)
	}
	within := strconv.Itoa(libvirtd(t, s.host))
	var wait sync.WaitGroup
	wait.Go(func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			wait.Go(func() { s.serve(c.(*net.TCPConn), within) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		s.cut()
		wait.Wait()
		if t.Failed() {
			t.Logf("sshd on %s:\n%s", s.host.Name, s.log.String())
		}
	})
	return listener.Addr().String()
}

func (s *sshd) serve(c *net.TCPConn, within string) {
	socket, err := c.File()
	_ = c.Close() // the process has its own copy
	if err != nil {
		return
	}
	// The log goes through a pipe: the user's commands would see a file of this process.
	cmd := exec.Command("nsenter", "--net", "--mount", "--uts", "--target", within, "/usr/sbin/sshd", "-i", "-e", "-f", s.config)
	cmd.Stdin, cmd.Stdout = socket, socket
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	said, err := cmd.StderrPipe()
	if err == nil {
		err = cmd.Start()
	}
	_ = socket.Close()
	if err != nil {
		return
	}
	s.mu.Lock()
	s.live = append(s.live, cmd)
	s.mu.Unlock()
	for lines := bufio.NewScanner(said); lines.Scan(); {
		s.mu.Lock()
		fmt.Fprintln(&s.log, lines.Text())
		s.mu.Unlock()
	}
	_ = cmd.Wait()
}

// cut ends all connections; new ones are still accepted.
func (s *sshd) cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, cmd := range s.live {
		if cmd.ProcessState == nil {
			_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		}
	}
	s.live = nil
}

func (s *sshd) port() string {
	_, port, err := net.SplitHostPort(s.address)
	if err != nil {
		s.t.Fatal(err)
	}
	return port
}

// line returns the line of known_hosts for this server under an address, which may be another server's.
func (s *sshd) line(address string) string {
	s.t.Helper()
	public, err := os.ReadFile(s.hostKey + ".pub")
	if err != nil {
		s.t.Fatal(err)
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		s.t.Fatal(err)
	}
	return fmt.Sprintf("[%s]:%s %s", host, port, public)
}

// fingerprint returns the fingerprint of a key file.
func fingerprint(t *testing.T, key string) string {
	t.Helper()
	out, err := exec.Command("ssh-keygen", "-lf", key+".pub").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(out))[1]
}

func newSSHKey(t *testing.T, path, passphrase string) {
	t.Helper()
	if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-f", path).CombinedOutput(); err != nil {
		t.Fatalf("ssh-keygen: %v\n%s", err, out)
	}
}

// newSSHAgent starts an agent with the keys of these files and returns its socket.
func newSSHAgent(t *testing.T, keys ...string) (socket string) {
	t.Helper()
	dir, err := os.MkdirTemp("", "kfa") // a socket path must be short
	if err != nil {
		t.Fatal(err)
	}
	socket = filepath.Join(dir, "s")
	agent := exec.Command("ssh-agent", "-D", "-a", socket)
	if err := agent.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = agent.Process.Kill()
		_ = agent.Wait()
		_ = os.RemoveAll(dir)
	})
	eventually(t, "the agent", func() bool {
		_, err := os.Stat(socket)
		return err == nil
	})
	for _, key := range keys {
		add := exec.Command("ssh-add", "-q", key)
		add.Env = append(os.Environ(), "SSH_AUTH_SOCK="+socket)
		if out, err := add.CombinedOutput(); err != nil {
			t.Fatalf("ssh-add: %v\n%s", err, out)
		}
	}
	return socket
}

// sshUser has a home directory with an SSH key, and the environment that makes ssh use it.
type sshUser struct {
	t               *testing.T
	home, key, keys string
	env             []string
}

// atHome runs ssh with the files of a directory as those of the user and of the system: ssh finds the home directory in the list of users, and
// not in the environment.
const atHome = `#!/bin/sh
exec unshare --mount sh -c 'home=$1; shift
test ! -e "$home/ssh_config" || mount --bind "$home/ssh_config" /etc/ssh/ssh_config
test ! -e "$home/hosts" || mount --bind "$home/hosts" /etc/hosts
mount --bind "$home" %q && exec %q "$@"' ssh %q "$@"
`

func newSSHUser(t *testing.T) *sshUser {
	t.Helper()
	home, programs := t.TempDir(), t.TempDir()
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	ssh, err := exec.LookPath("ssh")
	if err == nil {
		err = os.WriteFile(filepath.Join(programs, "ssh"), fmt.Appendf(nil, atHome, me.HomeDir, ssh, home), 0o700)
	}
	if err != nil {
		t.Fatal(err)
	}
	u := &sshUser{t: t, home: home, key: filepath.Join(home, ".ssh", "id_ed25519"),
		env: []string{"HOME=" + home, "SSH_AUTH_SOCK=", "PATH=" + programs + ":" + os.Getenv("PATH")}}
	if err := os.Mkdir(filepath.Dir(u.key), 0o700); err != nil {
		t.Fatal(err)
	}
	newSSHKey(t, u.key, "")
	u.keys = u.key + ".pub"
	return u
}

// with returns the user's environment with other values.
func (u *sshUser) with(more ...string) []string { return append(slices.Clone(u.env), more...) }

// processes returns what runs in the user's environment: every process that was started for the user.
func (u *sshUser) processes(named string) []int {
	var found []int
	files, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, file := range files {
		environment, _ := os.ReadFile(file) // empty if the process is gone
		name, _ := os.ReadFile(filepath.Join(filepath.Dir(file), "comm"))
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file))); err == nil && strings.Contains("\x00"+string(environment), "\x00HOME="+u.home+"\x00") &&
			(named == "" || strings.TrimSpace(string(name)) == named) {
			found = append(found, pid)
		}
	}
	return found
}

// has writes a file of the user's .ssh directory and returns its path.
func (u *sshUser) has(name, text string) string {
	u.t.Helper()
	return u.hasFile(filepath.Join(".ssh", name), text)
}

// hasFile writes a file of the user's home directory and returns its path.
func (u *sshUser) hasFile(name, text string) string {
	u.t.Helper()
	path := filepath.Join(u.home, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		u.t.Fatal(err)
	}
	return path
}
