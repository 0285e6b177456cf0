//go:build acceptance

package acceptance

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/beevik/etree"
)

// hasMemory reports whether a guest in this state has memory to continue from.
func hasMemory(state string) bool { return state != "stopped" }

// shownAs maps each state to what virsh shows. A saved domain is shut off and has a save image.
var shownAs = map[string]string{"running": "running", "paused": "paused", "saved": "shut off", "stopped": "shut off"}

func isIn(t *testing.T, a attrs, state string) {
	t.Helper()
	name := a["name"].(string)
	expect(t, name, domainState(t, a), shownAs[state])
	_, err := os.Stat(saveImage(a))
	expect(t, name+" has a save image", fmt.Sprint(err == nil), fmt.Sprint(state == "saved"))
}

func saveImage(a attrs) string {
	return hostOf(a).path("/var/lib/libvirt/qemu/save/" + a["name"].(string) + ".save")
}
func TestDomainRunState(t *testing.T) {
	t.Parallel()
	t.Run("a domain changes from each run state to each other", testRunStateTransitions)
	t.Run("a domain is created in each run state", testRunStateCreated)
	t.Run("saved memory is discarded only when configured", testSavedMemoryKept)
	t.Run("a damaged save image is kept", testDamagedSaveImage)
	t.Run("a crashed domain is not taken for a stopped one", testCrashed)
	t.Run("a guest that suspended itself is woken up", testSuspendedByGuest)
	t.Run("a domain is never started twice", testStartedOnce)
	t.Run("a domain with snapshots is not destroyed", testDestroyWithSnapshots)
}

func testRunStateTransitions(t *testing.T) {
	t.Parallel()
	states := slices.Sorted(maps.Keys(shownAs))
	type pair struct{ from, to string }
	guests := map[pair]attrs{}
	all := func(state func(pair) string) config {
		c := config{}
		for p, a := range guests {
			c["libvirt_domain."+p.from+"-"+p.to] = a.with(attrs{"state": state(p)})
		}
		return c
	}
	for _, from := range states {
		for _, to := range states {
			if from != to {
				guests[pair{from, to}] = sectorGuest(t, alpha(), tallySector)
			}
		}
	}
	s := newStack(t)
	s.apply(all(func(pair) string { return "running" }))
	for _, a := range guests {
		countsOn(t, a, 2)
	}
	s.apply(all(func(p pair) string { return p.from }))
	s.settled()
	counted := map[pair]int{}
	for p, a := range guests {
		isIn(t, a, p.from)
		numbers, _ := tally(t, a)
		counted[p] = len(numbers)
	}
	target := all(func(p pair) string { return p.to })
	s.shows(target, `~ state = "saved" -> "paused"`, `~ state = "paused" -> "stopped"`, "0 to add, 12 to change, 0 to destroy")
	s.apply(target)
	s.settled()
	for p, a := range guests {
		isIn(t, a, p.to)
		_, boots := tally(t, a)
		switch {
		case p.to == "running" && hasMemory(p.from):
			countsOn(t, a, counted[p]+2)
			expect(t, a["name"].(string)+" has booted", fmt.Sprint(boots), "1")
		case p.to == "running":
			countsOn(t, a, 2)
			_, boots = tally(t, a)
			expect(t, a["name"].(string)+" has booted", fmt.Sprint(boots), "2")
		case p.to == "stopped":
			expect(t, a["name"].(string), lastShutdown(t, a), "shut off (shutdown)")
		default:
			expect(t, a["name"].(string)+" has booted", fmt.Sprint(boots), "1")
		}
	}
	s.apply(all(func(pair) string { return "running" }))
	for p, a := range guests {
		if hasMemory(p.from) && hasMemory(p.to) {
			countsOn(t, a, counted[p]+2)
		}
		isIn(t, a, "running")
	}
	s.destroy()
}

func testRunStateCreated(t *testing.T) {
	t.Parallel()
	c := config{}
	for state := range shownAs {
		c["libvirt_domain."+state] = domainAttrs(t, alpha()).with(attrs{"state": state})
	}
	s := newStack(t)
	s.apply(c)
	s.settled()
	for _, a := range c {
		isIn(t, a, a["state"].(string))
	}
	s.importable("shutdown")
	s.destroy()
	for _, a := range c {
		alpha().lacks(t, "dominfo", a["name"].(string))
		if _, err := os.Stat(saveImage(a)); err == nil {
			t.Errorf("the save image of %s outlived it", a["name"])
		}
	}
}

func testSavedMemoryKept(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), domainAttrs(t, alpha()).with(attrs{"state": "saved"})
	s.apply(config{aDomain: a})
	stopped := config{aDomain: a.with(attrs{"state": "stopped"})}
	expect(t, "warning", s.plan(stopped).warnings(), a["name"].(string)+" loses its saved memory\n"+
		"shutdown.timeout is 0: its save image is discarded, and the guest never shut down.")
	s.apply(stopped)
	isIn(t, a, "stopped")
	s.settled()
}

