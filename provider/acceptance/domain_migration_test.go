//go:build acceptance

package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// traveller is a guest that counts while it moves between hosts.
type traveller struct {
	domain attrs
	volume attrs  // the volume of its disk
	disks  string // the directory of its disks on each host
	logs   string // the directory of its serial log on each host
	shared bool   // the hosts share the disks

	counted string // what it has counted on the hosts that it has left, and on this one
	read    map[string]int
}

// newTraveller returns a guest whose disk is a thin clone. Both hosts have its pool and the image that it is a clone of.
func newTraveller(t *testing.T) *traveller {
	t.Helper()
	g := traveller{logs: directory(t), disks: directory(t), read: map[string]int{}}
	name := unique(t)
	for _, h := range theLab.Hosts {
		h.guestImage(t, g.disks)
		h.virsh(t, "pool-create-as", name, "dir", "--target", g.disks)
		t.Cleanup(func() { h.virsh(t, "pool-destroy", name) })
	}
	return g.named(t, name)
}

// newTravellerUnderKVM returns a guest that always runs under KVM, whatever other guests of the lab use: its code is 16-bit.
func newTravellerUnderKVM(t *testing.T) *traveller {
	t.Helper()
	needsKVM(t)
	g := newTraveller(t)
	g.domain = g.domain.with(attrs{"type": "kvm"})
	return g
}

// newSharedTraveller returns a guest whose disk both hosts reach.
func newSharedTraveller(t *testing.T) *traveller {
	t.Helper()
	source := sharedPool(t)["source"].(attrs)
	g := traveller{logs: directory(t), disks: directory(t), shared: true, read: map[string]int{}}
	name := unique(t)
	for _, h := range theLab.Hosts {
		h.virsh(t, "pool-create-as", name, "netfs", "--build", "--target", g.disks, "--source-host", source["host"].(string), "--source-path", source["dir"].(string), "--source-format", "glusterfs")
		t.Cleanup(func() { h.virsh(t, "pool-destroy", name) })
	}
	alpha().virsh(t, "vol-create-as", name, "base.img", strconv.Itoa(len(bootSector)), "--format", "raw")
	t.Cleanup(func() { alpha().virsh(t, "vol-delete", "--pool", name, "base.img") })
	image := filepath.Join(t.TempDir(), "base.img")
	if err := os.WriteFile(image, bootSector, 0o600); err != nil {
		t.Fatal(err)
	}
	alpha().virsh(t, "vol-upload", "--pool", name, "base.img", image)
	return g.named(t, name)
}

func (g traveller) named(t *testing.T, name string) *traveller {
	t.Helper()
	for _, h := range theLab.Hosts {
		if err := os.MkdirAll(h.path(g.logs), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	g.volume = attrs{"pool": name, "name": name + ".qcow2", "backing_store": attrs{"path": g.disks + "/base.img", "format": "raw"}}
	g.domain = domainAttrs(t, alpha()).with(attrs{
		"name": name, "disks": attrs{"vda": attrs{"file": "${" + aVolume + ".path}"}},
		"serial": attrs{"log_file": g.logs + "/serial.log", "log_append": true},
	})
	return &g
}

// guestImage writes the boot sector to a directory of a host.
func (h *labHost) guestImage(t *testing.T, dir string) {
	t.Helper()
	err := os.MkdirAll(h.path(dir), 0o755)
	if err == nil {
		err = os.WriteFile(h.path(dir)+"/base.img", bootSector, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (g *traveller) name() string { return g.domain["name"].(string) }

// on returns the configuration with the guest on a host. A shared volume stays on the host through which it was created.
func (g *traveller) on(h *labHost) config {
	disks := h
	if g.shared {
		disks = alpha()
	}
	return config{aDomain: g.domain.with(attrs{"host": h.Name}), aVolume: g.volume.with(attrs{"host": disks.Name})}
}

// more waits for new output of the guest on a host, and adds it to counted.
func (g *traveller) more(t *testing.T, h *labHost) {
	t.Helper()
	var text string
	eventually(t, g.name()+" to count on "+h.Name, func() bool {
		raw, err := os.ReadFile(h.path(g.logs + "/serial.log"))
		text = string(raw)
		return err == nil && len(text) > g.read[h.Name]
	})
	g.counted += text[g.read[h.Name]:]
	g.read[h.Name] = len(text)
}

// uninterrupted asserts that the guest started once, and skipped or repeated no digit.
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

// runsOnlyOn asserts that one host runs the guest and has its disk, and that the other has neither.
func (g *traveller) runsOnlyOn(t *testing.T, h, other *labHost) {
	t.Helper()
	expect(t, g.name()+" on "+h.Name, h.virsh(t, "domstate", g.name()), "running")
	expect(t, "persistent", info("dominfo", "Persistent")(t, g.domain.with(attrs{"host": h.Name})), "yes")
	other.lacks(t, "dominfo", g.name())
	if !g.shared {
		expect(t, "its disks on "+other.Name, other.files(t, g.disks), "base.img")
		expect(t, "its disks on "+h.Name, h.files(t, g.disks), "base.img "+g.name()+".qcow2")
	}
}

// files returns the names of the files in a directory of a host.
func (h *labHost) files(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(h.path(dir))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}

// migrates moves the guest, and asserts that it runs on the new host only.
func (g *traveller) migrates(t *testing.T, s *stack, from, to *labHost) {
	t.Helper()
	g.more(t, from)
	s.apply(g.on(to))
	g.more(t, from)
	g.more(t, to)
	g.runsOnlyOn(t, to, from)
}

func TestDomainMigrationLive(t *testing.T) {
	t.Parallel()
	for how, c := range map[string]struct {
		peers  bool
		make   func(*testing.T) *traveller
		effect string
	}{
		"from host to host":         {true, newTraveller, "The guest keeps running while it moves. Copied to pool %q of beta, and removed from alpha: vda."},
		"through the provider":      {false, newTraveller, "The guest keeps running while it moves. Copied to pool %q of beta, and removed from alpha: vda."},
		"on storage that is shared": {true, newSharedTraveller, "The guest keeps running while it moves."},
		"on the processor itself":   {true, newTravellerUnderKVM, "The guest keeps running while it moves. Copied to pool %q of beta, and removed from alpha: vda."},
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			g, s := c.make(t), newStack(t)
			s.peers = c.peers
			s.apply(g.on(alpha()))
			uuid := s.state(aDomain)["uuid"]
			o := s.plan(g.on(beta()))
			s.says(s.planned(), []string{"0 to add, 1 to change, 0 to destroy"})
			effect, _, _ := strings.Cut(c.effect, "%q")
			s.says(o.warnings(), []string{g.name() + " migrates live from alpha to beta\n" + effect})
			from, to := alpha(), beta()
			for range 10 {
				g.migrates(t, s, from, to)
				from, to = to, from
			}
			s.settled()
			g.uninterrupted(t)
			expect(t, "its UUID", fmt.Sprint(s.state(aDomain)["uuid"]), fmt.Sprint(uuid))
			// The disk is still a clone: the image stayed where it was, and the disk holds only what was written.
			backing := at(alpha().xml(t, "vol-dumpxml", "--pool", g.name(), g.name()+".qcow2"), "backingStore/path")
			expect(t, "what the disk stands on", backing, g.disks+"/base.img")
			s.destroy()
		})
	}
}
