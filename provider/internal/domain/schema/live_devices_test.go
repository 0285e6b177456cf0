package schema

import (
	"fmt"
	"slices"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/domaintest"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

func TestWhatChangesOfDevicesCost(t *testing.T) {
	type m = table.Model
	prior := m{"disks": m{"vda": m{"file": "/a", "bus": "virtio", "device": "disk"}, "sda": m{"file": "/c", "bus": "sata", "device": "cdrom"}, "sdb": m{"bus": "sata", "device": "cdrom"}},
		"interfaces": m{"lan": m{"network": "lan", "mac": "52:54:00:00:00:01", "model": "virtio", "bandwidth": m{"inbound_average": int64(9)}}}}
	for name, c := range map[string]struct {
		plan m
		want []string
	}{
		"a disk":                  {domaintest.Set(prior, "disks.vdb", m{"file": "/b", "bus": "virtio"}), []string{`live disks["vdb"]`}},
		"one on a bus that waits": {domaintest.Set(prior, "disks.hda", m{"file": "/b", "bus": "ide"}), []string{`next boot disks["hda"]`}},
		"the first on scsi":       {domaintest.Set(prior, "disks.sdc", m{"file": "/b", "bus": "scsi"}), []string{`next boot disks["sdc"]`}},
		"none":                    {domaintest.Set(prior, "disks", nil), []string{`next boot disks["sda"]`, `next boot disks["sdb"]`, `live disks["vda"]`}},
		"a disk's file":           {domaintest.Set(prior, "disks.vda.file", "/b"), []string{`next boot disks["vda"].file`}},
		"a medium":                {domaintest.Set(prior, "disks.sda.file", "/d"), []string{`live disks["sda"].file`}},
		"no medium":               {domaintest.Set(prior, "disks.sda.file", nil), []string{`live disks["sda"].file`}},
		"a format alone":          {domaintest.Set(prior, "disks.sda.format", "raw"), []string{`next boot disks["sda"].format`}},
		"an empty drive's format": {domaintest.Set(prior, "disks.sdb.format", "raw"), []string{`live disks["sdb"].format`}},
		"a medium of a format":    {domaintest.Set(domaintest.Set(prior, "disks.sda.format", "raw"), "disks.sda.file", "/d"), []string{`live disks["sda"].file`, `live disks["sda"].format`}},
		"a drive for a disk":      {domaintest.Set(domaintest.Set(prior, "disks.vda.device", "cdrom"), "disks.vda.file", nil), []string{`next boot disks["vda"].file`, `next boot disks["vda"].device`}},
		"a limit":                 {domaintest.Set(prior, "disks.vda.iotune", m{"read_iops_sec": int64(9)}), []string{`live disks["vda"].iotune.read_iops_sec`}},
		"a cache":                 {domaintest.Set(prior, "disks.vda.cache", "none"), []string{`next boot disks["vda"].cache`}},
		"a pool to move to":       {domaintest.Set(prior, "disks.vda.target_pool", "p"), []string{`live disks["vda"].target_pool`}},
		"an interface":            {domaintest.Set(prior, "interfaces.wan", m{"network": "wan"}), []string{`live interfaces["wan"]`}},
		"no interface":            {domaintest.Set(prior, "interfaces", nil), []string{`live interfaces["lan"]`}},
		"another network":         {domaintest.Set(prior, "interfaces.lan.network", "wan"), []string{`live interfaces["lan"].network`}},
		"another address":         {domaintest.Set(prior, "interfaces.lan.mac", "52:54:00:00:00:02"), []string{`next boot interfaces["lan"].mac`}},
		"no bandwidth":            {domaintest.Set(prior, "interfaces.lan.bandwidth", nil), []string{`live interfaces["lan"].bandwidth.inbound_average`}},
	} {
		var got []string
		for _, change := range table.Changes(Table.Attrs, prior, c.plan) {
			got = append(got, fmt.Sprintf("%s %s", change.Cost, table.PathString(change.Path)))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestTheNextDiskOnSCSIComesLive(t *testing.T) {
	type m = table.Model
	first, next := m{"bus": "scsi"}, m{"bus": "scsi"}
	from, to := m{"disks": m{"sda": first}}, m{"disks": m{"sda": first, "sdb": next}}
	for what, c := range map[string]table.ValueChange{"it comes": {Is: next, From: from, To: to}, "it goes": {Was: next, From: to, To: from}, "the first goes": {Was: first, From: from, To: m{}}} {
		if got := plugging(c); got != table.Live {
			t.Errorf("%s: %s", what, got)
		}
	}
}

func TestAnInterfaceIsFoundInWhatRuns(t *testing.T) {
	type m = table.Model
	const running = `<domain><devices>` +
		`<interface n="0"><mac address="52:54:00:00:00:01"/><alias name="net0"/></interface>` +
		`<interface n="1"><mac address="52:54:00:00:00:02"/><alias name="ua-lan"/></interface>` +
		`<interface n="2"><mac address="52:54:00:00:00:03"/><alias name="net2"/></interface></devices></domain>`
	for name, c := range map[string]struct {
		key   string
		prior m
		want  string
	}{
		"by its alias, whatever its address will be": {"lan", m{"lan": m{"mac": "52:54:00:00:00:09"}}, "1"},
		"by its address": {"net0", m{"net0": m{"mac": "52:54:00:00:00:01"}}, "0"},
		"by its address, though places have shifted":       {"net0", m{"net0": m{"mac": "52:54:00:00:00:03"}}, "2"},
		"by its place, where its address is to change":     {"net2", m{"net2": m{"mac": "52:54:00:00:00:09"}}, "2"},
		"not by the place of another":                      {"net0", m{"net0": m{"mac": "52:54:00:00:00:09"}, "net1": m{"mac": "52:54:00:00:00:01"}}, ""},
		"not at all, where only the definition has it":     {"wan", m{"wan": m{"mac": "52:54:00:00:00:09"}}, ""},
		"not at all, where a place is more than are there": {"net7", m{"net7": m{"mac": "52:54:00:00:00:09"}}, ""},
	} {
		got := ""
		if el := (interfaceCodec{}).FindRunning(domaintest.Parse(t, running), c.key, c.prior); el != nil {
			got = xmlmodel.At("@n").Read(el).(string)
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
