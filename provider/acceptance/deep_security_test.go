//go:build acceptance

package acceptance

import (
	"strings"
	"testing"
)

// TestDeepSecurity asserts that a machine runs on a host with AppArmor enforcing and QEMU as an ordinary user, and that its disk has its
// owner back when it has stopped.
func TestDeepSecurity(t *testing.T) {
	h := ofKind(t, deepKind)
	g, s := newDeepGuest(t, h), newStack(t)
	s.apply(g.config())
	g.counts(t)
	uuid := h.virsh(t, "domuuid", g.name)
	expect(t, "label", g.label(t), "libvirt-"+uuid+" (enforcing)")
	expect(t, "AppArmor's mode for the guest", g.process(t, "cat /proc/$pid/attr/current"), "libvirt-"+uuid+" (enforce)")
	expect(t, "user of QEMU", g.process(t, "ps -o user:20= -p $pid"), "libvirt-qemu")
	expect(t, "owner of a running machine's disk", h.owner(t, g.dir+"/disk.img"), "libvirt-qemu:libvirt-qemu 600")
	if group := g.process(t, "cat /proc/$pid/cgroup"); !strings.Contains(group, "/machine.slice/machine-qemu") {
		t.Errorf("the guest is in control group %s", group)
	}
	confined, _ := s.resources()[aDomain]["confined_by"].(string)
	expect(t, "what confines the guest", confined, "apparmor: libvirt-"+uuid+" (enforcing)")
	s.settled()
	g.domain["state"] = "stopped"
	s.apply(g.config())
	expect(t, "owner of a stopped machine's disk", h.owner(t, g.dir+"/disk.img"), "root:root 600")
	s.settled()
	s.destroy()
}

// TestDeepLocalRules asserts that the error of a guest that AppArmor does not let start names the rule that permits it, and that the guest
// starts with that rule.
func TestDeepLocalRules(t *testing.T) {
	h := ofKind(t, deepKind)
	const rules = "/etc/apparmor.d/local/abstractions/libvirt-qemu"
	g, s := newDeepGuest(t, h), newStack(t)
	h.virsh(t, "allocpages", "2M", "24", "--cellno", "1")
	t.Cleanup(func() { h.virsh(t, "allocpages", "2M", "0", "--cellno", "1") })
	before := h.inside(t, "cat", rules)
	t.Cleanup(func() { h.writeFile(t, rules, []byte(before)) })
	g.domain["memory_backing"] = attrs{"hugepages": true, "numatune": attrs{"mode": "strict", "nodeset": "1"}}
	s.applyFails(g.config(), "The nodes select no CPUs", "'/sys/devices/system/node/** r,' to "+rules)
	h.writeFile(t, rules, []byte(before+"/sys/devices/system/node/** r,\n"))
	s.apply(g.config())
	g.counts(t)
	expect(t, "free huge pages of node 1", h.shell(t, "cat /sys/devices/system/node/node1/hugepages/hugepages-2048kB/free_hugepages"), "8")
	s.settled()
	s.destroy()
}
