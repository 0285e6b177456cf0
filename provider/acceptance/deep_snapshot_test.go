//go:build acceptance

package acceptance

import (
	"strings"
	"testing"
)

const deepSnapshot = "libvirt_domain_snapshot.it"

// snapshot returns a snapshot of the machine.
func (g *deepGuest) snapshot() attrs {
	return attrs{"host": g.host.Name, "domain": "${" + aDomain + ".name}", "name": "before"}
}

// TestDeepSnapshot asserts that a snapshot of a running machine can be merged on a host with AppArmor, and that the machine and the snapshot
// stay usable if AppArmor denies the merge.
func TestDeepSnapshot(t *testing.T) {
	h := ofKind(t, deepKind)
	g, s := newDeepGuest(t, h), newStack(t)
	s.apply(g.config())
	with := g.config()
	with[deepSnapshot] = g.snapshot()
	s.apply(with)
	s.settled()
	s.apply(g.config())
	expect(t, "disk", g.disk(t), g.dir+"/disk.img")

	s.apply(with)
	h.virsh(t, "destroy", g.name)
	h.virsh(t, "start", g.name) // with a profile that denies it to write below its disk
	s.applyFails(g.config(), "block-commit", "Permission denied", "Nothing was merged", "AppArmor on the host denies a running guest",
		`Stop the machine (state = "stopped")`)
	expect(t, "state", h.virsh(t, "domstate", g.name), "running")
	expect(t, "disk after a merge that was denied", g.disk(t), g.dir+"/disk.before.qcow2")
	s.apply(with)
	s.settled()
	g.domain["state"] = "stopped"
	s.apply(with)
	s.destroy()
}

// TestDeepSnapshotStopped asserts that a snapshot of a stopped machine can be merged on a host with AppArmor, that the plan refuses it while
// the machine runs, and that the machine is confined afterwards.
func TestDeepSnapshotStopped(t *testing.T) {
	h := ofKind(t, deepKind)
	g, s := newDeepGuest(t, h), newStack(t)
	g.domain["state"] = "stopped"
	with := g.config()
	with[deepSnapshot] = g.snapshot()
	s.apply(g.config())
	s.apply(with)
	g.domain["state"] = "running"
	s.apply(with)
	s.planFails(g.config(), `the machine was started after snapshot "before" was created`, `Stop the machine (state = "stopped")`)
	g.domain["state"] = "stopped"
	s.apply(with)
	s.apply(g.config())
	expect(t, "disk", g.disk(t), g.dir+"/disk.img")
	definition := h.xml(t, "dumpxml", "--inactive", g.name)
	expect(t, "a label in the definition", at(definition, "seclabel?"), "false")
	expect(t, "a mark in the definition", at(definition, "metadata/unconfined?"), "false")
	s.settled()

	// A run that is killed while libvirt merges leaves the domain without confinement.
	text := h.virsh(t, "dumpxml", "--inactive", g.name)
	if !strings.Contains(text, "<metadata>") {
		text = strings.Replace(text, "</uuid>", "</uuid><metadata></metadata>", 1)
	}
	text = strings.Replace(text, "<metadata>", `<metadata><k:unconfined xmlns:k="https://kvm-fleet.dev/xmlns/unconfined/1"/>`, 1)
	h.define(t, "define", strings.Replace(text, "</domain>", `<seclabel type="none" model="apparmor"/></domain>`, 1))
	g.domain["state"] = "running"
	s.apply(g.config())
	expect(t, "a mark in the definition", at(h.xml(t, "dumpxml", "--inactive", g.name), "metadata/unconfined?"), "false")
	expect(t, "label", g.label(t), "libvirt-"+h.virsh(t, "domuuid", g.name)+" (enforcing)")
	s.destroy()
}