func testDamagedSaveImage(t *testing.T) {
	t.Parallel()
	damages := map[string]struct {
		damage func(image string) error
		says   string
	}{
		// libvirt 9.0 would discard the first two without an error, and boot.
		"short":      {func(image string) error { return os.Truncate(image, 10) }, "failed to read qemu header"},
		"incomplete": {func(image string) error { return overwrite(image, "LibvirtQemudPart") }, "save image is incomplete"},
		"foreign":    {func(image string) error { return overwrite(image, "NotLibvirtsAtAll") }, "image magic is incorrect"},
		"cut off":    {func(image string) error { return os.Truncate(image, 200_000) }, "load of migration failed"},
	}
	c, guests := config{}, map[string]attrs{}
	for name := range damages {
		guests[name] = domainAttrs(t, alpha())
		c["libvirt_domain."+strings.ReplaceAll(name, " ", "-")] = guests[name]
	}
	with := func(state string) config {
		changed := config{}
		for address, a := range c {
			changed[address] = a.with(attrs{"state": state})
		}
		return changed
	}
	s := newStack(t)
	s.apply(with("saved"))
	for name, d := range damages {
		if err := d.damage(saveImage(guests[name])); err != nil {
			t.Fatal(err)
		}
	}
	var says []string
	for name, d := range damages {
		domain := guests[name]["name"].(string)
		says = append(says, d.says, `Unable to resume domain "`+domain+`"`, "(virsh managedsave-remove "+domain+")")
	}
	s.applyFails(with("running"), append(says, "The domain was not started, and its save image is kept.")...)
	for _, a := range guests {
		isIn(t, a, "saved")
		alpha().virsh(t, "managedsave-remove", a["name"].(string))
	}
	s.apply(with("running"))
	s.settled()
}

func overwrite(file, with string) error {
	f, err := os.OpenFile(file, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if _, err := f.WriteString(with); err != nil {
		return err
	}
	return f.Close()
}

func testShutdownFails(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), domainAttrs(t, alpha()).with(attrs{"shutdown": attrs{"timeout": 1, "mode": "acpi", "on_timeout": "fail"}})
	name := a["name"].(string)
	s.apply(config{aDomain: a})
	stopped := a.with(attrs{"state": "stopped"})
	s.applyFails(config{aDomain: stopped}, `Unable to stop domain "`+name+`"`,
		"on alpha: the guest was asked to shut down by its power button and has not within 1 second; it still runs", "(virsh console "+name+")")
	expect(t, "state", domainState(t, a), "running")

	agent := stopped.with(attrs{"shutdown": attrs{"timeout": 1, "mode": "agent", "on_timeout": "fail"}})
	s.applyFails(config{aDomain: agent}, "was asked to shut down by its guest agent", "the last answer was", "agent is not configured")
	s.apply(config{aDomain: stopped.with(attrs{"shutdown": attrs{"timeout": 1}})})
	expect(t, "state", lastShutdown(t, a), "shut off (destroyed)")
	s.settled()
}

func testCrashed(t *testing.T) {
	t.Parallel()
	preserved, lost := sectorGuest(t, alpha(), panicSector).with(attrs{"state": "stopped"}), sectorGuest(t, alpha(), tallySector)
	c := config{"libvirt_domain.preserved": preserved, "libvirt_domain.lost": lost}
	s := newStack(t)
	s.apply(c)
	booted(t, lost)

	// This keeps a crashed guest for inspection.
	root := definition(t, preserved)
	root.SelectElement("on_crash").SetText("preserve")
	root.SelectElement("devices").CreateElement("panic").CreateAttr("model", "isa")
	document := etree.NewDocument()
	document.SetRoot(root)
	text, err := document.WriteToString()
	if err != nil {
		t.Fatal(err)
	}
	alpha().define(t, "define", text)
	name := preserved["name"].(string)
	alpha().virsh(t, "start", name)
	eventually(t, "the guest to crash", func() bool { return domainState(t, preserved) == "crashed" })
	power(t, lost)

	s.shows(c, `~ state = "crashed" -> "stopped"`, `~ state = "crashed" -> "running"`, "0 to add, 2 to change, 0 to destroy")
	s.says(s.plan(c).warnings(), []string{lost["name"].(string) + " crashed, and starts anew from its disks\n" +
		"Where its memory was kept for inspection it is lost; dump it before (virsh dump --memory-only)."})
	s.apply(c)
	s.settled()
	expect(t, "the one that was kept", domainState(t, preserved), "shut off")
	expect(t, "the one that was not", domainState(t, lost), "running")

	alpha().virsh(t, "start", name)
	eventually(t, "the guest to crash again", func() bool { return domainState(t, preserved) == "crashed" })
	reprogram(t, preserved, tallySector)
	c["libvirt_domain.preserved"] = preserved.with(attrs{"state": "paused"})
	power(t, lost)
	c["libvirt_domain.lost"] = lost.with(attrs{"state": "stopped"})
	s.apply(c)
	s.settled()
	expect(t, "the one that was kept", domainState(t, preserved), "paused")
	expect(t, "the one that is to be off", lastShutdown(t, lost), "shut off (crashed)")
}

