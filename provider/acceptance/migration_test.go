//go:build acceptance

package acceptance

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// traveller is a guest that counts, and its way through the fleet.
type traveller struct {
	attrs
	pool string // of that name on both hosts
	dir  string

	counted string // what it has counted on the hosts that it has left, and on this one
	read    map[string]int
}

// newTraveller is a guest on alpha whose disk is a thin clone, in a pool that beta has too, of an image that both have.
func newTraveller(t *testing.T) *traveller {
	t.Helper()
	name, dir := unique(t), directory(t)
	for _, h := range theLab.Hosts {
		if err := os.MkdirAll(h.path(dir), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(h.path(dir)+"/base.img", bootSector, 0o600); err != nil {
			t.Fatal(err)
		}
		h.virsh(t, "pool-create-as", name, "dir", "--target", dir)
		t.Cleanup(func() { h.virsh(t, "pool-destroy", name) })
	}
	disk := name + ".qcow2"
	alpha().virsh(t, "vol-create-as", name, disk, "1M", "--format", "qcow2", "--backing-vol", dir+"/base.img", "--backing-vol-format", "raw")
	return &traveller{
		attrs: domainAttrs(t, alpha()).with(attrs{
			"name": name, "disks": attrs{"vda": attrs{"file": dir + "/" + disk}},
			"serial": attrs{"log_file": dir + "/serial.log", "log_append": true},
		}),
		pool: name, dir: dir, read: map[string]int{},
	}
}

func (g *traveller) name() string { return g.attrs["name"].(string) }

// on is its configuration for a host.
func (g *traveller) on(h *labHost) config {
	return config{aDomain: g.attrs.with(attrs{"host": h.Name})}
}

// more reads what it has counted on a host since this was asked last, once there is something.
func (g *traveller) more(t *testing.T, h *labHost) {
	t.Helper()
	var text string
	eventually(t, g.name()+" to count on "+h.Name, func() bool {
		raw, err := os.ReadFile(h.path(g.dir + "/serial.log"))
		text = string(raw)
		return err == nil && len(text) > g.read[h.Name]
	})
	g.counted += text[g.read[h.Name]:]
	g.read[h.Name] = len(text)
}

// uninterrupted asserts that it started once, and has left out no digit and counted none twice.
func (g *traveller) uninterrupted(t *testing.T) {
	t.Helper()
	digits, ok := strings.CutPrefix(g.counted, greeting)
	for i := range len(digits) {
		ok = ok && digits[i] == "0123456789"[i%10]
	}
	if !ok {
		t.Errorf("%s was interrupted; it counted %s", g.name(), g.counted)
	}
}

// runsOnlyOn asserts that one host runs it and has its disk, and that the other has nothing of it.
func (g *traveller) runsOnlyOn(t *testing.T, h, other *labHost) {
	t.Helper()
	expect(t, g.name()+" on "+h.Name, h.virsh(t, "domstate", g.name()), "running")
	expect(t, "persistent", info("dominfo", "Persistent")(t, g.attrs.with(attrs{"host": h.Name})), "yes")
	other.lacks(t, "dominfo", g.name())
	expect(t, "its disks on "+other.Name, other.files(t, g.dir), "base.img")
	expect(t, "its disks on "+h.Name, h.files(t, g.dir), "base.img "+g.name()+".qcow2")
}

// files are the images in a directory of a host.
func (h *labHost) files(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(h.path(dir))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if e.Name() != "serial.log" {
			names = append(names, e.Name())
		}
	}
	return strings.Join(names, " ")
}

// migrates has the guest moved, and holds it against what must be true then.
func (g *traveller) migrates(t *testing.T, s *stack, from, to *labHost) {
	t.Helper()
	g.more(t, from)
	s.apply(g.on(to))
	g.more(t, from)
	g.more(t, to)
	s.settled()
	g.runsOnlyOn(t, to, from)
}

