package conn

import (
	"errors"
	"os"
	"os/exec"
	"time"
)

// process is a running ssh.
type process struct {
	cmd     *exec.Cmd
	in, out *os.File
	stderr  tail
	ended   chan struct{} // closed when it has ended
	err     error         // why, then
}

// startSSH starts ssh in a session of its own: without a terminal neither ssh nor a program that it starts can ask a question there, and an
// interrupt on Terraform's terminal does not reach it.
func startSSH(cmd *exec.Cmd) (*process, error) {
	p := &process{cmd: cmd, ended: make(chan struct{})}
	stdin, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	out, stdout, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, stdin.Close(), in.Close())
	}
	p.in, p.out = in, out
	cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, stdout, &p.stderr
	cmd.Env = append(os.Environ(), "SSH_ASKPASS_REQUIRE=never")
	cmd.WaitDelay = time.Second // a login that the user's configuration keeps in the background keeps stderr open
	ownSession(cmd)
	g := guardian()
	err = cmd.Start()
	_, _ = stdin.Close(), stdout.Close()
	if err != nil {
		return nil, errors.Join(err, p.Close())
	}
	g.add(cmd.Process.Pid)
	go func() {
		p.err = cmd.Wait()
		if errors.Is(p.err, exec.ErrWaitDelay) {
			p.err = nil
		}
		g.remove(cmd.Process.Pid)
		close(p.ended)
	}()
	return p, nil
}

func (p *process) Write(b []byte) (int, error) { return p.in.Write(b) }

// Close ends the input of the program on the host; ssh ends after it.
func (p *process) Close() error { return errors.Join(p.in.Close(), p.out.Close()) }

func (p *process) hasEnded() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// kill ends the process and the programs that it started, such as ProxyCommand.
func (p *process) kill() {
	if !p.hasEnded() {
		killSession(p.cmd.Process)
	}
}

// failed returns why the process failed; it is no longer needed.
func (p *process) failed() error {
	_ = p.Close()
	late := time.AfterFunc(time.Second, p.kill)
	<-p.ended
	late.Stop()
	return &sshError{p.stderr.String(), p.err}
}
