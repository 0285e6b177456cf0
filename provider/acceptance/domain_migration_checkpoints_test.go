//go:build acceptance

package acceptance

import (
	"strings"
	"testing"
)

// TestDomainMigrationCheckpoints moves a machine with the checkpoints of a backup program: its next incremental backup needs them.
func TestDomainMigrationCheckpoints(t *testing.T) {
	t.Parallel()
	for how, create := range map[string]func(*testing.T) *traveller{"disks that are copied": newTraveller, "disks that are shared": newSharedTraveller} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			g, s := create(t), newStack(t)
			s.peers = true
			has := func(h *labHost, names ...string) {
				t.Helper()
				expect(t, "checkpoints", strings.Join(strings.Fields(h.virsh(t, "checkpoint-list", g.name(), "--topological", "--name")), " "), strings.Join(names, " "))
				if strings.Contains(h.virsh(t, "dumpxml", "--inactive", g.name()), "xmlns/checkpoints") {
					t.Error("the definition still has a copy of the checkpoints")
				}
			}
			// usable asserts that QEMU finds the bitmaps of a running guest's checkpoints.
			usable := func(h *labHost, names ...string) {
				t.Helper()
				has(h, names...)
				for _, name := range names {
					if xml := h.virsh(t, "checkpoint-dumpxml", g.name(), name, "--size", "--no-domain"); !strings.Contains(xml, "size='") {
						t.Errorf("checkpoint %s has no bitmap:\n%s", name, xml)
					}
				}
			}
			s.apply(g.on(alpha()))
			for _, name := range []string{"monday", "tuesday"} {
				alpha().virsh(t, "checkpoint-create-as", g.name(), name)
			}
			g.migrates(t, s, alpha(), beta())
			usable(beta(), "monday", "tuesday")
			beta().virsh(t, "checkpoint-create-as", g.name(), "wednesday")

			g.domain = g.domain.with(attrs{"state": "stopped"})
			s.apply(g.on(beta()))
			s.apply(g.on(alpha()))
			has(alpha(), "monday", "tuesday", "wednesday")
			beta().lacks(t, "dominfo", g.name())
			g.domain = g.domain.with(attrs{"state": "running"})
			s.apply(g.on(alpha()))
			usable(alpha(), "monday", "tuesday", "wednesday")
			s.settled()
			s.destroy()
		})
	}
}
