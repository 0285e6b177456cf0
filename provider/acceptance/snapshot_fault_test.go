//go:build acceptance

package acceptance

import (
	"fmt"
	"os"
	"testing"
	"time"
)

// Numbers of libvirt's calls.
const domainStart, volDelete, snapshotCreate, snapshotDelete, domainRestore, domainDestroy = 9, 94, 185, 193, 233, 234

// sound asserts that the files in the definition exist.
func (g *counting) sound() {
	g.t.Helper()
	for _, target := range []string{"vda", "vdb"} {
		if _, err := os.Stat(g.host.path(g.file(target))); err != nil {
			g.t.Errorf("the definition names a file that is not there: %v", err)
		}
	}
}
func TestSnapshotFaults(t *testing.T) {
	t.Parallel()
	t.Run("a snapshot whose creation got no answer is replaced", testSnapshotWithoutAnswer)
	t.Run("a snapshot that fails leaves nothing behind", testSnapshotFails)
	t.Run("a revert that broke off is completed by the next apply", testRevertBrokenOff)
	t.Run("a revert to a guest that can't start is completed by the next apply", testRevertStartFails)
	t.Run("a destruction that broke off is completed by the next apply", testSnapshotDestroyBrokenOff)
	t.Run("a merge that is refused leaves the snapshot as it was", testMergeRefused)
	t.Run("snapshots of a domain that runs on another host are left alone", testSnapshotsElsewhere)
}

func testMergeRefused(t *testing.T) {
	t.Parallel()
	for name, runs := range map[string]bool{"running": true, "stopped": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, g := newStack(t), newCounting(t)
			g.write(1)
			then := g.count()
			a := g.snapshot("it", attrs{"description": "Before."})
			s.apply(config{aSnapshot: a})
			g.write(2)
			g.count()
			if runs {
				g.host.virsh(t, "start", g.name)
				g.counts(1)
			}
			immutable := func(sign string) { g.inside("chattr", sign+"i", g.dir+"/vda.img", g.dir+"/vdb.qcow2") }
			immutable("+")
			t.Cleanup(func() { immutable("-") })
			s.applyFails(config{}, `Unable to destroy domain snapshot "it"`, "Nothing was merged: the snapshot is as it was before, and the machine can still be reverted to it")
			immutable("-")
			expect(t, "description", at(g.host.xml(t, "snapshot-dumpxml", g.name, "it"), "description"), "Before.")
			s.plan(config{aSnapshot: a})
			s.settled()
			s.apply(config{aSnapshot: a.with(attrs{"revert": "1"})})
			g.holds(1)
			g.host.virsh(t, "start", g.name)
			if is := g.counts(1)[0]; !follows(is, then) {
				t.Errorf("the guest continues from %d, and the snapshot had %d", is, then)
			}
			s.destroy()
			expect(t, "what is left", g.files(), bare)
			g.holds(1)
		})
	}
}

func testSnapshotWithoutAnswer(t *testing.T) {
	t.Parallel()
	s, g := newStack(t), newCounting(t)
	p := newProxy(t, g.host, once(message{snapshotCreate, reply}, cutBefore))
	s.hosts[g.host.Name] = p.uri
	c := config{aSnapshot: g.snapshot("it", nil)}
	s.applyFails(c, `Unable to create domain snapshot "it"`, "the connection was lost during the call")
	if s.state(aSnapshot)["tainted"] != true {
		t.Error("it is not marked to be made again")
	}
	s.apply(c)
	s.settled()
	s.destroy()
	expect(t, "what is left", g.files(), bare)
}

