// Package process starts programs and reaps every child of process 1, adopted orphans included.
package process

import (
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// restartPause keeps a program that fails at once from taking the whole processor.
const restartPause = time.Second

// Table knows the children that someone waits for. os/exec can't be used beside it: both would reap the same child.
type Table struct {
	output  *os.File
	null    *os.File
	mutex   sync.Mutex
	waiting map[int]chan syscall.WaitStatus
	stopped bool
	drained chan struct{}
}

// NewTable starts reaping; the children's output goes to the file.
func NewTable(output *os.File) (*Table, error) {
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	table := &Table{output: output, null: null, waiting: map[int]chan syscall.WaitStatus{}, drained: make(chan struct{})}
	died := make(chan os.Signal, 1)
	signal.Notify(died, syscall.SIGCHLD)
	go func() {
		for range died {
			table.reap()
		}
	}()
	return table, nil
}

func (t *Table) reap() {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		if err == syscall.EINTR {
			continue
		}
		if err != nil || pid <= 0 {
			return
		}
		if waiter, ok := t.waiting[pid]; ok {
			delete(t.waiting, pid)
			waiter <- status
			t.closeIfDrained()
		}
	}
}

// start starts a program with its standard files, and returns where its exit status will be delivered.
func (t *Table) start(files [3]*os.File, command []string) (<-chan syscall.WaitStatus, error) {
	// A child can't be reaped before it is in the table.
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if t.stopped {
		return nil, fmt.Errorf("start %s: the guest is shutting down", command[0])
	}
	pid, err := syscall.ForkExec(command[0], command, &syscall.ProcAttr{
		Env:   []string{"PATH=/sbin:/bin:/usr/sbin:/usr/bin", "HOME=/root", "TERM=linux"},
		Files: []uintptr{files[0].Fd(), files[1].Fd(), files[2].Fd()},
		Sys:   &syscall.SysProcAttr{Setsid: true},
	})
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", command[0], err)
	}
	exited := make(chan syscall.WaitStatus, 1)
	t.waiting[pid] = exited
	return exited, nil
}

// Serve starts a program that talks to the other end of a connection, and does not wait for it.
func (t *Table) Serve(connection *os.File, command ...string) error {
	_, err := t.start([3]*os.File{connection, connection, t.null}, command)
	return err
}

// Run runs a program to its end.
func (t *Table) Run(command ...string) error {
	exited, err := t.start([3]*os.File{t.null, t.output, t.output}, command)
	if err != nil {
		return err
	}
	return result(command, <-exited)
}

// Output runs a program to its end and returns what it wrote.
func (t *Table) Output(command ...string) (string, error) {
	file, err := os.CreateTemp("", filepath.Base(command[0]))
	if err != nil {
		return "", err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	exited, err := t.start([3]*os.File{t.null, file, file}, command)
	if err != nil {
		return "", err
	}
	status := <-exited
	text, err := os.ReadFile(file.Name())
	if err != nil {
		return "", err
	}
	if err := result(command, status); err != nil {
		return "", fmt.Errorf("%w: %s", err, strings.TrimSpace(string(text)))
	}
	return string(text), nil
}

// Keep keeps a program running for as long as it is wanted, whatever ends it, and complains when it ends the first time.
// Only its standard output is kept: long-running programs tell their story on the other.
func (t *Table) Keep(wanted func() bool, complain func(error), command ...string) {
	var once sync.Once
	for {
		exited, err := t.start([3]*os.File{t.null, t.output, t.null}, command)
		if err != nil {
			complain(err)
			return
		}
		status := <-exited
		if t.stopping() || !wanted() {
			return
		}
		once.Do(func() { complain(ended(command, status)) })
		time.Sleep(restartPause)
	}
}

// Always is what is wanted for as long as the guest runs.
func Always() bool { return true }

func (t *Table) stopping() bool {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return t.stopped
}

// Stop asks every process to end, starts no more, and returns when all have ended or the deadline has passed.
func (t *Table) Stop(deadline time.Duration) {
	t.mutex.Lock()
	t.stopped = true
	t.closeIfDrained()
	t.mutex.Unlock()
	_ = syscall.Kill(-1, syscall.SIGTERM)
	select {
	case <-t.drained:
	case <-time.After(deadline):
	}
}

func (t *Table) closeIfDrained() {
	if t.stopped && len(t.waiting) == 0 {
		close(t.drained)
	}
}

func result(command []string, status syscall.WaitStatus) error {
	if status.ExitStatus() == 0 {
		return nil
	}
	return ended(command, status)
}

func ended(command []string, status syscall.WaitStatus) error {
	if status.Signaled() {
		return fmt.Errorf("%s: killed by %s", strings.Join(command, " "), status.Signal())
	}
	return fmt.Errorf("%s: exit code %d", strings.Join(command, " "), status.ExitStatus())
}
