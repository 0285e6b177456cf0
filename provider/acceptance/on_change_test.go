//go:build acceptance

package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// pendingIs asserts what the state says after it was refreshed.
func (s *stack) pendingIs(want any) {
	s.t.Helper()
	if o := s.run("apply", "-refresh-only", "-auto-approve", "-json"); o.code != 0 {
		s.t.Fatal(o.errors())
	}
	if got := s.state(aDomain)["pending_restart"]; got != want {
		s.t.Errorf("pending_restart is %v, want %v", got, want)
	}
}

const (
	waits   = "\nThe change is defined now and in effect after the guest's next start; nothing is restarted."
	restart = "\nThe guest is asked to shut down, and its power is cut where it has not after 60 seconds; then it starts again with the changes."
)

func TestDomainChangeWaits(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), sectorGuest(t, alpha(), tallySector)
	name := a["name"].(string)
	s.apply(config{aDomain: a})
	s.pendingIs(nil)
	last := countsOn(t, a, 0)

	// live-only: not at all.
	agent := a.with(attrs{"guest_agent": true})
	s.planFails(config{aDomain: agent.with(attrs{"on_change": "live-only"})},
		name+` would need a restart for: guest_agent; on_change is "live-only"; set it to "defer" or "restart", or leave these as they are`)

	// defer: it waits, and is seen to.
	expect(t, "warning", s.plan(config{aDomain: agent}).warnings(), name+" keeps running as it is: guest_agent"+waits)
	s.shows(config{aDomain: agent}, `+ pending_restart = "guest_agent"`)
	s.apply(config{aDomain: agent})
	s.settled()
	s.pendingIs("guest_agent")
	graphics := agent.with(attrs{"graphics": attrs{"type": "vnc"}})
	s.shows(config{aDomain: graphics}, `~ pending_restart = "guest_agent" -> "graphics`)
	s.apply(config{aDomain: agent.with(attrs{"title": "live"})})
	s.pendingIs("guest_agent")
	last = countsOn(t, a, last)

	// What waits is taken back.
	s.apply(config{aDomain: a})
	s.settled()
	s.pendingIs(nil)

	// restart: a change of the policy alone finishes what waits.
	s.apply(config{aDomain: agent})
	restarting := config{aDomain: agent.with(attrs{"on_change": "restart"})}
	expect(t, "warning", s.plan(restarting).warnings(), name+" restarts: guest_agent"+restart)
	s.shows(restarting, `- pending_restart = "guest_agent" -> null`)
	_, boots := tally(t, a)
	expect(t, "boots until now", fmt.Sprint(boots), "1")
	countsOn(t, a, last)
	s.apply(restarting)
	s.settled()
	s.pendingIs(nil)
	countsOn(t, a, 0)
	_, boots = tally(t, a)
	expect(t, "boots", fmt.Sprint(boots), "2")

	again := config{aDomain: restarting[aDomain].with(attrs{"guest_agent": nil})}
	expect(t, "warning", s.plan(again).warnings(), name+" restarts: guest_agent"+restart)
	s.apply(again)
	s.settled()
	expect(t, "the channel that the guest has", at(alpha().xml(t, "dumpxml", name), "devices/channel?"), "false")
	s.destroy()
}

func TestDomainThatIsSavedKeepsWhatItWasSavedWith(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), sectorGuest(t, alpha(), tallySector).with(attrs{"on_change": "restart"})
	name := a["name"].(string)
	s.apply(config{aDomain: a})
	last := countsOn(t, a, 1)
	saved := a.with(attrs{"state": "saved"})
	s.apply(config{aDomain: saved})
	s.settled()

	second := filepath.Dir(diskOf(a)) + "/second.img"
	if err := os.WriteFile(alpha().path(second), bootSector, 0o600); err != nil {
		t.Fatal(err)
	}
	changed := saved.with(attrs{"guest_agent": true, "disks": a["disks"].(attrs).with(attrs{"vdb": attrs{"file": second, "format": "raw"}})})
	const both = `disks["vdb"], guest_agent`
	expect(t, "warning", s.plan(config{aDomain: changed}).warnings(), name+" keeps what it is saved with: "+both+"\n"+
		"The change is defined now and in effect after the guest's next start from its disks; resumed, it goes on as saved.")
	s.apply(config{aDomain: changed})
	isIn(t, a, "saved")
	s.settled()
	s.pendingIs(nil)

	resumed := changed.with(attrs{"state": "running", "on_change": "defer", "title": "resumed"})
	s.apply(config{aDomain: resumed})
	countsOn(t, a, last)
	expect(t, "the resumed domain's title", at(alpha().xml(t, "dumpxml", name), "title"), "resumed")
	s.settled()
	s.pendingIs(both)

	// Paused, it restarts to be paused again.
	paused := resumed.with(attrs{"state": "paused"})
	s.apply(config{aDomain: paused})
	restarting := config{aDomain: paused.with(attrs{"on_change": "restart"})}
	expect(t, "warning", s.plan(restarting).warnings(), name+" restarts: "+both+restart[:len(restart)-1]+", paused.")
	s.apply(restarting)
	isIn(t, a, "paused")
	s.settled()
	s.pendingIs(nil)
	s.destroy()
}

// Not parallel: it runs before the parallel tests, which need the host.
func TestDomainWaitsThroughARestartOfLibvirtd(t *testing.T) {
	s, a := newStack(t), domainAttrs(t, beta()).with(attrs{"cpu": attrs{"mode": "host-model"}, "graphics": attrs{"type": "vnc", "password": "sesame"}})
	s.apply(config{aDomain: a})
	s.pendingIs(nil)
	waiting := config{aDomain: a.with(attrs{"guest_agent": true})}
	s.apply(waiting)
	kill(t, beta())
	defer repair(t)
	repair(t)
	s.settled()
	s.pendingIs("guest_agent")
	s.destroy()
}
