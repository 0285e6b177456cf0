//go:build acceptance

package acceptance

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostmemory"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/room"
)

// TestRoomIsAskedFor holds the promise of README.md of that name.
func TestRoomIsAskedFor(t *testing.T) {
	t.Parallel()
	t.Run("what one plan moves to a host is counted together", testMovesCountedTogether)
	t.Run("what one plan creates, starts and grows is counted together", testChangesCountedTogether)
	t.Run("a start waits for a guest that stops in the same apply", testStartWaitsForStop)
	t.Run("an apply starts nothing that does not fit", testApplyRefuses)
	t.Run("a revert that starts a guest is counted", testRevertCounted)
	t.Run("huge pages are counted", testHugePagesCounted)
	t.Run("available memory is what the kernel says", testKernelsAvailable)
}

const (
	guestKiB = 64 << 10
	// roomKiB is the memory of a host for two such guests with what QEMU needs, but not for three.
	roomKiB = 300 << 10
)

// several returns guests without disks.
func several(t *testing.T, h *labHost, n int) config {
	t.Helper()
	c := config{}
	for i := range n {
		c[fmt.Sprintf("libvirt_domain.d%d", i)] = domainAttrs(t, h).with(attrs{"memory": guestKiB})
	}
	return c
}

// each returns a configuration with the same changes of each resource.
func (c config) each(changes attrs) config {
	changed := config{}
	for address, a := range c {
		changed[address] = a.with(changes)
	}
	return changed
}

// refusesTogether asserts that a plan is refused once, with the names of all guests.
func refusesTogether(t *testing.T, s *stack, c config, host string) {
	t.Helper()
	s.write(c, nil)
	told := s.run("plan", "-json").errors()
	if strings.Count(told, host+" has ") != 1 || !strings.Contains(told, " together; ") {
		t.Errorf("got %s", told)
	}
	for _, a := range c {
		if !strings.Contains(told, a["name"].(string)+" (64 MiB + ") {
			t.Errorf("%s is not named in: %s", a["name"], told)
		}
	}
}

func testMovesCountedTogether(t *testing.T) {
	t.Parallel()
	small := newSmallHost(t, beta(), roomKiB)
	s, c := newStack(t), several(t, alpha(), 3)
	s.apply(c)
	s.hosts["beta"] = small.uri
	moved := c.each(attrs{"host": "beta"})
	refusesTogether(t, s, moved, "beta")
	delete(moved, "libvirt_domain.d2")
	moved["libvirt_domain.d2"] = c["libvirt_domain.d2"]
	s.apply(moved)
	s.settled()
}

func testChangesCountedTogether(t *testing.T) {
	t.Parallel()
	small := newSmallHost(t, alpha(), roomKiB)
	s, c := newStack(t), several(t, alpha(), 3)
	s.hosts["alpha"] = small.uri
	refusesTogether(t, s, c, "alpha")
	off := c.each(attrs{"state": "stopped"})
	s.apply(off)
	refusesTogether(t, s, c, "alpha")
	// One at a time, as a host would do it that has used what is started.
	off["libvirt_domain.d0"] = c["libvirt_domain.d0"]
	s.apply(off)
	grown := config{"libvirt_domain.d0": c["libvirt_domain.d0"].with(attrs{"memory": roomKiB + guestKiB, "on_change": "restart"})}
	s.planFails(grown, "alpha has 298 MiB of memory available; this plan brings "+c["libvirt_domain.d0"]["name"].(string)+" (")
	s.write(off, nil) // what is left can be destroyed
}

func testStartWaitsForStop(t *testing.T) {
	t.Parallel()
	small := newSmallHost(t, alpha(), roomKiB)
	s, c := newStack(t), several(t, alpha(), 2)
	s.hosts["alpha"] = small.uri
	stays, comes := c["libvirt_domain.d0"], c["libvirt_domain.d1"]
	s.apply(config{aDomain: stays, "libvirt_domain.next": comes.with(attrs{"state": "stopped"})})
	small.free.Store(100 << 10)
	edit := small.edit
	small.mu.Lock()
	small.edit = func(m message, body []byte) {
		if m == (message{domainDestroy, reply}) {
			small.free.Store(roomKiB) // the guest has given its memory back
		}
		edit(m, body)
	}
	small.mu.Unlock()
	// Nothing that leaves is planned, so the start is refused.
	s.planFails(config{aDomain: stays, "libvirt_domain.next": comes}, "alpha has 98 MiB of memory available; this plan brings "+comes["name"].(string)+" (64 MiB + ")
	s.apply(config{aDomain: stays.with(attrs{"state": "stopped", "shutdown": attrs{"timeout": 3}}), "libvirt_domain.next": comes})
	s.settled()
	expect(t, "the guest that waited", alpha().virsh(t, "domstate", comes["name"].(string)), "running")
}

