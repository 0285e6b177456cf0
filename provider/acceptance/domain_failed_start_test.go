//go:build acceptance

package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDomainTakenBack asserts that a change can be taken back, whatever came of it.
func TestDomainTakenBack(t *testing.T) {
	t.Parallel()
	t.Run("after a failed start the guest runs as before", testFailedStart)
	t.Run("a deferred change with which QEMU does not start leaves the guest as it ran", testFailedPendingStart)
	t.Run("a domain that was off stays off", testFailedStartOfStopped)
	t.Run("a deferred change that is taken back costs nothing", testDeferredTakenBack)
	t.Run("what an older state does not have is shown and removed", testOlderState)
	t.Run("a restart that is interrupted or killed is taken back", testRestartCutOff)
}

// commandLine passes an argument to QEMU that libvirt does not check.
func commandLine(args ...string) attrs {
	var b strings.Builder
	for _, arg := range args {
		fmt.Fprintf(&b, `<arg value="%s" xmlns="http://libvirt.org/schemas/domain/qemu/1.0"/>`, arg)
	}
	return attrs{"xml": attrs{"own": element("", `<commandline xmlns="http://libvirt.org/schemas/domain/qemu/1.0">`+b.String()+`</commandline>`)}}
}

// unstartable are changes that libvirt defines and QEMU, or libvirt at the start, refuses.
func unstartable(a attrs) map[string]attrs {
	disk := a["disks"].(attrs)
	return map[string]attrs{
		"huge pages that are not there":    {"memory_backing": attrs{"hugepages": true, "hugepage_size": 1 << 20}, "memory": 1 << 20},
		"a device model that QEMU lacks":   commandLine("-device", "no-such-device"),
		"a machine option that QEMU lacks": commandLine("-machine", "no-such-option=on"),
		"a firmware file that is missing":  {"xml": attrs{"own": element("", `<sysinfo type="fwcfg"><entry name="opt/org.test/a" file="/none/a"/></sysinfo>`)}},
		"a kernel that is missing":         {"kernel": "/none/vmlinuz"},
		"a disk that is missing":           {"disks": disk.with(attrs{"sdb": attrs{"file": "/none/b.img", "format": "raw", "bus": "sata"}})},
		"a log that cannot be written":     {"serial": attrs{"log_file": "/none/serial.log"}},
	}
}

func testFailedStart(t *testing.T) {
	t.Parallel()
	for what := range unstartable(attrs{"disks": attrs{}}) {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			suffers(t, "start refused", what)
			s, a := newStack(t), sectorGuest(t, alpha(), tallySector).with(attrs{"on_change": "restart"})
			name := a["name"].(string)
			s.apply(config{aDomain: a})
			last := countsOn(t, a, 0)
			before := alpha().virsh(t, "dumpxml", "--inactive", name)

			s.applyFails(config{aDomain: a.with(unstartable(a)[what]).with(attrs{"title": "changed"})})
			expect(t, "state", domainState(t, a), "running")
			if _, boots := tally(t, a); boots == 1 {
				countsOn(t, a, last)
			} else {
				countsOn(t, a, 0)
			}
			expect(t, "the definition", alpha().virsh(t, "dumpxml", "--inactive", name), before)

			if o := s.plan(config{aDomain: a}); o.code != 0 {
				t.Errorf("taking the change back is a change:\n%s%s", o.errors(), s.planned())
			}
			s.apply(config{aDomain: a.with(attrs{"title": "next"})})
			s.settled()
			s.destroy()
		})
	}
}

func testFailedPendingStart(t *testing.T) {
	t.Parallel()
	suffers(t, "start refused", "a change that waited")
	s, a := newStack(t), sectorGuest(t, alpha(), tallySector)
	name := a["name"].(string)
	s.apply(config{aDomain: a})
	countsOn(t, a, 0)
	waiting := a.with(commandLine("-machine", "no-such-option=on"))
	s.apply(config{aDomain: waiting})
	s.pendingIs(`xml["own"]`)

	s.applyFails(config{aDomain: waiting.with(attrs{"on_change": "restart", "description": "restarts"})}, `Unable to start domain "`+name+`"`, "no-such-option",
		"The former definition was put back, and the guest was started again as it ran before.")
	expect(t, "state", domainState(t, a), "running")
	boots := 0
	eventually(t, "the guest to boot again", func() bool {
		_, boots = tally(t, a)
		return boots == 2
	})
	last := countsOn(t, a, 0)
	s.pendingIs(`xml["own"]`)
	s.apply(config{aDomain: a.with(attrs{"on_change": "restart"})})
	s.settled()
	s.pendingIs(nil)
	countsOn(t, a, last)
	if _, now := tally(t, a); now != boots {
		t.Errorf("the guest booted %d times, and %d times before the change was taken back", now, boots)
	}
	s.destroy()
	alpha().lacks(t, "dominfo", name)
}

func testFailedStartOfStopped(t *testing.T) {
	t.Parallel()
	suffers(t, "start refused", "a domain that was off")
	s, a := newStack(t), sectorGuest(t, alpha(), tallySector)
	name := a["name"].(string)
	off := a.with(attrs{"state": "stopped"})
	s.apply(config{aDomain: off})
	before := alpha().virsh(t, "dumpxml", "--inactive", name)
	s.applyFails(config{aDomain: a.with(commandLine("-device", "no-such-device"))}, `Unable to start domain "`+name+`"`, "no-such-device",
		"The former definition was put back, and the domain is stopped, as before.")
	expect(t, "the definition", alpha().virsh(t, "dumpxml", "--inactive", name), before)
	if o := s.plan(config{aDomain: off}); o.code != 0 {
		t.Errorf("taking the change back is a change:\n%s%s", o.errors(), s.planned())
	}
	s.apply(config{aDomain: a})
	s.settled()
	s.destroy()
}

