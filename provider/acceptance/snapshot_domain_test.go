//go:build acceptance

package acceptance

import (
	"os"
	"testing"
)

// ofDomain returns a snapshot that depends on the domain.
func ofDomain(name string, more attrs) attrs {
	return attrs{"host": "${" + aDomain + ".host}", "domain": "${" + aDomain + ".name}", "name": name}.with(more)
}
func TestSnapshotDomain(t *testing.T) {
	t.Parallel()
	t.Run("a snapshot is destroyed before its domain", testSnapshotDestroyOrder)
	t.Run("a domain with snapshots can still be changed", testUpdateWithSnapshots)
	t.Run("a snapshot that another tool created is left alone", testForeignSnapshot)
}

func testSnapshotDestroyOrder(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), guestAttrs(t, alpha()).with(attrs{"shutdown": attrs{"timeout": 0}})
	s.apply(config{aDomain: a, aSnapshot: ofDomain("it", attrs{"memory": true})})
	s.settled()
	s.destroy()
	alpha().lacks(t, "dominfo", a["name"].(string))
	disk := a["disks"].(attrs)["vda"].(attrs)["file"].(string)
	entries, err := os.ReadDir(alpha().path(disk[:len(disk)-len("/guest.img")]))
	if err != nil || len(entries) != 1 || entries[0].Name() != "guest.img" {
		t.Errorf("what is left beside the disk: %v %v", entries, err)
	}
}

func testUpdateWithSnapshots(t *testing.T) {
	t.Parallel()
	for name, state := range map[string]string{"running": "running", "stopped": "stopped"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, a := newStack(t), guestAttrs(t, alpha()).with(attrs{"shutdown": attrs{"timeout": 0}, "state": state})
			c := config{aDomain: a, aSnapshot: ofDomain("one", nil)}
			s.apply(c)
			s.settled()
			c["libvirt_domain_snapshot.two"] = ofDomain("two", attrs{"depends_on": []string{aSnapshot}})
			s.apply(c)
			s.settled()
			s.importable("shutdown")
			own := a["disks"].(attrs)["vda"].(attrs)["file"].(string)
			overlay := own[:len(own)-len(".img")] + ".two.qcow2"
			expect(t, "what the domain writes to", at(definition(t, a), "devices/disk/source@file"), overlay)

			// A change of something else leaves the disk on its overlay.
			c[aDomain] = a.with(attrs{"description": "changed", "memory": 48 << 10})
			s.apply(c)
			s.settled()
			expect(t, "memory", at(definition(t, a), "memory"), "49152")
			expect(t, "what the domain writes to", at(definition(t, a), "devices/disk/source@file"), overlay)

			for what, disks := range map[string]attrs{"another file": {"vda": attrs{"file": own + ".other", "format": "raw"}}, "none": {}} {
				other := config{aDomain: c[aDomain].with(attrs{"disks": disks}), aSnapshot: c[aSnapshot], "libvirt_domain_snapshot.two": c["libvirt_domain_snapshot.two"]}
				s.write(other, nil)
				o := s.run("apply", "-auto-approve", "-json")
				if o.code == 0 {
					t.Fatalf("%s: a disk was parted from its snapshots", what)
				}
				s.says(o.errors(), []string{`disk "vda" cannot change: ` + a["name"].(string), "has snapshots whose files contain parts of its disks: one, two", "Destroy the snapshots first"})
				expect(t, what+": what the domain writes to", at(definition(t, a), "devices/disk/source@file"), overlay)
			}
			s.apply(c)

			// The domain reverts to the latest snapshot; then that snapshot and the other are destroyed.
			c["libvirt_domain_snapshot.two"]["revert"] = "1"
			s.apply(c)
			s.settled()
			expect(t, "what the domain writes to", at(definition(t, a), "devices/disk/source@file"), own[:len(own)-len(".img")]+".two.revert-1.qcow2")
			expect(t, "state", domainState(t, a), map[string]string{"running": "running", "stopped": "shut off"}[state])
			s.apply(config{aDomain: c[aDomain]})
			s.settled()
			expect(t, "what the domain writes to", at(definition(t, a), "devices/disk/source@file"), own)
		})
	}
}

func testForeignSnapshot(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), guestAttrs(t, alpha()).with(attrs{"shutdown": attrs{"timeout": 0}})
	name := a["name"].(string)
	s.apply(config{aDomain: a})
	alpha().virsh(t, "snapshot-create-as", name, "theirs", "--disk-only", "--atomic")
	s.plan(config{aDomain: a})
	s.settled()
	if o := s.run("destroy", "-auto-approve", "-json"); o.code == 0 {
		t.Error("destroyed a domain with content in an overlay that no record names")
	} else {
		s.says(o.errors(), []string{"theirs"})
	}
	expect(t, "state", domainState(t, a), "running")
	alpha().virsh(t, "snapshot-delete", name, "theirs")
	s.settled()
}
