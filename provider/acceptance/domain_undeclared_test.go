//go:build acceptance

package acceptance

import (
	"strings"
	"testing"
)

// notDeclared returns the plan's warning about undeclared devices, "" for none. The plan must be empty.
func (s *stack) notDeclared() string {
	s.t.Helper()
	o := s.plan(s.last)
	if o.code != 0 {
		s.t.Fatalf("the plan is not empty:\n%s%s", o.errors(), s.planned())
	}
	_, list, found := strings.Cut(o.warnings(), " has devices or settings that are not declared: ")
	if !found {
		expect(s.t, "warnings", o.warnings(), "")
	}
	list, _, _ = strings.Cut(list, "\n")
	return list
}

func TestDomainUndeclared(t *testing.T) {
	t.Parallel()
	lan := alpha().network(t)
	a := guestAttrs(t, alpha()).with(attrs{"state": "running", "shutdown": attrs{"timeout": 0}})
	name, image := a["name"].(string), alpha().guestDisk(t)
	s := newStack(t)
	s.apply(config{aDomain: a})
	s.settled()
	expect(t, "nothing", s.notDeclared(), "")
	run := pid(t, a)

	// The configuration declares no interfaces. It declares disks, but this disk is only in the running guest.
	alpha().virsh(t, "attach-interface", name, "network", lan, "--model", "virtio", "--mac", "52:54:00:00:ee:01", "--config", "--live")
	alpha().virsh(t, "attach-disk", name, image, "vdz", "--live")
	alpha().define(t, "define", strings.Replace(alpha().virsh(t, "dumpxml", name, "--inactive", "--security-info"), "</devices>",
		"<filesystem type='mount'><source dir='/srv'/><target dir='share'/></filesystem></devices>", 1))
	const share, nic = "filesystem /srv as share", "interface 52:54:00:00:ee:01 (network "
	expect(t, "what is not declared", s.notDeclared(), "disk vdz ("+image+"), in the running guest only; "+share+"; "+nic+lan+")")

	// A device in a declared map is a change of the plan.
	alpha().virsh(t, "attach-disk", name, image, "vdy", "--config")
	s.shows(config{aDomain: a}, `- "vdy" = {`)
	s.apply(config{aDomain: a.with(attrs{"title": "web"})})
	if list, ok := s.state(aDomain)["undeclared"].(string); !ok || !strings.Contains(list, share) {
		t.Errorf("the state has %v", list)
	}
	expect(t, "the process that runs the guest", pid(t, a), run)
	expect(t, "what was attached stays", at(definition(t, a), "devices/filesystem/target@dir"), "share")

	// Once declared, the interface is no longer listed.
	declared := a.with(attrs{"title": "web", "interfaces": attrs{"net0": attrs{"network": lan, "mac": "52:54:00:00:ee:01"}}})
	s.apply(config{aDomain: declared})
	s.settled()
	expect(t, "the process that runs the guest", pid(t, a), run)

	// The next start drops the disk that only the running guest had.
	alpha().virsh(t, "destroy", name)
	alpha().virsh(t, "start", name)
	expect(t, "what is not declared then", s.notDeclared(), share)
}
