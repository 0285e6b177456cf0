package conn

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// openSSH logs in with the ssh program of this machine, as virsh does: aliases, keys, agents, certificates, jump hosts and host keys are all
// as ssh finds them in its own configuration.
type openSSH struct {
	program  string
	jumps    string // the servers on the way, as the option -J has them; "" for those of the configuration
	outdated string // after a login that failed: what outdatedCertificate found
	sshTransport
}

// loginTimeout is how long a login may take, apart from the wait for its turn. ssh itself gives up on a server that does not answer after
// dialTimeout, and says so.
var loginTimeout = 2 * dialTimeout

// A connection whose host does not answer ends after about aliveEvery * (aliveCount + 1).
const (
	aliveEvery = 10 * time.Second
	aliveCount = 2
)

// options never ask anything, forward nothing of the user's, and set deadlines, whatever the configuration says.
var options = []string{"-T", "-e", "none", "-o", "BatchMode=yes", "-o", "LogLevel=ERROR", "-o", "ConnectTimeout=" + seconds(dialTimeout),
	"-o", "ServerAliveInterval=" + seconds(aliveEvery), "-o", "ServerAliveCountMax=" + strconv.Itoa(aliveCount), "-o", "ClearAllForwardings=yes",
	"-o", "ForwardAgent=no", "-o", "ForwardX11=no", "-o", "RemoteCommand=none"}

func seconds(d time.Duration) string { return strconv.Itoa(int(d / time.Second)) }

// arguments are those that the uri asks for. A person who runs ssh with them sees what happens.
func (s openSSH) arguments() []string {
	var args []string
	if s.port != "" {
		args = append(args, "-p", s.port)
	}
	if s.user != "" {
		args = append(args, "-l", s.user)
	}
	if s.jumps != "" {
		args = append(args, "-J", s.jumps)
	}
	if s.keyfile != "" {
		args = append(args, "-i", literal(inHome(s.keyfile, home())))
	}
	switch s.without {
	case authAgent:
		args = append(args, "-o", "IdentityAgent=none")
	case authKey:
		args = append(args, "-o", "IdentityFile=none")
	}
	if s.verify == verifyIgnore {
		return append(args, "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile="+os.DevNull, "-o", "GlobalKnownHostsFile="+os.DevNull)
	}
	if s.knownHosts != "" {
		file := literal(inHome(s.knownHosts, home()))
		if strings.Contains(file, " ") {
			file = `"` + file + `"`
		}
		args = append(args, "-o", "UserKnownHostsFile="+file)
	}
	switch s.verify {
	case verifyNormal:
		args = append(args, "-o", "StrictHostKeyChecking=yes")
	case verifyAuto:
		args = append(args, "-o", "StrictHostKeyChecking=accept-new")
	}
	return args
}

// literal escapes ssh's percent tokens.
func literal(path string) string { return strings.ReplaceAll(path, "%", "%%") }

func (s openSSH) commandLine(more ...string) *exec.Cmd {
	args := append(append([]string{}, options...), s.arguments()...)
	return exec.Command(s.program, append(args, more...)...)
}

func (s openSSH) dial(ctx context.Context) (net.Conn, error) {
	login, err := s.shared(ctx, nil)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	if s.relay.direct && login.control != "" {
		for _, socket := range s.relay.sockets {
			c, err := login.reach(ctx, socket)
			switch {
			case err == nil:
				return c, nil
			case ctx.Err() != nil:
				return nil, s.explain(ctx, dialTimeout, err)
			}
		}
	}
	// ssh (9.2) closes the connection for a missing socket, a socket without permission, and disabled forwarding alike. The script tells.
	return s.run(ctx, login)
}

// run starts the program on the host that connects to libvirt's socket.
func (s openSSH) run(ctx context.Context, login *login) (net.Conn, error) {
	p, err := startSSH(login.command("--", s.host, s.relay.command()))
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, p.kill)
	err = awaitRelay(p.out)
	if stop() && err == nil {
		return &piped{in: p, out: p.out, to: sshAddress(s.String())}, nil
	}
	err = p.failed()
	var status *exec.ExitError
	if ctx.Err() == nil && errors.As(p.err, &status) && status.ExitCode() != sshFailed {
		return nil, relayError(s.sshTransport, p.stderr.String(), p.err)
	}
	return nil, s.explain(ctx, dialTimeout, err)
}

// sshFailed is ssh's exit status if it failed itself, and not the command on the host.
const sshFailed = 255

// relayError is the error of the program on the host.
func relayError(w sshTransport, said string, ended error) error {
	if said != "" {
		return fmt.Errorf("libvirt through %s: %s", w, said)
	}
	return fmt.Errorf("libvirt through %s: unable to run a program on the host: %w", w, ended)
}

// ask runs ssh for what it says, without a login.
func (s openSSH) ask(ctx context.Context, cmd *exec.Cmd) (string, error) {
	p, err := startSSH(cmd)
	if err != nil {
		return "", err
	}
	stop := context.AfterFunc(ctx, p.kill)
	said, err := io.ReadAll(p.out)
	<-p.ended
	if stop() && err == nil && p.err == nil {
		return string(said), p.Close()
	}
	return "", p.failed()
}
