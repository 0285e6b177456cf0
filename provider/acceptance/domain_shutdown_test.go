//go:build acceptance

package acceptance

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
)

// booted waits until the guest reacts to the power button.
func booted(t *testing.T, a attrs) {
	t.Helper()
	log := hostOf(a).path(a["serial"].(attrs)["log_file"].(string))
	eventually(t, "the guest to greet on its serial port", func() bool {
		text, err := os.ReadFile(log)
		return err == nil && strings.HasPrefix(string(text), greeting)
	})
}

// talkingGuest returns a guest that greets in a log.
func talkingGuest(t *testing.T) attrs {
	t.Helper()
	a := guestAttrs(t, alpha())
	disk := a["disks"].(attrs)["vda"].(attrs)["file"].(string)
	return a.with(attrs{"serial": attrs{"log_file": strings.TrimSuffix(disk, "guest.img") + "serial.log"}})
}

// lastShutdown returns why a domain is off, according to libvirt.
func lastShutdown(t *testing.T, a attrs) string {
	t.Helper()
	return hostOf(a).virsh(t, "domstate", a["name"].(string), "--reason")
}
func TestDomainShutdown(t *testing.T) {
	t.Parallel()
	t.Run("the guest is asked to shut down", testShutdownAsked)
	t.Run("a guest that does not react is powered off when its time is up", testShutdownForced)
	t.Run("a guest that does not shut down keeps running when on_timeout is fail", testShutdownFails)
}

func testShutdownAsked(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), talkingGuest(t).with(attrs{"shutdown": attrs{"timeout": int(hangLimit.Seconds())}})
	s.apply(config{aDomain: a})
	booted(t, a)

	stopped := config{aDomain: a.with(attrs{"state": "stopped"})}
	s.shows(stopped, `~ state = "running" -> "stopped"`, "0 to add, 1 to change, 0 to destroy")
	s.apply(stopped)
	expect(t, "state", lastShutdown(t, a), "shut off (shutdown)")
	s.settled()

	s.apply(config{aDomain: a})
	expect(t, "state", domainState(t, a), "running")
	booted(t, a)
	s.settled()
	began := time.Now()
	s.destroy()
	if took := time.Since(began); took > time.Duration(a["shutdown"].(attrs)["timeout"].(int))*time.Second {
		t.Errorf("destroying took %s: the guest's power was cut", took)
	}
	alpha().lacks(t, "dominfo", a["name"].(string))
}

func testShutdownForced(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), domainAttrs(t, alpha()).with(attrs{"shutdown": attrs{"timeout": 1}})
	s.apply(config{aDomain: a})
	began := time.Now()
	s.apply(config{aDomain: a.with(attrs{"state": "stopped"})})
	if took := time.Since(began); took < time.Second {
		t.Errorf("the guest had %s, not its whole second", took)
	}
	expect(t, "state", lastShutdown(t, a), "shut off (destroyed)")
	s.settled()
	s.apply(config{aDomain: a})
	s.destroy()
	alpha().lacks(t, "dominfo", a["name"].(string))
}

func testPendingListed(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), talkingGuest(t).with(attrs{"shutdown": attrs{"timeout": 0}, "title": "one"})
	name := a["name"].(string)
	s.apply(config{aDomain: a})
	id := alpha().virsh(t, "domid", name)

	live := config{aDomain: a.with(attrs{"title": "two", "description": "live", "autostart": true})}
	if o := s.plan(live); o.warnings() != "" {
		t.Errorf("a live change warns: %s", o.warnings())
	}
	s.apply(live)
	running := alpha().xml(t, "dumpxml", name)
	expect(t, "the running domain's title", at(running, "title"), "two")
	expect(t, "the running domain's description", at(running, "description"), "live")

	waiting := config{aDomain: a.with(attrs{"title": "two", "description": "live", "autostart": true, "memory": 65536, "vcpu": 2, "guest_agent": true})}
	expect(t, "warning", s.plan(waiting).warnings(), name+" keeps running as it is: vcpu, memory, guest_agent\n"+
		"The change is defined now and in effect after the guest's next start; nothing is restarted.")
	s.apply(waiting)
	s.settled()
	expect(t, "the memory that it runs with", at(alpha().xml(t, "dumpxml", name), "memory"), "32768")
	expect(t, "the memory that is defined", at(definition(t, a), "memory"), "65536")
	expect(t, "the run that it is", alpha().virsh(t, "domid", name), id)
}
func TestDomainMove(t *testing.T) {
	t.Parallel()
	t.Run("a stopped domain that another tool moved is found", testMovedOutside)
	t.Run("a running domain that another tool migrated is found", testMigratedOutside)
	t.Run("a domain stays in the state while a host that may have it does not answer", testMissingWhileHostSilent)
}

func testMovedOutside(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), domainAttrs(t, alpha()).with(attrs{"state": "stopped"})
	name := a["name"].(string)
	s.apply(config{aDomain: a})
	uuid := s.state(aDomain)["uuid"]

	moved := definition(t, a)
	alpha().virsh(t, "undefine", name)
	document := etree.NewDocument()
	document.SetRoot(moved)
	text, err := document.WriteToString()
	if err != nil {
		t.Fatal(err)
	}
	beta().define(t, "define", text)

	s.shows(config{aDomain: a}, `~ host = "beta" -> "alpha"`)
	there := config{aDomain: a.with(attrs{"host": beta().Name})}
	if o := s.plan(there); o.code != 0 {
		t.Errorf("it is where it is wanted, and still there is a change:\n%s", s.planned())
	}
	s.apply(there)
	if got := s.state(aDomain); got["host"] != "beta" || got["uuid"] != uuid || got["id"] != "beta/"+name {
		t.Errorf("the state has %v on %v with id %v", got["uuid"], got["host"], got["id"])
	}
	s.destroy()
	beta().lacks(t, "dominfo", name)
}

func testMigratedOutside(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), domainAttrs(t, alpha())
	name := a["name"].(string)
	s.apply(config{aDomain: a})
	alpha().virsh(t, "migrate", name, beta().TCPURI, "--live", "--p2p", "--persistent", "--undefinesource")

	there := config{aDomain: a.with(attrs{"host": beta().Name})}
	if o := s.plan(there); o.code != 0 {
		t.Errorf("it runs where it is wanted, and still there is a change:\n%s", s.planned())
	}
	s.apply(there)
	expect(t, "state", beta().virsh(t, "domstate", name), "running")
	s.destroy()
	beta().lacks(t, "dominfo", name)
}

func testMissingWhileHostSilent(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), domainAttrs(t, alpha()).with(attrs{"state": "stopped"})
	s.apply(config{aDomain: a})
	alpha().virsh(t, "undefine", a["name"].(string))
	s.hosts[beta().Name] = "qemu+unix:///system?socket=/nonexistent/libvirt-sock"
	before := s.state(aDomain)
	s.planFails(config{aDomain: a}, `Unable to look for domain "`+a["name"].(string)+`"`, "it is not on alpha any more, and may be on a host that can't be asked",
		"on beta (qemu+unix:///system?socket=/nonexistent/libvirt-sock)", "no such file or directory", "KVM_FLEET_ASSUME_DOWN=beta")
	expect(t, "the UUID in the state", s.state(aDomain)["uuid"].(string), before["uuid"].(string))
	s.env = []string{"KVM_FLEET_ASSUME_DOWN=beta"}
	s.shows(config{aDomain: a}, "1 to add, 0 to change, 0 to destroy")
	s.env = nil
	s.hosts[beta().Name] = beta().URI
	s.shows(config{aDomain: a}, "1 to add, 0 to change, 0 to destroy")
}
