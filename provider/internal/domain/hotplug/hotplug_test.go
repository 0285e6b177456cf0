package hotplug

import (
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

func TestWhatWaitsIsWithoutWhatIsLive(t *testing.T) {
	type m = table.Model
	prior := m{"disks": m{"vda": m{"file": "/a", "bus": "virtio", "device": "disk"}}, "interfaces": m{"lan": m{"network": "lan", "model": "virtio", "bandwidth": m{"inbound_average": int64(9)}}}}
	plan := m{"disks": m{"vda": m{"file": "/b", "bus": "virtio", "device": "disk", "iotune": m{"read_iops_sec": int64(9), "write_iops_sec": nil}}, "vdb": m{"file": "/c", "bus": "virtio"}, "sda": m{"file": "/d", "bus": "sata"}},
		"interfaces": m{"lan": m{"network": "wan", "model": "e1000e", "link": "down"}}}
	want := m{"disks": m{"vda": m{"file": "/b", "bus": "virtio", "device": "disk"}, "sda": m{"file": "/d", "bus": "sata"}},
		"interfaces": m{"lan": m{"network": "lan", "model": "e1000e", "bandwidth": m{"inbound_average": int64(9)}}}}
	if got := WithoutLiveChanges(prior, plan, table.Changes(schema.Table.Attrs, prior, plan)); !table.Equal(got, want) {
		t.Errorf("got\n%v\nwant\n%v", got, want)
	}
}
