//go:build acceptance

package acceptance

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/acts"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/exchange"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/qemulog"
)

// TestOperation is about what an operator does with machines outside of Terraform, with the provider's own commands.
func TestOperation(t *testing.T) {
	t.Parallel()
	t.Run("a snapshot leaves the state true, and can be imported", testSnapshotAct)
	t.Run("the log of a machine is shown and followed", testLogs)
}

// addresses returns the hosts of the stack as the command line names them.
func (s *stack) addresses() exchange.Hosts {
	hosts := exchange.Hosts{}
	for name, uri := range s.hosts {
		hosts[name] = exchange.Host{URI: uri}
	}
	return hosts
}

// takesSnapshot runs the act "snapshot" for a domain.
func (s *stack) takesSnapshot(a attrs, snapshot acts.Snapshot) acts.MachineReport {
	s.t.Helper()
	m := acts.Machine{Name: "it", Domain: a["name"].(string), Host: a["host"].(string), Shutdown: acts.Shutdown{OnTimeout: "force"}, Snapshot: &snapshot}
	in, err := json.Marshal(acts.Request{Hosts: s.addresses(), Act: "snapshot", Machines: []acts.Machine{m}})
	if err != nil {
		s.t.Fatal(err)
	}
	cmd := exec.Command(built(s.t), "act")
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), os.Stderr
	out, err := cmd.Output()
	var report acts.Report
	if err == nil {
		err = exchange.Decode(bytes.NewReader(out), &report)
	}
	if err != nil {
		s.t.Fatalf("%v in %s", err, out)
	}
	return report.Machines[0]
}

func testSnapshotAct(t *testing.T) {
	t.Parallel()
	for name, memory := range map[string]bool{"disks": false, "memory": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, a := newStack(t), guestAttrs(t, alpha()).with(attrs{"shutdown": attrs{"timeout": 0}})
			s.apply(config{aDomain: a})
			if r := s.takesSnapshot(a, acts.Snapshot{Name: "before", Memory: memory}); r.Error != "" || r.State != "running" {
				t.Fatalf("got %+v, want a snapshot of a guest that runs on", r)
			}
			domain := a["name"].(string)
			expect(t, "the snapshots", strings.TrimSpace(alpha().virsh(t, "snapshot-list", domain, "--name")), "before")
			s.settled()
			if r := s.driftOf(nil); len(r.Changed) > 0 || len(r.Gone) > 0 {
				t.Errorf("drift: got %+v", r)
			}
			r := s.takesSnapshot(a, acts.Snapshot{Name: "before", Memory: memory})
			s.says(r.Error, []string{domain + ` has a snapshot "before" already; take another name`})

			// Terraform destroys the snapshot before the domain that it names.
			c := config{aDomain: a, aSnapshot: attrs{"host": "${libvirt_domain.it.host}", "domain": "${libvirt_domain.it.name}",
				"name": "before", "memory": memory}}
			s.write(c, attrs{"import": []attrs{{"to": aSnapshot, "id": a["host"].(string) + "/" + domain + "/before"}}})
			s.run("plan", "-json", "-out=plan")
			s.says(s.planned(), []string{"Plan: 1 to import, 0 to add, 0 to change, 0 to destroy."})
			s.applyPlanned()
			s.destroy()
		})
	}
	s, a := newStack(t), domainAttrs(t, alpha()).with(attrs{"state": "stopped"})
	s.apply(config{aDomain: a})
	for _, c := range []struct {
		snapshot acts.Snapshot
		says     string
	}{
		{acts.Snapshot{Name: ".hidden"}, "'name' must not begin with '.', got \".hidden\"; remove it"},
		{acts.Snapshot{Name: "it", Memory: true, Quiesce: true}, "'quiesce' cannot be combined with 'memory'"},
		{acts.Snapshot{Name: "it", Memory: true}, "Start the domain, or remove 'memory'."},
	} {
		s.says(s.takesSnapshot(a, c.snapshot).Error, []string{c.says})
	}
}

// logOf returns the command that shows the log of a domain.
func (s *stack) logOf(a attrs, lines int, follow bool) *exec.Cmd {
	s.t.Helper()
	request, err := json.Marshal(qemulog.Request{Hosts: s.addresses(), Host: a["host"].(string), Name: "it", Domain: a["name"].(string),
		Lines: lines, Follow: follow})
	if err != nil {
		s.t.Fatal(err)
	}
	return exec.Command(built(s.t), "logs", string(request))
}

func testLogs(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), domainAttrs(t, alpha()).with(attrs{"shutdown": attrs{"timeout": 0}})
	s.apply(config{aDomain: a.with(attrs{"state": "stopped"})})
	if out, err := s.logOf(a, 10, false).CombinedOutput(); err == nil || !strings.Contains(string(out), "alpha has no log of it: there is no "+
		"/var/log/libvirt/qemu/"+a["name"].(string)+".log; the machine was never started there") {
		t.Errorf("a machine that was never started: %v\n%s", err, out)
	}
	s.apply(config{aDomain: a})

	var shown progress
	has := func(text string) func() bool { return func() bool { return strings.Contains(shown.String(), text) } }
	follows := s.logOf(a, 1000, true)
	follows.Stdout, follows.Stderr = &shown, &shown
	if err := follows.Start(); err != nil {
		t.Fatal(err)
	}
	ended := false
	t.Cleanup(func() {
		if !ended {
			_ = follows.Process.Kill()
			_ = follows.Wait()
		}
	})
	eventually(t, "the start in the log", has("starting up libvirt version"))
	alpha().virsh(t, "destroy", a["name"].(string))
	eventually(t, "the end in the log", has("shutting down, reason=destroyed"))
	if err := follows.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	err := follows.Wait()
	if ended = true; err != nil {
		t.Errorf("after an interrupt: %v\n%s", err, shown.String())
	}
	for name := range strings.Lines(alpha().virsh(t, "pool-list", "--all", "--name")) {
		if name = strings.TrimSpace(name); strings.HasPrefix(name, "kvm-fleet-files-") {
			text, _ := alpha().try("pool-dumpxml", name) // one of another test may be gone
			if strings.Contains(text, "<path>/var/log/libvirt/qemu</path>") {
				t.Errorf("the pool %s is left", name)
			}
		}
	}

	out, err := s.logOf(a, 1, false).CombinedOutput()
	if lines := strings.Split(strings.TrimSpace(string(out)), "\n"); err != nil || len(lines) != 1 || !strings.Contains(lines[0], "shutting down") {
		t.Errorf("the last line: got %v, %q", err, out)
	}
}
