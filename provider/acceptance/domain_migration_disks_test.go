//go:build acceptance

package acceptance

import (
	"os"
	"testing"
)

func TestDomainMigrationDisks(t *testing.T) {
	t.Parallel()
	t.Run("disks on the network are not copied", testMigrationNetworkDisks)
	t.Run("block devices are not assumed to be shared", testMigrationBlockDevices)
	t.Run("encrypted disks are copied", testMigrationEncryptedDisks)
}

func testMigrationNetworkDisks(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.peers = true
	a := fromSource(t, attrs{"vda": attrs{"source": nbd(t, "disk", tallySector), "format": "raw", "cache": "none"}})
	log := a["serial"].(attrs)["log_file"].(string)
	beta().put(t, log, nil)
	s.apply(config{aDomain: a})
	booted(t, a)
	last := countsOn(t, a, 0)

	there := a.with(attrs{"host": beta().Name})
	s.shows(config{aDomain: there}, `host = "alpha" -> "beta"`, "1 to change")
	s.apply(config{aDomain: there})
	s.settled()
	alpha().lacks(t, "dominfo", a["name"].(string))
	eventually(t, "the guest to count on", func() bool {
		text, err := os.ReadFile(beta().path(log))
		numbers, boots := tally(t, there)
		return err == nil && len(text) > 0 && boots == 0 && len(numbers) > 0 && numbers[len(numbers)-1] > last
	})

	// The guest also moves back while it is off.
	s.apply(config{aDomain: there.with(attrs{"state": "stopped"})})
	s.apply(config{aDomain: a})
	s.settled()
	booted(t, a)
}

func testMigrationBlockDevices(t *testing.T) {
	t.Parallel()
	s, device := newStack(t), loopDevice(t, bootSector)
	a := fromSource(t, attrs{"vda": attrs{"source": attrs{"block": device}, "format": "raw", "cache": "none"}})
	s.apply(config{aDomain: a})
	there := a.with(attrs{"host": beta().Name})
	s.planFails(config{aDomain: there}, "from alpha to beta", `disks["vda"] (`+device+`) is a block device, which is not copied, and is not in a storage pool of alpha`)

	// migration.storage overrides this: the loop device is the same on every host.
	beta().put(t, a["serial"].(attrs)["log_file"].(string), nil)
	there["migration"] = attrs{"storage": "shared"}
	s.apply(config{aDomain: there})
	s.settled()
	s.destroy()

	socket := newStack(t)
	a = fromSource(t, attrs{"vda": attrs{"source": nbdSocket(t, alpha(), bootSector), "format": "raw"}})
	socket.apply(config{aDomain: a.with(attrs{"state": "stopped"})})
	socket.planFails(config{aDomain: a.with(attrs{"state": "stopped", "host": beta().Name})}, `disks["vda"] uses a socket of alpha`)
	socket.apply(config{aDomain: a.with(attrs{"state": "stopped"})})
}
func TestSnapshotRefused(t *testing.T) {
	t.Parallel()
	t.Run("a disk that is not a file gets no snapshot", testSnapshotOfOtherDisk)
	t.Run("a snapshot that can't be reverted to says why", testSnapshotNotRevertible)
}

func testSnapshotOfOtherDisk(t *testing.T) {
	t.Parallel()
	s, device := newStack(t), loopDevice(t, bootSector)
	a := fromSource(t, attrs{"vda": attrs{"source": attrs{"block": device}, "format": "raw"}})
	s.apply(config{aDomain: a})
	snapshot := attrs{"host": alpha().Name, "domain": a["name"], "name": "before", "depends_on": []string{aDomain}}
	s.applyFails(config{aDomain: a, "libvirt_domain_snapshot.it": snapshot}, `disk "vda" is not an image file, and this resource supports only image files`)
	s.apply(config{aDomain: a})
}