func testRevertCounted(t *testing.T) {
	t.Parallel()
	small := newSmallHost(t, alpha(), roomKiB)
	s, off := newStack(t), several(t, alpha(), 1).each(attrs{"state": "stopped"})
	s.hosts["alpha"] = small.uri
	g := newCounting(t)
	g.host.virsh(t, "start", g.name)
	g.counts(1)
	c := config{aSnapshot: g.snapshot("it", nil), aDomain: off["libvirt_domain.d0"]}
	s.apply(c)
	g.host.virsh(t, "destroy", g.name)
	// One guest fits, and does not fit together with the one that the revert starts.
	small.free.Store(150 << 10)
	on := config{aSnapshot: c[aSnapshot], aDomain: off["libvirt_domain.d0"].with(attrs{"state": "running"})}
	s.shows(on, "0 to add, 1 to change, 0 to destroy")
	on[aSnapshot] = c[aSnapshot].with(attrs{"revert": "1"})
	s.write(on, nil)
	told := s.run("plan", "-json").errors()
	for _, name := range []string{g.name + " (", on[aDomain]["name"].(string) + " (64 MiB + "} {
		if !strings.Contains(told, name) {
			t.Errorf("%s is not named in: %s", name, told)
		}
	}
	// An apply that does not fit changes nothing.
	on[aDomain] = off["libvirt_domain.d0"]
	s.write(on, nil)
	if o := s.run("plan", "-json", "-out=saved"); o.code != 0 {
		t.Fatal(o.errors())
	}
	small.free.Store(10 << 10)
	files := g.files()
	if o := s.run("apply", "-json", "saved"); !strings.Contains(o.errors(), "this plan brings "+g.name) {
		t.Errorf("got %s", o.errors())
	}
	expect(t, "the files", g.files(), files)
	expect(t, "state", g.state(), "shut off")
	small.free.Store(roomKiB)
	s.apply(on)
	expect(t, "state after the revert", g.state(), "running")
	s.destroy()
}

func testApplyRefuses(t *testing.T) {
	t.Parallel()
	small := newSmallHost(t, alpha(), roomKiB)
	s, c := newStack(t), several(t, alpha(), 1)
	s.hosts["alpha"] = small.uri
	s.write(c, nil)
	if o := s.run("plan", "-json", "-out=saved"); o.code != 0 {
		t.Fatal(o.errors())
	}
	small.free.Store(50 << 10)
	name := c["libvirt_domain.d0"]["name"].(string)
	o := s.run("apply", "-json", "saved")
	// Terraform plans each object again before it applies it.
	if want := "alpha has 48 MiB of memory available; this plan brings " + name; !strings.Contains(o.errors(), want) {
		t.Errorf("got %s, want %s", o.errors(), want)
	}
	alpha().lacks(t, "dominfo", name)
	if left := s.resources(); len(left) > 0 {
		t.Errorf("nothing was made, and the state has %v", left)
	}
}

func testHugePagesCounted(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), domainAttrs(t, alpha()).with(attrs{"memory_backing": attrs{"hugepages": true, "hugepage_size": 2048}, "memory": 4 << 20})
	says := " free in huge pages of 2 MiB; this plan brings " + a["name"].(string) + " (4 GiB); reserve more of them there (vm.nr_hugepages), or remove 'memory_backing.hugepages'"
	if mounts, err := os.ReadFile("/proc/mounts"); err != nil || !strings.Contains(string(mounts), " hugetlbfs ") {
		says = "hugetlbfs filesystem is not mounted" // libvirt itself refuses the domain then
	}
	s.planFails(config{aDomain: a}, says)
	locked := attrs{"memory_backing": attrs{"locked": true}, "memory": 64 << 10, "memtune": attrs{"hard_limit": 64 << 10}}
	s.planFails(config{aDomain: a.with(locked)}, "'hard_limit' must be at least ", "KiB with 'memory_backing.locked': 65536 KiB of the guest that are not in huge pages, and ", "got 65536; raise it")
	s.write(config{aDomain: a.with(attrs{"state": "stopped"})}, nil)
	if o := s.run("plan", "-json"); o.code != 0 {
		t.Errorf("a domain that does not start needs no pages: %s", o.errors())
	}
}

// testKernelsAvailable compares what is read through libvirt with the kernel's own number, also when a file in memory takes a part of it: libvirt
// counts such a file as cache.
func testKernelsAvailable(t *testing.T) {
	uri, err := conn.ParseURI(alpha().URI)
	if err != nil {
		t.Fatal(err)
	}
	host := conn.NewHost("alpha", uri)
	defer host.Close()
	total := meminfo(t, "MemTotal")
	near := func(when string) {
		t.Helper()
		before := meminfo(t, "MemAvailable")
		got, err := hostmemory.Read(context.Background(), host, room.Question{Needed: 2 * total})
		if err != nil {
			t.Fatal(err)
		}
		between := max(before, meminfo(t, "MemAvailable")) - min(before, meminfo(t, "MemAvailable")) // other tests use memory meanwhile
		t.Logf("%s: read %d MiB, the kernel says %d MiB", when, got.Available>>10, before>>10)
		if off := max(got.Available-before, before-got.Available); !got.Exact || off > between+total/50 {
			t.Errorf("%s: read %d KiB, the kernel says %d", when, got.Available, before)
		}
	}
	near("before")
	file := filepath.Join("/dev/shm", unique(t))
	defer func() { _ = os.Remove(file) }()
	if err := os.WriteFile(file, make([]byte, total<<10/16), 0o600); err != nil {
		t.Fatal(err)
	}
	near("with a file in memory")
}

// meminfo returns a field of /proc/meminfo, in KiB.
func meminfo(t *testing.T, field string) (kib int64) {
	t.Helper()
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Sscan(lineOf(string(text), field+":"), &kib); err != nil {
		t.Fatalf("%s: %v", field, err)
	}
	return kib
}
