//go:build acceptance

package acceptance

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

const aSnapshot = "libvirt_domain_snapshot.it"

func testSnapshotCreated(t *testing.T) {
	t.Parallel()
	s, g := newStack(t), newCounting(t)
	a := g.snapshot("before", attrs{"description": "Before the change."})
	s.apply(config{aSnapshot: a})
	s.settled()

	xml := g.host.xml(t, "snapshot-dumpxml", g.name, "before")
	for where, want := range map[string]string{
		"description": "Before the change.", "state": "shutoff", "memory@snapshot": "no", "disks/disk[@name='vda']/source@file": g.dir + "/vda.before.qcow2",
		"disks/disk[@name='vdb']/source@file": g.dir + "/vdb.before.qcow2", "disks/disk[@name='sda']@snapshot": "no",
	} {
		expect(t, where, at(xml, where), want)
	}
	state := s.state(aSnapshot)
	for name, want := range map[string]any{"id": g.host.Name + "/" + g.name + "/before", "parent": "", "state": "stopped", "memory_file": "", "memory": false} {
		if state[name] != want {
			t.Errorf("%s: got %v, want %v", name, state[name], want)
		}
	}
	if made, err := time.Parse(time.RFC3339, state["created"].(string)); err != nil || time.Since(made) > time.Hour {
		t.Errorf("created %v: %v", state["created"], err)
	}
	vda := state["disks"].(map[string]any)["vda"].(map[string]any)
	expect(t, "what is frozen", vda["file"].(string), g.dir+"/vda.img")
	expect(t, "the overlay", vda["overlay"].(string), g.dir+"/vda.before.qcow2")
	s.importable()

	s.apply(config{aSnapshot: a.with(attrs{"description": "Another text."})})
	expect(t, "description", at(g.host.xml(t, "snapshot-dumpxml", g.name, "before"), "description"), "Another text.")
	s.settled()
	s.apply(config{aSnapshot: a.with(attrs{"description": nil})})
	s.settled()

	// The address that Terraform plans second is refused: the change of the first, or the creation of the other.
	s.applyFails(config{aSnapshot: a, "libvirt_domain_snapshot.same": a}, ` domain snapshot "before"`, "'name' must be unique, another resource of this plan also has domain snapshot")
	s.destroy()
	g.host.lacks(t, "snapshot-info", g.name, "before")
	expect(t, "what is left", g.files(), bare)
}
func TestSnapshotDrift(t *testing.T) {
	t.Parallel()
	t.Run("a snapshot deleted outside Terraform is created again", testSnapshotDeletedOutside)
}

func testSnapshotDeletedOutside(t *testing.T) {
	t.Parallel()
	s, g := newStack(t), newCounting(t)
	c := config{aSnapshot: g.snapshot("it", nil)}
	s.apply(c)
	g.host.virsh(t, "snapshot-delete", g.name, "it")
	s.shows(c, "1 to add, 0 to change, 0 to destroy")
	s.apply(c)
	s.settled()
}
func TestSnapshotRevert(t *testing.T) {
	t.Parallel()
	t.Run("to a stopped guest", testRevertStopped)
	t.Run("to a running guest", testRevertRunning)
	t.Run("to a guest with its memory", testRevertMemory)
	t.Run("to a paused guest", testRevertPaused)
}

func testRevertStopped(t *testing.T) {
	t.Parallel()
	s, g := newStack(t), newCounting(t)
	a := g.snapshot("old", nil)
	g.write(1)
	then := g.count()
	s.apply(config{aSnapshot: a})
	g.write(2)
	g.count()

	back := config{aSnapshot: a.with(attrs{"revert": "1"})}
	o := s.plan(back)
	s.says(o.warnings(), []string{g.name + ` reverts to snapshot "old" of 20`, ": data written since then is lost\n", "stays stopped, as it was at that time"})
	s.apply(back)
	s.settled()
	expect(t, "state", g.state(), "shut off")
	g.holds(1)
	g.host.virsh(t, "start", g.name)
	if is := g.counts(1)[0]; !follows(is, then) {
		t.Errorf("the guest continues from %d, and the snapshot had %d", is, then)
	}

	// The second revert is from a running guest: nothing was written to the frozen disks.
	s.apply(config{aSnapshot: a.with(attrs{"revert": "2"})})
	expect(t, "state", g.state(), "shut off")
	g.holds(1)
	expect(t, "the files", g.files(), "cdrom.iso vda.img vda.old.revert-2.qcow2 vdb.old.revert-2.qcow2 vdb.qcow2")

	// What is written now stays when the snapshot is destroyed.
	g.write(3)
	last := g.count()
	s.destroy()
	expect(t, "what is left", g.files(), bare)
	g.holds(3)
	g.host.virsh(t, "start", g.name)
	if is := g.counts(1)[0]; !follows(is, last) {
		t.Errorf("the guest continues from %d, and had got to %d", is, last)
	}
}

