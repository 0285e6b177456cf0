package datasource

import (
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

type m = table.Model

func seen(t *testing.T, rows []table.Attr, xml string) table.Model {
	t.Helper()
	_, found, err := described(rows, xml, nil)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestAddressesOfANetwork(t *testing.T) {
	got := seen(t, Network.Attrs, `<network><name>lan</name><forward mode="nat" dev="eth0"/><bridge name="virbr7"/><mtu size="9000"/>
		<ip address="10.0.0.1" netmask="255.255.240.0"><dhcp><range start="10.0.0.2" end="10.0.0.9"/></dhcp></ip>
		<ip family="ipv6" address="fd00::1" prefix="64"/><ip family="ipv4"/></network>`)
	want := m{
		"10.0.0.1": m{"family": "ipv4", "prefix": int64(20), "dhcp_start": "10.0.0.2", "dhcp_end": "10.0.0.9"},
		"fd00::1":  m{"family": "ipv6", "prefix": int64(64)},
	}
	if !table.Equal(got["addresses"], want) {
		t.Errorf("got %v", got["addresses"])
	}
	if got["forward_mode"] != "nat" || got["forward_dev"] != "eth0" || got["bridge"] != "virbr7" || got["mtu"] != int64(9000) {
		t.Errorf("got %v", got)
	}
}

func TestDevicesOfADomain(t *testing.T) {
	got := seen(t, Domain.Attrs, `<domain type="kvm"><os><type arch="x86_64" machine="pc-q35-7.2">hvm</type></os><devices>
		<disk type="file" device="disk"><driver type="qcow2"/><source file="/a"/><target dev="vda" bus="virtio"/></disk>
		<disk type="volume" device="disk"><driver type="raw"/><source pool="p" volume="v"/><target dev="vdb" bus="virtio"/></disk>
		<disk type="network" device="disk"><source protocol="rbd" name="pool/image"/><target dev="vdc"/></disk>
		<disk type="file" device="cdrom"><target dev="sda" bus="sata"/><readonly/></disk>
		<interface type="network"><mac address="52:54:00:00:00:01"/><source network="lan" bridge="virbr7"/><model type="virtio"/><target dev="vnet3"/></interface>
		<interface type="direct"><mac address="52:54:00:00:00:02"/><source dev="eth0" mode="bridge"/></interface></devices></domain>`)
	disks := m{
		"vda": m{"device": "disk", "source": "/a", "format": "qcow2", "bus": "virtio", "readonly": false},
		"vdb": m{"device": "disk", "source": "v", "pool": "p", "format": "raw", "bus": "virtio", "readonly": false},
		"vdc": m{"device": "disk", "source": "pool/image", "readonly": false},
		"sda": m{"device": "cdrom", "bus": "sata", "readonly": true},
	}
	interfaces := m{
		"52:54:00:00:00:01": m{"type": "network", "source": "lan", "model": "virtio", "target": "vnet3"},
		"52:54:00:00:00:02": m{"type": "direct", "source": "eth0"},
	}
	if !table.Equal(got["disks"], disks) || !table.Equal(got["interfaces"], interfaces) {
		t.Errorf("got %v and %v", got["disks"], got["interfaces"])
	}
	if got["type"] != "kvm" || got["arch"] != "x86_64" || got["machine"] != "pc-q35-7.2" {
		t.Errorf("got %v", got)
	}
	if none := seen(t, Domain.Attrs, "<domain/>"); none["disks"] != nil {
		t.Errorf("got %v", none["disks"])
	}
}
