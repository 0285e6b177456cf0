//go:build linux

// Command probe is the probe of 'kvm-fleet separation verify': a program that is in a guest while packets of the guest are examined. It
// listens and sends as instructed, and removes itself. It changes nothing in the guest.
//
// The agent transfers it to every guest, so the size of each import matters: net or encoding/json would make it a quarter larger, fmt a
// tenth. What is left is Go's runtime.
package main

import (
	"io"
	"os"
	"syscall"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/probing/wire"
)

const usage = `usage: probe listen FOLDER SERVICE    begins to listen, and returns when it does
       probe ask FOLDER                  says to the one that listens what is on standard input
`

func main() {
	var err error
	switch args := os.Args; {
	case len(args) == 4 && args[1] == "listen":
		err = listen(args[2], args[3])
	case len(args) == 4 && args[1] == "serve":
		err = serve(args[2], args[3])
	case len(args) == 3 && args[1] == "ask":
		err = ask(args[2])
	default:
		_, _ = os.Stderr.WriteString(usage)
		os.Exit(2)
	}
	if err != nil {
		_, _ = os.Stderr.WriteString(err.Error() + "\n")
		os.Exit(1)
	}
}

// listen starts the process that stays. It must not have what the agent waits for: the agent's output and session.
func listen(folder, service string) error {
	if _, err := wire.DecodeService(service); err != nil {
		return err
	}
	nothing, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	told, tells, err := os.Pipe()
	if err != nil {
		return err
	}
	_, err = os.StartProcess(os.Args[0], []string{os.Args[0], "serve", folder, service}, &os.ProcAttr{
		Dir: "/", Files: []*os.File{nothing, nothing, nothing, tells}, Sys: &syscall.SysProcAttr{Setsid: true},
	})
	if err != nil {
		return err
	}
	_ = tells.Close()
	said, err := io.ReadAll(told)
	if err != nil {
		return err
	}
	if _, err := wire.DecodeResults(string(said)); err != nil {
		return failed(string(said))
	}
	_, err = os.Stdout.Write(said)
	return err
}

// failed is an error that consists of a text.
type failed string

func (f failed) Error() string { return string(f) }

// ask passes a question from standard input to the probe that listens, and its answer to standard output.
func ask(folder string) error {
	question, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	if err := syscall.Connect(fd, &syscall.SockaddrUnix{Name: door(folder)}); err != nil {
		return failed("the probe does not listen any more: " + err.Error())
	}
	f := os.NewFile(uintptr(fd), "question")
	if _, err := f.Write(question); err != nil {
		return err
	}
	if err := syscall.Shutdown(fd, syscall.SHUT_WR); err != nil {
		return err
	}
	_, err = io.Copy(os.Stdout, f)
	return err
}

func door(folder string) string { return folder + "/door" }
