//go:build acceptance

package acceptance

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

// libvirtdEnds watches the libvirtd processes of the lab. libvirt 9.0 itself crashes now and then, and systemd would start it again. Here the
// watch does so, and names the tests that ran at that time: 'npm test' runs those of them that failed again.
type libvirtdEnds struct {
	mu      sync.Mutex
	watched map[int]bool    // process IDs
	killed  map[int]bool    // process IDs that a test kills
	open    map[string]int  // the number of stacks of each top-level test that has not ended
	broken  map[string]bool // the top-level tests that ran when a libvirtd ended by itself
}

var theEnds = libvirtdEnds{watched: map[int]bool{}, killed: map[int]bool{}, open: map[string]int{}, broken: map[string]bool{}}

// watch starts to watch the libvirtd of each host that is not a virtual machine.
func (e *libvirtdEnds) watch(l *lab) error {
	var failed error
	for _, h := range l.Hosts {
		if h.SSHURI != "" {
			continue
		}
		pid, err := h.libvirtd()
		if err == nil {
			err = e.watchProcess(l, h, pid)
		}
		failed = errors.Join(failed, err)
	}
	return failed
}

func (e *libvirtdEnds) watchProcess(l *lab, h *labHost, pid int) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.watched[pid] {
		return nil
	}
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return fmt.Errorf("unable to watch libvirtd (process %d) on %s: %w", pid, h.Name, err)
	}
	e.watched[pid] = true
	go func() {
		defer func() { _ = unix.Close(fd) }()
		for {
			if _, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, -1); !errors.Is(err, unix.EINTR) {
				break
			}
		}
		e.ended(l, h, pid)
	}()
	return nil
}

// ended brings the lab up again if no test killed the process.
func (e *libvirtdEnds) ended(l *lab, h *labHost, pid int) {
	e.mu.Lock()
	killed := e.killed[pid]
	if !killed {
		for test := range e.open {
			e.broken[test] = true
		}
	}
	e.mu.Unlock()
	if killed {
		return
	}
	fmt.Fprintf(os.Stderr, "libvirtd (process %d) on %s ended by itself; it is started again\n", pid, h.Name)
	if err := l.repair(); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}

// expect announces that a test ends a process.
func (e *libvirtdEnds) expect(pid int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.killed[pid] = true
}

// begins records that a test uses the lab until it ends.
func (e *libvirtdEnds) begins(t *testing.T) {
	test, _, _ := strings.Cut(t.Name(), "/")
	add := func(n int) {
		e.mu.Lock()
		defer e.mu.Unlock()
		if e.open[test] += n; e.open[test] == 0 {
			delete(e.open, test)
		}
	}
	add(1)
	t.Cleanup(func() { add(-1) })
}

// sumUp prints the line that 'npm test' reads.
func (e *libvirtdEnds) sumUp(to io.Writer) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.broken) > 0 {
		fmt.Fprintln(to, "running when libvirtd ended by itself:", strings.Join(slices.Sorted(maps.Keys(e.broken)), " "))
	}
}