func testSnapshotFails(t *testing.T) {
	t.Parallel()
	s, g := newStack(t), newCounting(t)
	inTheWay := g.host.path(g.dir + "/vdb.it.qcow2")
	if err := os.WriteFile(inTheWay, []byte("another program's"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := config{aSnapshot: g.snapshot("it", nil)}
	s.applyFails(c, "external snapshot file for disk vdb already exists", "vdb.it.qcow2")
	if len(s.resources()) != 0 {
		t.Error("something is in the state")
	}
	if text, err := os.ReadFile(inTheWay); err != nil || string(text) != "another program's" {
		t.Errorf("the file that was in the way: %q %v", text, err)
	}
	expect(t, "the first disk", g.file("vda"), g.dir+"/vda.img")
	if err := os.Remove(inTheWay); err != nil {
		t.Fatal(err)
	}
	expect(t, "what is left", g.files(), bare)
	s.apply(c)
	s.settled()
}

func testRevertBrokenOff(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		cut    message
		memory bool
	}{
		"before an overlay is made":         {message{volCreate, call}, false},
		"when an overlay is made":           {message{volCreate, reply}, false},
		"when the guest is stopped":         {message{domainDestroy, reply}, false},
		"before the definition":             {message{domainDefine, call}, false},
		"when the definition is changed":    {message{domainDefine, reply}, false},
		"before the record":                 {message{snapshotCreate, call}, false},
		"when the record is changed":        {message{snapshotCreate, reply}, false},
		"when the guest is started":         {message{domainStart, reply}, false},
		"when an old overlay is removed":    {message{volDelete, reply}, false},
		"before its memory is read":         {message{domainRestore, call}, true},
		"when it continues from its memory": {message{domainRestore, reply}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, g := newStack(t), newCounting(t)
			a := g.snapshot("it", attrs{"memory": c.memory})
			g.write(1)
			g.host.virsh(t, "start", g.name)
			g.counts(3)
			s.apply(config{aSnapshot: a})
			then := g.last()
			g.host.virsh(t, "destroy", g.name)
			g.write(2)
			g.count()
			g.host.virsh(t, "start", g.name)
			g.counts(2)

			p := newProxy(t, g.host, once(c.cut, cutBefore))
			s.hosts[g.host.Name] = p.uri
			back := config{aSnapshot: a.with(attrs{"revert": "1"})}
			s.applyFails(back, "the connection was lost during the call")
			g.sound()
			s.hosts[g.host.Name] = g.host.URI
			heard := len(g.numbers())
			s.apply(back)
			s.settled()
			g.sound()
			expect(t, "state", g.state(), "running")
			g.counts(2)
			if is := g.numbers()[heard:]; !returns(is, then) {
				t.Errorf("the guest continues with %v, and the snapshot had about %d", is, then)
			}
			g.holds(1)
			s.destroy()
			expect(t, "what is left", g.files(), bare)
			g.holds(1)
		})
	}
}

func testRevertStartFails(t *testing.T) {
	t.Parallel()
	for name, memory := range map[string]bool{"from its disks": false, "from its memory": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, g := newStack(t), newCounting(t)
			a := g.snapshot("it", attrs{"memory": memory})
			g.host.virsh(t, "start", g.name)
			g.counts(2)
			s.apply(config{aSnapshot: a})
			then := g.last()
			g.counts(4)
			cdrom := g.host.path(g.dir + "/cdrom.iso")
			if err := os.Rename(cdrom, cdrom+".away"); err != nil {
				t.Fatal(err)
			}
			back := config{aSnapshot: a.with(attrs{"revert": "1"})}
			s.applyFails(back, `Unable to start the guest after reverting to domain snapshot "it"`, "cdrom.iso")
			expect(t, "state", g.state(), "shut off")
			g.sound()
			if err := os.Rename(cdrom+".away", cdrom); err != nil {
				t.Fatal(err)
			}
			heard := len(g.numbers())
			s.apply(back)
			s.settled()
			g.counts(2)
			if is := g.numbers()[heard:]; !returns(is, then) {
				t.Errorf("the guest continues with %v, and the snapshot had about %d", is, then)
			}
			s.destroy()
			expect(t, "what is left", g.files(), bare)
		})
	}
}