func testRevertRunning(t *testing.T) {
	t.Parallel()
	s, g := newStack(t), newCounting(t)
	a := g.snapshot("live", nil)
	g.host.virsh(t, "start", g.name)
	g.counts(3)
	s.apply(config{aSnapshot: a})
	then := g.last()
	s.settled()
	s.importable()
	expect(t, "its state", s.state(aSnapshot)["state"].(string), "running")
	g.counts(6)

	before := len(g.numbers())
	s.apply(config{aSnapshot: a.with(attrs{"revert": "1"})})
	s.settled()
	expect(t, "state", g.state(), "running")
	// The guest may already have counted on from there.
	eventually(t, "the guest to go back", func() bool {
		return slices.ContainsFunc(g.numbers()[before:], func(n int) bool { return n <= then+2 })
	})
	g.counts(3)

	heard := len(g.numbers())
	s.destroy()
	expect(t, "what is left", g.files(), bare)
	g.counts(2)
	if is := g.numbers()[heard-1:]; !goesOn(is) {
		t.Errorf("the guest was disturbed: %v", is)
	}
}

func testRevertMemory(t *testing.T) {
	t.Parallel()
	s, g := newStack(t), newCounting(t)
	a := g.snapshot("memory", attrs{"memory": true})
	s.applyFails(config{aSnapshot: a}, "'memory' requires a guest that is running or paused, and "+g.name+" is stopped", "Start the domain, or remove 'memory'.")
	g.host.virsh(t, "start", g.name)
	g.counts(3)
	id := g.host.virsh(t, "domid", g.name)
	s.apply(config{aSnapshot: a})
	then := g.last()
	s.settled()
	s.importable()
	expect(t, "the run that it is", g.host.virsh(t, "domid", g.name), id)
	g.counts(8)
	s.says(s.plan(config{aSnapshot: a.with(attrs{"revert": "1"})}).warnings(), []string{"continues from the saved memory"})
	for _, value := range []string{"1", "2"} {
		heard := len(g.numbers())
		s.apply(config{aSnapshot: a.with(attrs{"revert": value})})
		s.settled()
		expect(t, "state", g.state(), "running")
		g.counts(2)
		if is := g.numbers()[heard:]; !returns(is, then) {
			t.Errorf("the guest continues with %v, and its memory held about %d", is, then)
		}
	}
	// The disk matches the memory: the next start continues from the number that was written last.
	g.host.virsh(t, "destroy", g.name)
	last := g.last()
	g.host.virsh(t, "start", g.name)
	if is := g.counts(1)[0]; is < last || is > last+2 {
		t.Errorf("the disk held %d, and the guest had written %d", is-1, last)
	}
	g.counts(1)
	s.destroy()
	expect(t, "what is left", g.files(), bare)
	expect(t, "state", g.state(), "running")
	g.counts(2)
}