func testDeferredTakenBack(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), sectorGuest(t, alpha(), tallySector)
	s.apply(config{aDomain: a})
	last := countsOn(t, a, 0)
	for what, change := range map[string]attrs{
		"vcpu":         {"vcpu": 2},
		"cpu.model":    {"cpu": attrs{"mode": "custom", "model": "Nehalem"}},
		"guest_agent":  {"guest_agent": true},
		"firmware":     {"firmware": "efi"},
		"clock.offset": {"clock": attrs{"offset": "localtime"}},
		`disks["sdb"]`: {"disks": a["disks"].(attrs).with(attrs{"sdb": attrs{"bus": "sata", "device": "cdrom"}})},
	} {
		for _, policy := range []string{"restart", "live-only", "defer"} {
			s.apply(config{aDomain: a.with(change).with(attrs{"on_change": "defer"})})
			if what != "firmware" { // of which the attributes of the console change too
				s.pendingIs(what)
			}
			back := config{aDomain: a.with(attrs{"on_change": policy})}
			if o := s.plan(back); o.code != 2 || strings.Contains(o.warnings(), "restart") || strings.Contains(o.warnings(), "keeps running") {
				t.Errorf("%s, %s: the plan says\n%s%s", what, policy, o.errors(), o.warnings())
			}
			s.apply(back)
			s.settled()
			s.pendingIs(nil)
		}
	}
	countsOn(t, a, last)
	_, boots := tally(t, a)
	expect(t, "boots", fmt.Sprint(boots), "1")

	// Another change takes the place of the one that waits, and one of two is taken back.
	both := a.with(attrs{"vcpu": 2, "guest_agent": true})
	s.apply(config{aDomain: both})
	s.pendingIs("guest_agent, vcpu")
	s.apply(config{aDomain: both.with(attrs{"vcpu": 3})})
	s.pendingIs("guest_agent, vcpu")
	s.apply(config{aDomain: both.with(attrs{"vcpu": 1})})
	s.settled()
	s.pendingIs("guest_agent")
	s.destroy()
}

func testOlderState(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), domainAttrs(t, alpha()).with(attrs{"state": "stopped"})
	name := a["name"].(string)
	s.apply(config{aDomain: a})
	file := filepath.Join(s.dir, "terraform.tfstate")
	older, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before := alpha().virsh(t, "dumpxml", name)
	more := a.with(attrs{"title": "ours", "cputune": attrs{"shares": 512}, "memory_backing": attrs{"hugepages": true}})
	s.apply(config{aDomain: more})
	s.settled()
	if err := os.WriteFile(file, older, 0o600); err != nil {
		t.Fatal(err)
	}
	// A value that another program sets, and that the configuration never had, is not managed.
	alpha().virsh(t, "desc", name, "--config", "theirs")

	s.shows(config{aDomain: a}, `- title`, "ours", "- hugepages", "- shares")
	if strings.Contains(s.planned(), "- description") {
		t.Errorf("the plan removes unmanaged values:\n%s", s.planned())
	}
	s.apply(config{aDomain: a})
	s.settled()
	alpha().virsh(t, "desc", name, "--config", "")
	expect(t, "the definition", alpha().virsh(t, "dumpxml", name), before)

	// If the configuration still has it, there is nothing to change.
	s.apply(config{aDomain: more})
	if err := os.WriteFile(file, older, 0o600); err != nil {
		t.Fatal(err)
	}
	if o := s.plan(config{aDomain: more}); o.code != 0 {
		t.Errorf("there is something to change:\n%s%s", o.errors(), s.planned())
	}
	s.apply(config{aDomain: more})
	s.destroy()
}

func testRestartCutOff(t *testing.T) {
	t.Parallel()
	for what, cut := range map[string]func(*stack){"interrupted": (*stack).interrupt, "killed": (*stack).kill} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s, a := newStack(t), domainAttrs(t, alpha()).with(attrs{"on_change": "restart", "shutdown": attrs{"timeout": int(hangLimit.Seconds())}}) // it has no system
			name := a["name"].(string)
			s.apply(config{aDomain: a})
			before := alpha().virsh(t, "dumpxml", "--inactive", name)
			s.write(config{aDomain: a.with(commandLine("-device", "no-such-device")).with(attrs{"title": "changed"})}, nil)
			ended := make(chan outcome, 1)
			go func() { ended <- s.run("apply", "-auto-approve", "-json") }()
			eventually(t, "the change to be defined", func() bool {
				text, err := alpha().try("dumpxml", "--inactive", name)
				return err == nil && strings.Contains(text, "no-such-device")
			})
			cut(s)
			<-ended
			expect(t, "state", domainState(t, a), "running")
			s.write(config{aDomain: a.with(attrs{"shutdown": attrs{"timeout": 0}})}, nil)
			s.apply(config{aDomain: a.with(attrs{"shutdown": attrs{"timeout": 0}})})
			s.settled()
			expect(t, "the definition", alpha().virsh(t, "dumpxml", "--inactive", name), before)
			expect(t, "boots", fmt.Sprint(strings.Count(alpha().virsh(t, "domstate", name, "--reason"), "booted")), "1")
			s.destroy()
		})
	}
}
