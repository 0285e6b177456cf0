package forecast

import (
	"slices"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

func TestDiskVolumes(t *testing.T) {
	domain, err := xmlmodel.Parse(`<domain><devices>
		<disk type="file" device="disk"><source file="/srv/a.img"/></disk>
		<disk type="volume" device="disk"><source pool="vms" volume="b.img"/></disk>
		<disk type="file" device="disk"><source file="/srv/seed.iso"/><readonly/></disk>
		<disk type="file" device="cdrom"><source file="/srv/setup.iso"/></disk>
		<disk type="file" device="cdrom"/>
		<disk type="block" device="disk"><source dev="/dev/vg/c"/></disk>
		<disk type="network" device="disk"><source protocol="rbd" name="pool/d"/></disk>
	</devices></domain>`)
	if err != nil {
		t.Fatal(err)
	}
	want := []diskVolume{{file: "/srv/a.img", written: true}, {pool: "vms", name: "b.img", written: true}, {file: "/srv/seed.iso"}, {file: "/srv/setup.iso"}}
	if got := diskVolumes(domain); !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
