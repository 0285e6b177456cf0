//go:build unix

package conn

import (
	"os"
	"os/exec"
	"syscall"
)

// hasSessions reports whether a program can run in a session of its own, and ssh can share a login.
const hasSessions = true

func ownSession(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }

func killSession(p *os.Process) { _ = syscall.Kill(-p.Pid, syscall.SIGKILL) }