func testSuspendedByGuest(t *testing.T) {
	t.Parallel()
	awake, off := sectorGuest(t, alpha(), suspendSector), sectorGuest(t, alpha(), suspendSector)
	c := config{"libvirt_domain.awake": awake, "libvirt_domain.off": off}
	s := newStack(t)
	s.apply(c)
	for _, a := range c {
		eventually(t, "the guest to suspend itself", func() bool { return domainState(t, a) == "pmsuspended" })
		reprogram(t, a, tallySector)
	}
	c["libvirt_domain.off"] = off.with(attrs{"state": "stopped"})
	s.shows(c, `~ state = "suspended" -> "running"`, `~ state = "suspended" -> "stopped"`)
	s.apply(c)
	countsOn(t, awake, 1)
	expect(t, "the one that is to be off", lastShutdown(t, off), "shut off (shutdown)")
	s.settled()
}

// power kills QEMU, as a power cut would, and waits until libvirt notices.
func power(t *testing.T, a attrs) {
	t.Helper()
	socket := strings.TrimPrefix(hostOf(a).URI, "qemu+unix:///system?socket=")
	text, err := os.ReadFile(filepath.Join(filepath.Dir(socket), "qemu", a["name"].(string)+".pid"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err == nil {
		err = syscall.Kill(pid, syscall.SIGKILL)
	}
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "libvirt to notice", func() bool { return domainState(t, a) == "shut off" })
}

func testStartedOnce(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), domainAttrs(t, alpha()).with(attrs{"state": "stopped"})
	name := a["name"].(string)
	s.apply(config{aDomain: a})
	document := etree.NewDocument()
	document.SetRoot(definition(t, a))
	text, err := document.WriteToString()
	if err != nil {
		t.Fatal(err)
	}
	beta().define(t, "define", text)
	t.Cleanup(func() { beta().virsh(t, "undefine", name) })
	beta().virsh(t, "start", name)

	running := config{aDomain: a.with(attrs{"state": "running"})}
	s.applyFails(running, `Unable to start domain "`+name+`"`, name+" runs on beta", `Shut the other one down first, or set 'host' to "beta".`)
	beta().virsh(t, "destroy", name)

	s.hosts[beta().Name] = "qemu+unix:///system?socket=/nonexistent/libvirt-sock"
	s.applyFails(running, name+" may be running on beta, which can't be reached", "no such file or directory", "KVM_FLEET_ASSUME_DOWN=beta")
	expect(t, "state", domainState(t, a), "shut off")
	other := domainAttrs(t, alpha())
	s.apply(config{aDomain: a, "libvirt_domain.new": other}) // a new domain, whose UUID no other domain has
	expect(t, "a new one", domainState(t, other), "running")

	s.env = []string{"KVM_FLEET_ASSUME_DOWN=gamma, beta"}
	s.apply(running)
	expect(t, "state", domainState(t, a), "running")

	// A domain with a UUID that the user chose may exist on any host.
	s.env = nil
	own := domainAttrs(t, alpha()).with(attrs{"uuid": "5b1c5a0e-6a55-4c0c-9a55-6f9d2d0c7e11"})
	s.applyFails(config{aDomain: running[aDomain], "libvirt_domain.own": own}, own["name"].(string)+" may be running on beta, which can't be reached")
}

func testDestroyWithSnapshots(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), guestAttrs(t, alpha()).with(attrs{"state": "stopped"})
	name := a["name"].(string)
	s.apply(config{aDomain: a})
	for _, snapshot := range []string{"nightly", "before-upgrade"} {
		alpha().virsh(t, "snapshot-create-as", name, snapshot, "--disk-only")
	}
	s.write(config{aDomain: a}, nil)
	o := s.run("destroy", "-auto-approve", "-json")
	s.says(o.errors(), []string{`Unable to destroy domain "` + name + `"`, "on alpha: it has snapshots that are not managed here: before-upgrade, nightly", "virsh snapshot-delete " + name})
	alpha().virsh(t, "dominfo", name)
	for _, snapshot := range []string{"nightly", "before-upgrade"} {
		alpha().virsh(t, "snapshot-delete", name, snapshot, "--metadata")
	}
	s.destroy()
	alpha().lacks(t, "dominfo", name)
}