func TestDomainMigratesLiveTenTimesInARow(t *testing.T) {
	t.Parallel()
	for how, peers := range map[string]bool{"from host to host": true, "through the provider": false} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			s, g := newStack(t), newTraveller(t)
			s.peers = peers
			s.apply(g.on(alpha()))
			uuid := s.state(aDomain)["uuid"]
			if o := s.plan(g.on(beta())); o.code != 2 || !strings.Contains(s.planned(), "0 to add, 1 to change, 0 to destroy") {
				t.Errorf("expected one change in place:\n%s", s.planned())
			} else {
				s.says(o.warnings(), []string{g.name() + " migrates live from alpha to beta\nThe guest goes on while it moves. Copied to pool \"" + g.pool + "\" of beta, and removed from alpha: vda."})
			}
			from, to := alpha(), beta()
			for range 10 {
				g.migrates(t, s, from, to)
				from, to = to, from
			}
			g.uninterrupted(t)
			expect(t, "its UUID", fmt.Sprint(s.state(aDomain)["uuid"]), fmt.Sprint(uuid))
			// Still a clone: the image is where it was, and only what was written is in the disk.
			backing := at(alpha().xml(t, "vol-dumpxml", "--pool", g.pool, g.name()+".qcow2"), "backingStore/path")
			expect(t, "what the disk stands on", backing, g.dir+"/base.img")
		})
	}
}

// once a line of the provider's log has said that the guest is on its way, do is called.
func (s *stack) meanwhile(g *traveller, to *labHost, do func()) outcome {
	s.t.Helper()
	s.write(g.on(to), nil)
	done := make(chan outcome, 1)
	go func() { done <- s.run("apply", "-auto-approve", "-json") }()
	eventually(s.t, "the migration to begin", func() bool {
		out, _ := alpha().try("domjobinfo", g.name())
		return strings.Contains(out, "Outgoing migration")
	})
	do()
	return <-done
}

// slow is a guest that takes a while to move.
func slow(t *testing.T, s *stack) *traveller {
	t.Helper()
	g := newTraveller(t)
	g.attrs = g.attrs.with(attrs{"migration": attrs{"bandwidth": 1}, "memory": 64 << 10})
	// What is to be copied of the disk: more than goes over in a few seconds.
	alpha().virsh(t, "vol-delete", "--pool", g.pool, g.name()+".qcow2")
	alpha().virsh(t, "vol-create-as", g.pool, g.name()+".qcow2", "24M", "--format", "qcow2", "--backing-vol", g.dir+"/base.img", "--backing-vol-format", "raw")
	alpha().inside(t, "qemu-io", "-f", "qcow2", "-c", "write -P 7 2M 20M", g.dir+"/"+g.name()+".qcow2")
	s.apply(g.on(alpha()))
	booted(t, g.attrs)
	return g
}

// goesOnFrom asserts that a failed attempt has changed nothing, and that the next one arrives.
func (g *traveller) goesOnFrom(t *testing.T, s *stack, failed outcome, says ...string) {
	t.Helper()
	if failed.code == 0 {
		t.Fatal("the migration was not to succeed")
	}
	s.says(failed.errors(), says)
	g.more(t, alpha())
	g.runsOnlyOn(t, alpha(), beta())
	g.attrs = g.attrs.with(attrs{"migration": nil})
	g.migrates(t, s, alpha(), beta())
	g.uninterrupted(t)
}

func TestMigrationThatTakesTooLongIsEnded(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.peers = true
	g := slow(t, s)
	g.attrs = g.attrs.with(attrs{"migration": attrs{"bandwidth": 1, "timeout": 2}})
	s.write(g.on(beta()), nil)
	g.goesOnFrom(t, s, s.run("apply", "-auto-approve", "-json"), "it had not arrived after 2s, and stays where it is; raise 'migration.timeout'")
}

func TestMigrationThatIsInterruptedIsTakenBack(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.peers = true
	g := slow(t, s)
	failed := s.meanwhile(g, beta(), func() { s.interrupt() })
	g.goesOnFrom(t, s, failed, "interrupted; it stays where it is")
}

// A migration from host to host does not need the provider any more once it has begun.
func TestMigrationGoesOnWithoutTheProvider(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.peers = true
	g := slow(t, s)
	g.attrs = g.attrs.with(attrs{"migration": attrs{"bandwidth": 8}})
	failed := s.meanwhile(g, beta(), func() { s.kill() })
	if failed.code == 0 {
		t.Fatal("terraform was killed, and reports a success")
	}
	s.apply(g.on(beta()))
	s.settled()
	g.more(t, alpha())
	g.more(t, beta())
	g.uninterrupted(t)
	beta().virsh(t, "dominfo", g.name())
	alpha().lacks(t, "dominfo", g.name())
}
