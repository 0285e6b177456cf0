//go:build acceptance

package acceptance

import "testing"

// TestDeepMigration asserts that a running machine moves from a host without a security driver to one with AppArmor, where it is confined,
// and back.
func TestDeepMigration(t *testing.T) {
	deep, other := ofKind(t, deepKind), ofKind(t, "debian12")
	g, dir := newDeepGuest(t, deep), directory(t)
	t.Cleanup(func() { deep.inside(t, "rm", "-rf", dir) })
	s, name := newStack(t), g.name
	image := sectorFile(t, tallySector)
	on := func(h *labHost) config {
		c := config{
			aVolume: {"host": h.Name, "pool": name, "name": "disk.qcow2", "backing_store": attrs{"path": dir + "/base.img", "format": "raw"},
				"depends_on": []string{"libvirt_volume.base_" + deep.Name, "libvirt_volume.base_" + other.Name}},
			aDomain: g.domain.with(attrs{"host": h.Name, "disks": attrs{"vda": attrs{"file": "${" + aVolume + ".path}"}}, "serial": nil}),
		}
		for _, each := range []*labHost{deep, other} {
			c["libvirt_pool.p_"+each.Name] = attrs{"host": each.Name, "name": name, "type": "dir", "path": dir}
			c["libvirt_volume.base_"+each.Name] = attrs{"host": each.Name, "pool": "${libvirt_pool.p_" + each.Name + ".name}", "name": "base.img",
				"format": "raw", "source": image}
		}
		return c
	}
	s.apply(on(other))
	s.apply(on(deep))
	expect(t, "state", deep.virsh(t, "domstate", name), "running")
	expect(t, "label", g.label(t), "libvirt-"+deep.virsh(t, "domuuid", name)+" (enforcing)")
	expect(t, "owner of its disk", deep.owner(t, dir+"/disk.qcow2"), "libvirt-qemu:libvirt-qemu 600")
	other.lacks(t, "dominfo", name)
	s.settled()
	s.apply(on(other))
	expect(t, "state", other.virsh(t, "domstate", name), "running")
	deep.lacks(t, "dominfo", name)
	s.settled()
	s.destroy()
}
