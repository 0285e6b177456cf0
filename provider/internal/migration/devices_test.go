package migration

import (
	"testing"
)

func TestStorageOnTheNetworkStaysWhereItIs(t *testing.T) {
	domain := parse(t, `<domain><devices><disk type="network"><source protocol="nbd"><host name="10.0.0.1"/></source><target dev="vda"/></disk>`+
		`<disk type="network"><source protocol="nbd"><host transport="unix" socket="/run/nbd"/></source><target dev="vdb"/></disk></devices></domain>`)
	disks, _, findings, err := lookAtDisks(nil, domain, request())
	const want = `disks["vdb"] is reached through a socket of alpha (/run/nbd); give it the server's address, or say migration.storage = "shared" if beta reaches the same through such a socket`
	if err != nil || len(disks) != 0 || len(findings) != 1 || findings[0] != want {
		t.Errorf("got %v, %q, %v", disks, findings, err)
	}
	r := request()
	r.Options.Storage = StorageShared
	if _, _, findings, err := lookAtDisks(nil, domain, r); err != nil || len(findings) != 0 {
		t.Errorf("said to be shared: %q, %v", findings, err)
	}
}

func TestBlockDevicesAreNeverCopied(t *testing.T) {
	d := &disk{target: "vda", file: "/dev/vg0/data", device: true}
	got, err := d.stays(nil, nil, request())
	const want = `disks["vda"] (/dev/vg0/data) is a block device, which is not copied, and is in no storage pool of alpha; say migration.storage = "shared" if beta has the same device under the same path`
	if err != nil || got != want {
		t.Errorf("got %q, %v", got, err)
	}
	domain := parse(t, `<domain><devices><disk type="block"><source dev="/dev/vg0/data"/><target dev="vda"/></disk></devices></domain>`)
	r := request()
	r.Options.Storage = StorageShared
	if disks, _, findings, err := lookAtDisks(nil, domain, r); err != nil || len(findings) != 0 || len(disks) != 1 || !disks[0].shared || disks[0].to != "/dev/vg0/data" {
		t.Errorf("said to be shared: %v, %q, %v", disks, findings, err)
	}
}
