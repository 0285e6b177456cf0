//go:build acceptance

package acceptance

import (
	"os"
	"strings"
	"testing"
)

// TestSnapshotSwitch is about overlays that libvirt has no snapshot for: the definition is the only place that says where the data is.
func TestSnapshotSwitch(t *testing.T) {
	t.Parallel()
	t.Run("a disk stays on an overlay that libvirt has no snapshot for", testOverlayWithoutSnapshot)
	t.Run("a disk stays on an overlay that is created between plan and apply", testOverlayAfterPlan)
	t.Run("a disk that another tool has copied is not switched back", testBlockcopy)
}

func testOverlayWithoutSnapshot(t *testing.T) {
	t.Parallel()
	for name, state := range map[string]string{"running": "running", "stopped": "stopped"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, a := newStack(t), guestAttrs(t, alpha()).with(attrs{"shutdown": attrs{"timeout": 0}, "state": state})
			domain, base := a["name"].(string), diskOf(a)
			s.apply(config{aDomain: a})
			alpha().virsh(t, "snapshot-create-as", domain, "theirs", "--disk-only", "--atomic")
			alpha().virsh(t, "snapshot-delete", domain, "theirs", "--metadata")
			uses := func() string { return at(definition(t, a), "devices/disk/source@file") }
			overlay := uses()
			says := []string{`disk "vda" uses ` + overlay + ", an overlay of " + base, "virsh blockcommit " + domain + " vda --base " + base + " --active --pivot",
				"set 'file' to \"" + overlay + `"`}
			s.planFails(config{aDomain: a}, says...)
			s.planFails(config{aDomain: a.with(attrs{"description": "Another."})}, says...)

			// The state may be older than the overlay.
			s.write(config{aDomain: a.with(attrs{"description": "Another."})}, nil)
			if o := s.run("apply", "-refresh=false", "-auto-approve", "-json"); o.code != 0 {
				t.Error(o.errors())
			}
			expect(t, "what the disk uses", uses(), overlay)

			kept := a.with(attrs{"description": "Another.", "disks": attrs{"vda": attrs{"file": overlay, "format": "qcow2"}}})
			s.apply(config{aDomain: kept})
			s.settled()
			expect(t, "what the disk uses", uses(), overlay)
			s.planFails(config{aDomain: a}, says...) // also when the state knows the overlay

			if s.write(config{aDomain: kept}, nil); state == "running" {
				alpha().virsh(t, "blockcommit", domain, "vda", "--base", base, "--active", "--pivot", "--wait")
				s.apply(config{aDomain: a.with(attrs{"description": "Another."})})
				s.settled()
				expect(t, "what the disk uses", uses(), base)
			}
		})
	}
}

func testOverlayAfterPlan(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), guestAttrs(t, alpha()).with(attrs{"shutdown": attrs{"timeout": 0}})
	domain := a["name"].(string)
	s.apply(config{aDomain: a})
	if o := s.plan(config{aDomain: a.with(attrs{"memory": 48 << 10})}); o.code != 2 {
		t.Fatal(o.errors())
	}
	alpha().virsh(t, "snapshot-create-as", domain, "theirs", "--disk-only", "--atomic", "--no-metadata")
	uses := func() string { return at(definition(t, a), "devices/disk/source@file") }
	overlay := uses()
	if o := s.run("apply", "-json", "plan"); o.code != 0 {
		t.Error(o.errors())
	}
	expect(t, "what the disk uses", uses(), overlay)
	expect(t, "memory", at(definition(t, a), "memory"), "49152")
	s.apply(config{aDomain: a.with(attrs{"memory": 48 << 10, "disks": attrs{"vda": attrs{"file": overlay, "format": "qcow2"}}})})
	s.settled()
}

func testBlockcopy(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), guestAttrs(t, alpha()).with(attrs{"shutdown": attrs{"timeout": 0}})
	domain, base := a["name"].(string), diskOf(a)
	s.apply(config{aDomain: a})
	copied := strings.TrimSuffix(base, ".img") + "-copied.img"
	alpha().virsh(t, "blockcopy", domain, "vda", copied, "--wait", "--pivot", "--transient-job")
	expect(t, "what the disk uses", at(definition(t, a), "devices/disk/source@file"), copied)
	s.planFails(config{aDomain: a}, `disk "vda" was switched outside Terraform from `+base+", which the configuration names, to "+copied)
	s.apply(config{aDomain: a.with(attrs{"disks": attrs{"vda": attrs{"file": copied, "format": "raw"}}})})
	s.settled()
	if _, err := os.Stat(alpha().path(base)); err != nil {
		t.Error(err)
	}
}