func testRevertPaused(t *testing.T) {
	t.Parallel()
	for name, more := range map[string]attrs{"disks": nil, "memory": {"memory": true, "directory": "its own"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, g := newStack(t), newCounting(t)
			a := g.snapshot("it", more)
			if more != nil {
				a["directory"] = g.dir + "-kept"
				if err := os.Mkdir(g.host.path(a["directory"].(string)), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			g.host.virsh(t, "start", g.name)
			g.counts(2)
			g.host.virsh(t, "suspend", g.name)
			s.apply(config{aSnapshot: a})
			s.settled()
			expect(t, "its state", s.state(aSnapshot)["state"].(string), "paused")
			if more != nil {
				s.importable()
			}
			g.host.virsh(t, "resume", g.name)
			g.counts(2)
			s.apply(config{aSnapshot: a.with(attrs{"revert": "back"})})
			expect(t, "state", g.state(), "paused")
			g.host.virsh(t, "resume", g.name)
			g.counts(2)
			s.destroy()
			expect(t, "what is left", g.files(), bare)
		})
	}
}
func TestSnapshotDestroy(t *testing.T) {
	t.Parallel()
	t.Run("snapshots of a chain are destroyed in any order", testSnapshotChain)
}

func testSnapshotChain(t *testing.T) {
	t.Parallel()
	for name, order := range map[string][]string{"the oldest first": {"one", "two", "three"}, "the newest first": {"three", "two", "one"}, "the middle first": {"two", "one", "three"}} {
		for _, runs := range []bool{true, false} {
			t.Run(name+map[bool]string{true: ", running", false: ", stopped"}[runs], func(t *testing.T) {
				t.Parallel()
				s, g := newStack(t), newCounting(t)
				c := config{}
				for i, name := range []string{"one", "two", "three"} {
					g.write(i + 1)
					g.count()
					c["libvirt_domain_snapshot."+name] = g.snapshot(name, nil)
					s.apply(c)
				}
				s.planFails(config{"libvirt_domain_snapshot.one": c["libvirt_domain_snapshot.one"].with(attrs{"revert": "1"}), "libvirt_domain_snapshot.two": c["libvirt_domain_snapshot.two"],
					"libvirt_domain_snapshot.three": c["libvirt_domain_snapshot.three"]}, `'revert' requires the latest snapshot, and after "one" there is`)
				g.write(4)
				last := g.count()
				heard := len(g.numbers())
				if runs {
					g.host.virsh(t, "start", g.name)
					g.counts(2)
				}
				for _, name := range order {
					delete(c, "libvirt_domain_snapshot."+name)
					s.apply(c)
					s.settled()
				}
				expect(t, "what is left", g.files(), bare)
				g.holds(4)
				if !runs {
					g.host.virsh(t, "start", g.name)
				}
				g.counts(1)
				if is := g.numbers()[heard:]; !follows(is[0], last) || !goesOn(is) {
					t.Errorf("the guest continues with %v, and had got to %d", is, last)
				}
			})
		}
	}
}

// goesOn reports whether the numbers have no gap.
func goesOn(numbers []int) bool {
	for i := 1; i < len(numbers); i++ {
		if numbers[i] != numbers[i-1]+1 {
			return false
		}
	}
	return true
}

// returns reports whether the numbers go back to about a given one, and continue from there.
func returns(numbers []int, to int) bool {
	for i := 1; i < len(numbers); i++ {
		if back := numbers[i]; back <= numbers[i-1] {
			return back <= to+1 && back >= to-3 && goesOn(numbers[i:])
		}
	}
	return len(numbers) > 0 && numbers[0] <= to+1 && numbers[0] >= to-3 && goesOn(numbers)
}

func testSnapshotNotRevertible(t *testing.T) {
	t.Parallel()
	s, g := newStack(t), newCounting(t)
	a := g.snapshot("it", nil)
	s.apply(config{aSnapshot: a})
	back := config{aSnapshot: a.with(attrs{"revert": "1"})}

	definition := g.host.virsh(t, "dumpxml", g.name, "--inactive")
	g.host.define(t, "define", strings.ReplaceAll(definition, g.dir+"/vdb.it.qcow2", g.dir+"/other.qcow2"))
	s.applyFails(back, `Unable to revert to domain snapshot "it"`, `disk "vdb" uses `+g.dir+"/other.qcow2, which does not depend on the frozen file of the snapshot, "+g.dir+"/vdb.qcow2")
	g.host.virsh(t, "detach-disk", g.name, "vdb", "--config")
	s.applyFails(back, `disk "vdb" is no longer in the domain; attach `+g.dir+"/vdb.it.qcow2 again")
	if o := s.run("destroy", "-auto-approve", "-json"); o.code == 0 {
		t.Error("destroyed a snapshot of which one disk can't be merged")
	} else {
		s.says(o.errors(), []string{`disk "vdb" is no longer in the domain, and ` + g.dir + "/vdb.it.qcow2 cannot be merged without it"})
	}
	g.host.define(t, "define", definition)

	g.host.virsh(t, "start", g.name)
	g.counts(1)
	g.host.virsh(t, "managedsave", g.name)
	s.applyFails(back, "the domain has a saved state (managed save)", "Start the domain")
	g.host.virsh(t, "managedsave-remove", g.name)
	s.apply(back)
	s.settled()
}
