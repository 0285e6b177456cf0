//go:build acceptance

package acceptance

import "testing"

// TestDeepNFS asserts that the error of a volume on an NFS export with root_squash names the reason, and that a machine runs from the volume
// when the export lets libvirt change owners.
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
	h.shell(t, "mkdir -p "+export+"; chmod 777 "+export+"; systemctl start nfs-server")
	exports("root_squash")
	g.pool = attrs{"host": h.Name, "name": g.name, "type": "netfs", "path": mount, "source": attrs{"host": "127.0.0.1", "dir": export, "format": "nfs"}}
	s.applyFails(g.config(), "Failed to create file '"+mount+"/disk.img': Operation not permitted", "root_squash")
	exports("no_root_squash")
	s.apply(g.config())
	g.counts(t)
	expect(t, "label", g.label(t), "libvirt-"+h.virsh(t, "domuuid", g.name)+" (enforcing)")
	s.settled()
	s.destroy()
}
