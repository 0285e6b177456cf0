package migration

import (
	"testing"
)

func TestStorageOnTheNetworkStaysWhereItIs(t *testing.T) {
	domain := parse(t, `<domain><devices><disk type="network"><source protocol="nbd"><host name="10.0.0.1"/></source><target dev="vda"/></disk>`+
		`<disk type="network"><source protocol="nbd"><host transport="unix" socket="/run/nbd"/></source><target dev="vdb"/></disk></devices></domain>`)
	disks, _, findings, err := readDisks(nil, domain, request())
	const want = `disks["vdb"] uses a socket of alpha (/run/nbd); set the address of the server instead, or set migration.storage = "shared" if beta reaches the same storage through this socket`
	if err != nil || len(disks) != 0 || len(findings) != 1 || findings[0] != want {
		t.Errorf("got %v, %q, %v", disks, findings, err)
	}
	r := request()
	r.Options.Storage = StorageShared
	if _, _, findings, err := readDisks(nil, domain, r); err != nil || len(findings) != 0 {
		t.Errorf("said to be shared: %q, %v", findings, err)
	}
}

func TestBlockDevicesAreNeverCopied(t *testing.T) {
	d := &disk{target: "vda", file: "/dev/vg0/data", device: true}
	got, err := d.shareDevice(nil, nil, request())
	const want = `disks["vda"] (/dev/vg0/data) is a block device, which is not copied, and is not in a storage pool of alpha; set migration.storage = "shared" if beta has the same device under the same path`
	if err != nil || got != want {
		t.Errorf("got %q, %v", got, err)
	}
	domain := parse(t, `<domain><devices><disk type="block"><source dev="/dev/vg0/data"/><target dev="vda"/></disk></devices></domain>`)
	r := request()
	r.Options.Storage = StorageShared
	if disks, _, findings, err := readDisks(nil, domain, r); err != nil || len(findings) != 0 || len(disks) != 1 || !disks[0].shared || disks[0].to != "/dev/vg0/data" {
		t.Errorf("said to be shared: %v, %q, %v", disks, findings, err)
	}
}
