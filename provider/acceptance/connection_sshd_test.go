//go:build acceptance

package acceptance

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
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
	listener, err := net.Listen("tcp", net.JoinHostPort(theLab.Shared.Host, "0")) // an address that the hosts reach too
	if err != nil {
		t.Fatal(err)
	}
	s.address = listener.Addr().String()
	within := strconv.Itoa(libvirtd(t, h))
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
			t.Logf("sshd on %s:\n%s", h.Name, s.log.String())
		}
	})
	return s
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
	text, _ := io.ReadAll(said)
	_ = cmd.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log.Write(text)
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

func newSSHUser(t *testing.T) *sshUser {
	t.Helper()
	home := t.TempDir()
	u := &sshUser{t: t, home: home, key: filepath.Join(home, ".ssh", "id_ed25519"), env: []string{"HOME=" + home, "SSH_AUTH_SOCK="}}
	if err := os.Mkdir(filepath.Dir(u.key), 0o700); err != nil {
		t.Fatal(err)
	}
	newSSHKey(t, u.key, "")
	u.keys = u.key + ".pub"
	return u
}

// has writes a file of the user's .ssh directory and returns its path.
func (u *sshUser) has(name, text string) string {
	u.t.Helper()
	path := filepath.Join(u.home, ".ssh", name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		u.t.Fatal(err)
	}
	return path
}
