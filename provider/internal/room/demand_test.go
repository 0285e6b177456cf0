package room

import (
	"maps"
	"testing"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

func parse(t *testing.T, text string) *etree.Element {
	t.Helper()
	root, err := xmlmodel.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return root
}

const gib = kibPerGiB

func TestWhatADomainNeeds(t *testing.T) {
	const size = `<memory unit="KiB">4194304</memory><vcpu>2</vcpu>`
	qemu := func(guest int64) int64 { return baseOverhead + guest/pageTableShare + 2*overheadPerCPU }
	for name, c := range map[string]struct {
		xml  string
		want Demand
	}{
		"ordinary memory":   {`<domain type="kvm">` + size + `</domain>`, Demand{Guest: 4 * gib, QEMU: qemu(4 * gib)}},
		"other units":       {`<domain type="kvm"><memory unit="GiB">4</memory><vcpu>2</vcpu></domain>`, Demand{Guest: 4 * gib, QEMU: qemu(4 * gib)}},
		"a balloon":         {`<domain type="kvm">` + size + `<currentMemory unit="KiB">1048576</currentMemory></domain>`, Demand{Guest: 4 * gib, QEMU: qemu(4 * gib)}},
		"emulation":         {`<domain type="qemu">` + size + `</domain>`, Demand{Guest: 4 * gib, QEMU: qemu(4*gib) + translationLimit}},
		"a small emulation": {`<domain type="qemu"><memory>65536</memory><vcpu>2</vcpu></domain>`, Demand{Guest: 65536, QEMU: qemu(65536) + 65536/translationShare}},
		"a graphics card":   {`<domain type="kvm">` + size + `<devices><video><model type="qxl" ram="65536" vram="65536"/></video></devices></domain>`, Demand{Guest: 4 * gib, QEMU: qemu(4*gib) + 131072}},
		"no graphics card":  {`<domain type="kvm">` + size + `<devices><video><model type="none"/></video></devices></domain>`, Demand{Guest: 4 * gib, QEMU: qemu(4 * gib)}},
		"shared memory":     {`<domain type="kvm">` + size + `<memoryBacking><source type="memfd"/><access mode="shared"/></memoryBacking></domain>`, Demand{Guest: 4 * gib, QEMU: qemu(4 * gib)}},
		"huge pages":        {`<domain type="kvm">` + size + `<memoryBacking><hugepages/></memoryBacking></domain>`, Demand{QEMU: qemu(0), Huge: map[Pages]int64{{0, AnyNode}: 4 * gib}}},
		"pages of a size":   {`<domain type="kvm">` + size + `<memoryBacking><hugepages><page size="1" unit="GiB"/></hugepages></memoryBacking></domain>`, Demand{QEMU: qemu(0), Huge: map[Pages]int64{{gib, AnyNode}: 4 * gib}}},
		"pages rounded up":  {`<domain type="kvm"><memory>1048577</memory><vcpu>2</vcpu><memoryBacking><hugepages><page size="2048"/></hugepages></memoryBacking></domain>`, Demand{QEMU: qemu(0), Huge: map[Pages]int64{{2048, AnyNode}: 1048576 + 2048}}},
		"pages of a NUMA node": {`<domain type="kvm">` + size + `<memoryBacking><hugepages><page size="2048"/></hugepages></memoryBacking><numatune><memory mode="strict" nodeset="1"/></numatune></domain>`,
			Demand{QEMU: qemu(0), Huge: map[Pages]int64{{2048, 1}: 4 * gib}}},
		"a preferred NUMA node": {`<domain type="kvm">` + size + `<memoryBacking><hugepages><page size="2048"/></hugepages></memoryBacking><numatune><memory mode="preferred" nodeset="1"/></numatune></domain>`,
			Demand{QEMU: qemu(0), Huge: map[Pages]int64{{2048, AnyNode}: 4 * gib}}},
		"cells with pages of their own": {`<domain type="kvm">` + size + `<memoryBacking><hugepages><page size="2048" nodeset="0"/><page size="1048576" nodeset="1-2"/></hugepages></memoryBacking>` +
			`<cpu><numa><cell id="0" memory="1048576"/><cell id="1" memory="2097152"/><cell id="3" memory="1048576"/></numa></cpu>` +
			`<numatune><memnode cellid="0" mode="strict" nodeset="3"/></numatune></domain>`,
			Demand{Guest: gib, QEMU: qemu(gib), Huge: map[Pages]int64{{2048, 3}: gib, {gib, AnyNode}: 2 * gib}}},
		"a cell with other pages than the rest": {`<domain type="kvm">` + size + `<memoryBacking><hugepages><page size="2048"/><page size="1048576" nodeset="1"/></hugepages></memoryBacking>` +
			`<cpu><numa><cell id="0" memory="3145728"/><cell id="1" memory="1048576"/></numa></cpu></domain>`,
			Demand{QEMU: qemu(0), Huge: map[Pages]int64{{2048, AnyNode}: 3 * gib, {gib, AnyNode}: gib}}},
		"what is requested of virtio-mem": {`<domain type="kvm">` + size + `<devices><memory model="virtio-mem"><target><size>3145728</size><requested>1048576</requested></target></memory></devices></domain>`,
			Demand{Guest: 2 * gib, QEMU: qemu(2 * gib)}},
		"persistent memory": {`<domain type="kvm">` + size + `<devices><memory model="nvdimm"><source><path>/p</path></source><target><size unit="GiB">3</size></target></memory></devices></domain>`,
			Demand{Guest: gib, QEMU: qemu(gib)}},
		"a device with pages of its own": {`<domain type="kvm">` + size + `<devices><memory model="dimm"><source><pagesize>2048</pagesize><nodemask>1</nodemask></source><target><size>1048576</size></target></memory></devices></domain>`,
			Demand{Guest: 3 * gib, QEMU: qemu(3 * gib), Huge: map[Pages]int64{{2048, 1}: gib}}},
	} {
		if got := AtStart(parse(t, c.xml)); got.Guest != c.want.Guest || got.QEMU != c.want.QEMU || !maps.Equal(got.Huge, c.want.Huge) {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
}

func TestWhatARunningGuestNeeds(t *testing.T) {
	ballooned := parse(t, `<domain type="kvm"><memory>4194304</memory><currentMemory>1048576</currentMemory><vcpu>1</vcpu></domain>`)
	if got := Running(ballooned).Guest; got != gib {
		t.Errorf("its balloon holds 3 GiB, and it needs %d KiB", got)
	}
	brings, needs := Growth(ballooned, gib)
	if brings.Guest != gib || needs.Guest != 2*gib || brings.QEMU != gib/pageTableShare {
		t.Errorf("growth by 1 GiB brings %+v, needs %+v", brings, needs)
	}
	pages := parse(t, `<domain type="kvm"><memory>4194304</memory><vcpu>1</vcpu><memoryBacking><hugepages/></memoryBacking></domain>`)
	if brings, _ := Growth(pages, gib); brings.Guest != 0 || brings.Huge[Pages{0, AnyNode}] != gib {
		t.Errorf("growth of a guest in huge pages brings %+v", brings)
	}
}