func testSnapshotDestroyBrokenOff(t *testing.T) {
	t.Parallel()
	s, g := newStack(t), newCounting(t)
	g.host.virsh(t, "start", g.name)
	g.counts(2)
	s.apply(config{aSnapshot: g.snapshot("it", attrs{"memory": true})})
	g.counts(2)
	p := newProxy(t, g.host, once(message{snapshotDelete, call}, cutBefore))
	s.hosts[g.host.Name] = p.uri
	s.write(s.last, nil)
	if o := s.run("destroy", "-auto-approve", "-json"); o.code == 0 {
		t.Error("destroyed without the host")
	}
	s.hosts[g.host.Name] = g.host.URI

	// The request did not arrive, so the frozen files are as they were.
	a := s.last[aSnapshot]
	s.plan(s.last)
	s.settled()
	if o := s.plan(config{aSnapshot: a.with(attrs{"revert": "1"})}); o.code != 2 {
		t.Errorf("a revert is refused, and nothing was merged: %s", o.errors())
	}

	// libvirt writes to the frozen files when it merges, and it is unknown how far the merge has come.
	now := time.Now()
	if err := os.Chtimes(g.host.path(g.dir+"/vda.img"), now, now); err != nil {
		t.Fatal(err)
	}
	s.planFails(config{aSnapshot: a.with(attrs{"revert": "1"})}, `'revert' is not possible for "it": its destruction was begun, and its frozen files may have changed since`)
	s.apply(config{aSnapshot: a.with(attrs{"description": "To be destroyed."})})
	s.settled()
	s.planFails(config{aSnapshot: a.with(attrs{"revert": "1"})}, "undo this change, and destroy the snapshot")
	s.write(config{aSnapshot: a}, nil)
	heard := len(g.numbers())
	s.destroy()
	g.counts(2)
	if is := g.numbers()[heard-1:]; !goesOn(is) {
		t.Errorf("the guest was disturbed: %v", is)
	}
	expect(t, "what is left", g.files(), bare)
}

// TestSnapshotExclusive runs its cases alone: what they break, they break for all tests.
func TestSnapshotExclusive(t *testing.T) {
	t.Run("snapshots outlive libvirtd", testSnapshotsLibvirtdRestart)
}

// testSnapshotsLibvirtdRestart is not parallel: other tests need the host.
func testSnapshotsLibvirtdRestart(t *testing.T) {
	s, g := newStack(t), newCounting(t)
	a := g.snapshot("it", attrs{"memory": true})
	g.host.virsh(t, "start", g.name)
	g.counts(2)
	s.apply(config{aSnapshot: a})
	then := g.last()
	kill(t, g.host)
	defer repair(t, theLab) // also if the test fails
	repair(t, theLab)
	s.plan(config{aSnapshot: a})
	s.settled()
	g.counts(4)
	heard := len(g.numbers())
	s.apply(config{aSnapshot: a.with(attrs{"revert": "1"})})
	g.counts(2)
	if is := g.numbers()[heard:]; !returns(is, then) {
		t.Errorf("the guest continues with %v, and its memory held about %d", is, then)
	}
	kill(t, g.host)
	repair(t, theLab)
	heard = len(g.numbers())
	s.destroy()
	g.counts(2)
	if is := g.numbers()[heard-1:]; !goesOn(is) {
		t.Errorf("the guest was disturbed: %v", is)
	}
	expect(t, "what is left", g.files(), bare)
}

func testSnapshotsElsewhere(t *testing.T) {
	t.Parallel()
	s, g := newStack(t), newCounting(t)
	c := config{aSnapshot: g.snapshot("it", nil)}
	s.apply(c)
	twin := fmt.Sprintf("<domain type='%s'><name>%s</name><uuid>%s</uuid><memory>32768</memory><os><type>hvm</type></os></domain>", theLab.Accelerator, g.name, g.host.virsh(t, "domuuid", g.name))
	beta().define(t, "create", twin)
	there := true
	end := func() {
		if there {
			beta().virsh(t, "destroy", g.name)
			there = false
		}
	}
	t.Cleanup(end)
	says := []string{g.name + " runs on beta", "two running copies would corrupt its disks"}
	s.applyFails(config{aSnapshot: c[aSnapshot].with(attrs{"revert": "1"})}, append(says, "It was not reverted on alpha")...)
	s.applyFails(config{aSnapshot: c[aSnapshot], "libvirt_domain_snapshot.other": g.snapshot("other", nil)}, append(says, "No snapshot was made of it on alpha")...)
	s.applyFails(config{}, append(says, "Its overlays were not merged on alpha")...)
	end()
	s.apply(c)
	s.settled()
}
