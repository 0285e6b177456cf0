//go:build acceptance

package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// pendingIs refreshes the state and asserts the value of pending_restart.
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

func testOnChange(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), sectorGuest(t, alpha(), tallySector)
	name := a["name"].(string)
	s.apply(config{aDomain: a})
	s.pendingIs(nil)
	last := countsOn(t, a, 0)

	// live-only: the plan refuses the change.
	agent := a.with(attrs{"guest_agent": true})
	s.planFails(config{aDomain: agent.with(attrs{"on_change": "live-only"})},
		name+` would need a restart for: guest_agent; on_change is "live-only"; set it to "defer" or "restart", or leave these as they are`)

	// defer: the change waits, and later plans still show it.
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

	// The waiting change is reverted.
	s.apply(config{aDomain: a})
	s.settled()
	s.pendingIs(nil)

	// restart: a change of the policy alone completes the waiting change.
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
	eventually(t, "the guest to boot again", func() bool {
		_, boots = tally(t, a)
		return boots > 1
	})
	expect(t, "boots", fmt.Sprint(boots), "2")
	countsOn(t, a, 0)

	again := config{aDomain: restarting[aDomain].with(attrs{"guest_agent": nil})}
	expect(t, "warning", s.plan(again).warnings(), name+" restarts: guest_agent"+restart)
	s.apply(again)
	s.settled()
	expect(t, "the channel that the guest has", at(alpha().xml(t, "dumpxml", name), "devices/channel?"), "false")
	s.destroy()
}

func testPendingSaved(t *testing.T) {
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
		"The change is defined now and in effect after the guest's next start from its disks; a resumed guest continues as it was saved.")
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

	// A paused guest restarts and is paused again.
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

// TestDomainPendingExclusive runs its cases alone: what they break, they break for all tests.
func TestDomainPendingExclusive(t *testing.T) {
	t.Run("pending changes outlive a restart of libvirtd", testPendingLibvirtdRestart)
}

// testPendingLibvirtdRestart is not parallel: it runs before the parallel tests, which need the host.
func testPendingLibvirtdRestart(t *testing.T) {
	s, a := newStack(t), domainAttrs(t, beta()).with(attrs{"cpu": attrs{"mode": "host-model"}, "graphics": attrs{"type": "vnc", "password": "sesame", "password_version": 1}})
	s.apply(config{aDomain: a})
	s.pendingIs(nil)
	waiting := config{aDomain: a.with(attrs{"guest_agent": true})}
	s.apply(waiting)
	kill(t, beta())
	defer repair(t, theLab)
	repair(t, theLab)
	s.settled()
	s.pendingIs("guest_agent")
	s.destroy()
}

// testPendingNone asserts that differences between libvirt's view of a running domain and its definition do not count as pending changes.
// Otherwise, a guest with on_change "restart" would restart for no reason, again and again.
func testPendingNone(t *testing.T) {
	t.Parallel()
	lan := alpha().network(t)
	disk := func() attrs { return attrs{"file": alpha().guestDisk(t), "format": "raw"} }
	base := func(a attrs) attrs {
		return domainAttrs(t, alpha()).with(attrs{"state": "paused", "on_change": "restart"}).with(a)
	}
	c := config{
		"libvirt_domain.least": base(nil),
		"libvirt_domain.devices": base(attrs{"disks": attrs{
			"vda": disk().with(attrs{"cache": "writeback", "iotune": attrs{"total_iops_sec": 1000}}), "sda": disk().with(attrs{"bus": "sata", "device": "cdrom"}),
			"sdb": attrs{"bus": "sata", "device": "cdrom"}, "sdc": disk().with(attrs{"bus": "scsi"}), "sdd": disk().with(attrs{"bus": "usb"}),
		}, "interfaces": attrs{
			"lan": attrs{"network": lan, "link": "down", "filter": "clean-traffic"},
			"wan": attrs{"network": lan, "model": "e1000e"},
		}, "serial": attrs{"log_file": directory(t) + "-serial.log"}, "guest_agent": true, "graphics": attrs{"type": "vnc", "password": "sesame", "password_version": 1}}),
		"libvirt_domain.limits": base(attrs{"vcpu": 2, "memory": 65536, "maximum": attrs{"vcpu": 4, "memory": 131072, "memory_slots": 2, "memory_with_devices": 1 << 20},
			"memory_devices": attrs{"first": attrs{"size": 131072}}, "cputune": attrs{"shares": 512, "period": 50000, "quota": 25000, "emulatorpin": "0", "vcpupin": attrs{"0": attrs{"cpuset": "0"}}},
			"memtune": attrs{"soft_limit": 4 << 20}, "blkiotune": attrs{"weight": 200}, "graphics": attrs{"type": "vnc", "listen": "0.0.0.0", "port": 5999}}),
		"libvirt_domain.model":    base(attrs{"cpu": attrs{"mode": "custom", "model": "Nehalem"}, "machine": "pc", "disks": attrs{"hda": disk().with(attrs{"bus": "ide"})}}),
		"libvirt_domain.maximum":  base(attrs{"cpu": attrs{"mode": "maximum"}, "title": "one", "description": "One.", "metadata": attrs{"urn:note": attrs{"prefix": "own", "xml": "<note>1</note>"}}}),
		"libvirt_domain.firmware": base(attrs{"cpu": attrs{"mode": "host-model"}, "type": "qemu", "firmware": "efi", "memory": 65536}),
	}
	s := newStack(t)
	s.apply(c)
	if o := s.plan(c); o.code != 0 || o.warnings() != "" {
		t.Errorf("there is something to do: %s\n%s", o.warnings(), s.planned())
	}
	if o := s.run("apply", "-refresh-only", "-auto-approve", "-json"); o.code != 0 {
		t.Fatal(o.errors())
	}
	for address, a := range s.resources() {
		if a["pending_restart"] != nil {
			t.Errorf("%s: %v", address, a["pending_restart"])
		}
	}
}
