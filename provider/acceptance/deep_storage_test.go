//go:build acceptance

package acceptance

import (
	"strconv"
	"testing"
)

// TestDeepNFS asserts that the plan and the error of a volume on an NFS export with root_squash say what to do, and that a machine runs from the
// volume with the permissions that they name, or when the export lets libvirt change owners.
func TestDeepNFS(t *testing.T) {
	h := ofKind(t, deepKind)
	g, s := newDeepGuest(t, h), newStack(t)
	export, mount := g.dir+"/export", "/mnt/"+g.name
	exports := func(options string) {
		h.shell(t, "echo '"+export+" 127.0.0.1(rw,sync,no_subtree_check,"+options+")' >/etc/exports; exportfs -ra")
	}
	t.Cleanup(func() {
		h.shell(t, "umount --lazy '"+mount+"' 2>/dev/null || true; rm -rf '"+mount+"'; : >/etc/exports; exportfs -ra; systemctl stop nfs-server")
	})
	user, err := strconv.Atoi(h.shell(t, "id -u libvirt-qemu"))
	if err != nil {
		t.Fatal(err)
	}
	h.shell(t, "mkdir -p "+export+"; chown libvirt-qemu "+export+"; chmod 777 "+export+"; systemctl start nfs-server")
	exports("root_squash")
	g.pool = attrs{"host": h.Name, "name": g.name, "type": "netfs", "path": mount, "source": attrs{"host": "127.0.0.1", "dir": export, "format": "nfs"}}
	advice := []string{"root_squash", "set permissions = { owner = " + strconv.Itoa(user) + ", group = "}
	s.says(s.plan(g.config()).warnings(), advice)
	s.applyFails(g.config(), append(advice, "Failed to create file '"+mount+"/disk.img': Operation not permitted")...)
	s.says(s.plan(g.config()).warnings(), advice) // the pool exists now

	h.shell(t, "chmod 755 "+export)
	unset, set := g.volume, permitted(attrs{"owner": user, "group": user, "mode": "0666"})
	g.volume = unset.with(set)
	overlay := attrs{"host": h.Name, "pool": "${" + deepPool + ".name}", "name": "data.qcow2", "format": "qcow2", "capacity": mib}.with(set)
	seed := attrs{"host": h.Name, "pool": "${" + deepPool + ".name}", "name": "seed.iso", "content": "hello\n"}.with(set)
	g.domain["disks"].(attrs)["vdb"] = attrs{"file": "${libvirt_volume.data.path}", "format": "qcow2"}
	g.domain["disks"].(attrs)["vdc"] = attrs{"file": "${" + aSeed + ".path}", "format": "raw", "options": attrs{"read_only": true}}
	squashed := config{deepPool: g.pool, deepVolume: g.volume, aDomain: g.domain, "libvirt_volume.data": overlay, aSeed: seed}
	expect(t, "warnings", s.plan(squashed).warnings(), "")
	s.apply(squashed)
	g.counts(t)
	s.settled()
	expect(t, "owner", h.owner(t, mount+"/disk.img"), "libvirt-qemu:libvirt-qemu 666")
	s.destroy()
	delete(g.domain["disks"].(attrs), "vdb")
	delete(g.domain["disks"].(attrs), "vdc")

	exports("no_root_squash")
	g.volume = unset
	s.apply(g.config())
	g.counts(t)
	expect(t, "label", g.label(t), "libvirt-"+h.virsh(t, "domuuid", g.name)+" (enforcing)")
	s.settled()
	s.destroy()
}
