//go:build acceptance

package acceptance

import "testing"

func TestVolumeMove(t *testing.T) {
	t.Parallel()
	t.Run("a volume moves with a live migration", testVolumeMovesLive)
	t.Run("a volume follows the domain that uses it", testVolumeFollowsDomain)
	t.Run("a volume stays in the state while a host does not answer", testVolumeWhileHostSilent)
	t.Run("a volume that a move flattened is not replaced", testVolumeFlattened)
	t.Run("a volume on shared storage changes its host in place", testVolumeShared)
	t.Run("a seed follows the domain that uses it", testSeedFollowsDomain)
}

func testVolumeMovesLive(t *testing.T) {
	t.Parallel()
	pool, _ := poolEverywhere(t)
	disk := attrs{"host": alpha().Name, "pool": pool, "name": unique(t), "capacity": mib}
	medium := attrs{"host": alpha().Name, "pool": pool, "name": unique(t), "cloud_init": attrs{"user_data": "#cloud-config\n", "meta_data": "{}"}}
	guest := domainAttrs(t, alpha()).with(attrs{"disks": attrs{
		"vda": attrs{"file": "${" + aVolume + ".path}", "format": "qcow2"},
		"sda": attrs{"file": "${" + aSeed + ".path}", "format": "raw", "device": "cdrom", "bus": "sata"},
	}})
	on := func(h *labHost) config {
		to := attrs{"host": h.Name}
		return config{aVolume: disk.with(to), aSeed: medium.with(to), "libvirt_domain.it": guest.with(to)}
	}
	s := newStack(t)
	s.apply(on(alpha()))
	s.shows(on(beta()), `~ host = "alpha" -> "beta"`, "0 to add, 1 to change, 0 to destroy")
	s.apply(on(beta()))
	expect(t, "state", beta().virsh(t, "domstate", guest["name"].(string)), "running")
	// A medium may also stay where it was; then the next apply moves it.
	s.apply(on(beta()))
	s.settled()
	expect(t, "host of the disk", s.state(aVolume)["host"].(string), "beta")
	expect(t, "host of the medium", s.state(aSeed)["host"].(string), "beta")
	expect(t, "what is left", alpha().virsh(t, "vol-list", pool), "")
	s.destroy()
	expect(t, "what is left on the other host", beta().virsh(t, "vol-list", pool), "")
}
