package schema

import (
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/patchtest"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// FuzzPatch: 'go test -fuzz FuzzPatch ./internal/domain' looks for more; what it has found is in testdata/fuzz.
func FuzzPatch(f *testing.F) {
	patchtest.Fuzz(f, patchtest.Subject{
		Rows: Table.Attrs, Rules: Validate, Seeds: patchtest.Seeds(f, "testdata"), Patch: PatchXML, Read: func(seen, asked table.Model) {
			keepStatedMaximum(seen, asked, nil)
			keepStatedPositions(seen, asked, nil)
		},
		// Another architecture, or family of machines, has other devices altogether; what is written by hand has rules of its own.
		Fixed: []string{"name", "uuid", "arch", "machine", "xml"},
		Sweeping: []string{"guest_agent", "firmware", "memory", "vcpu", "maximum.vcpu", "clock.offset", "clock.basis", "disks.device", "disks.bus", "serial.log_append",
			"memory_backing.hugepages", "memory_devices.model", "cpu.mode", "devices.tpm", "devices.video", "devices.filesystems", "devices.rng", "graphics.listen", "interfaces.position"},
	})
}

// What the fuzzer found.

func TestAMaximumThatIsNoneIsKnownToThoseWhoAskedForIt(t *testing.T) {
	for _, c := range []struct{ seen, asked, want m }{
		{m{"arch": "aarch64", "vcpu": int64(2)}, m{"maximum": m{"vcpu": int64(2)}}, m{"vcpu": int64(2)}},
		{m{"arch": "x86_64", "vcpu": int64(2)}, m{"maximum": m{"vcpu": int64(2)}}, nil}, // there it is that processors can be taken away
		{m{"memory": int64(1024)}, m{"maximum": m{"memory": int64(1024)}}, m{"memory": int64(1024)}},
		{m{"memory": int64(1024), "maximum": m{"memory": int64(2048)}}, m{"maximum": m{"memory": int64(1024)}}, m{"memory": int64(2048)}},
		{m{"memory": int64(1024)}, m{}, nil},
	} {
		if keepStatedMaximum(c.seen, c.asked, nil); !table.Equal(c.seen.Group("maximum"), c.want) {
			t.Errorf("got %v, want %v", c.seen["maximum"], c.want)
		}
	}
}
