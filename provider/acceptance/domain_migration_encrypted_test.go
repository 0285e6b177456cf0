//go:build acceptance

package acceptance

import (
	"fmt"
	"testing"
)

// testMigrationEncryptedDisks asserts that encrypted disks stay encrypted on the other host and keep their content.
func testMigrationEncryptedDisks(t *testing.T) {
	t.Parallel()
	for _, state := range []string{"running", "stopped"} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			g, s := newTraveller(t), newStack(t)
			s.peers = true
			pool, usage := g.volume["pool"].(string), g.disks+"/key"
			id := alpha().secret(t, usage)
			beta().secretOf(t, id, usage)
			from, digest := image(t, "raw", 4*mib)
			c := config{"libvirt_volume.plain": {"host": alpha().Name, "pool": pool, "name": "plain", "format": "raw", "source": from}}
			disks := attrs{"vda": g.domain["disks"].(attrs)["vda"]}
			for target, format := range map[string]string{"vdb": "raw", "vdc": "qcow2"} {
				volume := "libvirt_volume." + target
				c[volume] = attrs{"host": alpha().Name, "pool": pool, "name": target, "format": format, "capacity": 4 * mib, "clone_from": "${libvirt_volume.plain.path}", "encryption": attrs{"secret_uuid": id}}
				disks[target] = attrs{"file": "${" + volume + ".path}", "format": format, "source": attrs{"encryption_secret": id}}
			}
			g.domain = g.domain.with(attrs{"disks": disks, "state": state})
			on := func(h *labHost) config {
				all := g.on(h)
				for address, a := range c {
					all[address] = a.with(attrs{"host": h.Name})
				}
				all["libvirt_volume.plain"] = c["libvirt_volume.plain"]
				return all
			}
			s.apply(on(alpha()))
			if state == "running" {
				booted(t, g.domain)
			}
			there := on(beta())
			for _, target := range []string{"vdb", "vdc"} { // clone_from stays as it was
				there["libvirt_volume."+target]["clone_from"] = c["libvirt_volume."+target]["clone_from"]
			}
			s.apply(there)
			s.settled()
			expect(t, "state", beta().virsh(t, "domstate", g.name()), map[string]string{"running": "running", "stopped": "shut off"}[state])
			s.apply(config{"libvirt_volume.vdb": there["libvirt_volume.vdb"], "libvirt_volume.vdc": there["libvirt_volume.vdc"], "libvirt_volume.plain": c["libvirt_volume.plain"]})
			for target, format := range map[string]string{"vdb": "raw", "vdc": "qcow2"} {
				expect(t, fmt.Sprintf("content of %s", target), decrypted(t, beta().path(g.disks+"/"+target), format, 4*mib), digest)
			}
		})
	}
}
