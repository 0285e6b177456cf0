package conn

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// sshTransport logs in on the host by ssh and connects to its libvirt's socket with a program of the host. The system's
// ssh program logs in. The built-in client does where there is none, and for a key from the environment.
type sshTransport struct {
	host, port, user string // as in the uri
	command          string // the ssh program; "" for the one on the PATH
	keyfile          string
	knownHosts       string
	verify           string // "" for the setting of the ssh configuration
	without          string // what the login must not use: agent or privkey; "" for neither
	relay            relay
}

// SSHKey is the environment variable with the private key to log in with.
const SSHKey = "KVM_FLEET_SSH_KEY"

// The values of libvirt's uri parameter known_hosts_verify.
const verifyNormal, verifyAuto, verifyIgnore = "normal", "auto", "ignore"

func parseSSH(u *url.URL, p params, out *URI) error {
	w := sshTransport{host: u.Hostname(), port: u.Port(), user: u.User.Username(), command: p.get("command"), verify: p.get("known_hosts_verify")}
	var err error
	if w.relay, err = parseRelay(p, u.Path == sessionPath); err != nil {
		return err
	}
	if w.keyfile, err = p.path("keyfile"); err != nil {
		return err
	}
	if w.knownHosts, err = p.path("known_hosts"); err != nil {
		return err
	}
	if !slices.Contains([]string{"", verifyNormal, verifyAuto, verifyIgnore}, w.verify) {
		return fmt.Errorf(`must have normal, auto or ignore for "known_hosts_verify"`)
	}
	noVerify, err := p.flag("no_verify")
	if err != nil {
		return err
	}
	if noVerify {
		w.verify = verifyIgnore
	}
	if w.without, err = excluded(p.get("sshauth")); err != nil {
		return err
	}
	if _, err := p.flag("no_tty"); err != nil { // ssh never prompts here
		return err
	}
	out.transport = w
	return nil
}

// The methods of libvirt's uri parameter sshauth.
const authAgent, authKey, authPassword, authInteractive = "agent", "privkey", "password", "keyboard-interactive"

// excluded returns which of agent and private key files is not among the methods of a login.
func excluded(methods string) (string, error) {
	if methods == "" {
		return "", nil
	}
	list := strings.Split(methods, ",")
	for _, method := range list {
		if !slices.Contains([]string{authAgent, authKey, authPassword, authInteractive}, method) {
			return "", errors.New(`must have agent, privkey, password or keyboard-interactive, separated by commas, for "sshauth"`)
		}
	}
	agent, key := slices.Contains(list, authAgent), slices.Contains(list, authKey)
	switch {
	case !agent && !key:
		return "", errors.New(`must have agent or privkey in "sshauth": ssh asks for no password here`)
	case !agent:
		return authAgent, nil
	case !key:
		return authKey, nil
	default:
		return "", nil
	}
}

func (w sshTransport) dial(ctx context.Context) (net.Conn, error) {
	program := w.command
	if program == "" {
		program = "ssh"
	}
	key := os.Getenv(SSHKey)
	switch path, err := exec.LookPath(program); {
	case key != "" && w.command != "":
		return nil, fmt.Errorf(`the environment variable %s cannot be combined with "command" in the uri; remove one of them`, SSHKey)
	case key != "":
		return w.dialBuiltin(ctx, key)
	case err == nil:
		return openSSH{program: path, sshTransport: w}.dial(ctx)
	case w.command == "" && errors.Is(err, exec.ErrNotFound):
		return w.dialBuiltin(ctx, "")
	default:
		return nil, fmt.Errorf(`unable to run the program of "command" in the uri: %w`, err)
	}
}

// String returns where to log in, as far as the uri names it.
func (w sshTransport) String() string {
	text := w.host
	if w.port != "" {
		text = net.JoinHostPort(w.host, w.port)
	}
	if w.user != "" {
		text = w.user + "@" + text
	}
	return text
}

func home() string {
	dir, err := os.UserHomeDir()
	if err != nil {
		return "/"
	}
	return dir
}

func inHome(path, home string) string {
	if rest, is := strings.CutPrefix(path, "~/"); is {
		return filepath.Join(home, rest)
	}
	return path
}
