//go:build acceptance

package acceptance

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// testLibvirtdDown is not parallel: it runs before the parallel tests, which need the host.
func testLibvirtdDown(t *testing.T) {
	c := oneOfEach(t, beta())
	c["libvirt_network.elsewhere"] = attrs{"host": alpha().Name, "name": unique(t)}
	s := newStack(t)
	s.apply(c)
	name := c[aDomain]["name"].(string)
	id := beta().virsh(t, "domid", name)

	kill(t, beta())
	defer repair(t, theLab) // also if the test fails
	s.keepsItsState(func() {
		s.planFails(c, "on beta ("+beta().URI+"): dial unix", "connect: connection refused", "Nothing was removed from the state.")
		s.applyFails(c, "on beta ("+beta().URI+"): dial unix")
	})
	repair(t, theLab)
	s.plan(c)
	s.settled()
	expect(t, "the run that it is", beta().virsh(t, "domid", name), id)
}

// kill kills a host's libvirtd at once; its guests keep running.
func kill(t *testing.T, h *labHost) {
	t.Helper()
	suffers(t, "libvirtd killed", h.Name)
	if err := h.killLibvirtd(); err != nil {
		t.Fatal(err)
	}
}

// killLibvirtd is kill for places where a test must not fail. It waits for the end of the process.
func (h *labHost) killLibvirtd() error {
	pid, err := h.libvirtd()
	if err != nil {
		return err
	}
	theEnds.expect(pid)
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		return err
	}
	if !gone(pid) {
		return fmt.Errorf("libvirtd (process %d) on %s lives after it was killed", pid, h.Name)
	}
	return nil
}

// libvirtd returns the process ID of a host's libvirtd.
func libvirtd(t *testing.T, h *labHost) (pid int) {
	t.Helper()
	pid, err := h.libvirtd()
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

func (h *labHost) libvirtd() (pid int, err error) {
	socket := strings.TrimPrefix(h.URI, "qemu+unix:///system?socket=")
	text, err := os.ReadFile(strings.TrimSuffix(socket, "libvirt-sock") + "libvirtd.pid")
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(text)))
}

func repair(t *testing.T, l *lab) {
	t.Helper()
	if err := l.repair(); err != nil {
		t.Fatal(err)
	}
}

// repair brings the lab up again, and watches its new processes.
func (l *lab) repair() error {
	up := exec.Command("../../bin/kvm-fleet", "lab", "up", "--name", l.Name, "--hosts", strconv.Itoa(len(l.Hosts)))
	if out, err := up.CombinedOutput(); err != nil {
		return fmt.Errorf("unable to repair the lab: %w\n%s", err, out)
	}
	if l == theLab {
		return theEnds.watch(l)
	}
	return nil
}
