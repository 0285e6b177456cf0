package capacity

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/exchange"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/goldentest"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/room"
)

// TestCapacityExchange decodes the files that the command line's tests read too, with every field and no other.
func TestCapacityExchange(t *testing.T) {
	goldentest.Exchange(t, "testdata/facts-request.json", &exchange.HostsRequest{})
	goldentest.Exchange(t, "testdata/facts-report.json", &FactsReport{})
	goldentest.Exchange(t, "testdata/demand-request.json", &DemandRequest{})
	goldentest.Exchange(t, "testdata/demand-report.json", &DemandReport{})
}

// TestADemandIsWhatAPlanCounts compares with the definition that a plan counts.
func TestADemandIsWhatAPlanCounts(t *testing.T) {
	const definition = `<domain type="qemu"><vcpu>4</vcpu><memory>2097152</memory><memoryBacking><hugepages><page size="2048"/></hugepages></memoryBacking>` +
		`<devices><video><model type="qxl"/></video><hostdev/></devices></domain>`
	const attributes = `{"name": "web", "type": "qemu", "vcpu": 2, "maximum": {"vcpu": 4, "memory": 2097152}, "memory": 1048576,
		"disks": {"vda": {"file": "${libvirt_volume.root.path}", "options": "${var.options}"}}, "memory_backing": {"hugepages": true, "hugepage_size": 2048},
		"devices": {"video": {"model": "qxl"}, "hostdevs": {"gpu": {"pci": "0000:05:00.0"}}, "rng": "${var.rng}"}}`
	doc := etree.NewDocument()
	if err := doc.ReadFromString(definition); err != nil {
		t.Fatal(err)
	}
	want := room.AtStart(doc.Root())
	got := report(t, attributes).Domains[0]
	if got.Error != "" || got.VCPUs != 4 || got.Memory != want.Guest+want.QEMU {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if pages := []Pages{{2048, room.AnyNode, want.Huge[room.Pages{Size: 2048, Node: room.AnyNode}]}}; !slices.Equal(got.Pages, pages) {
		t.Errorf("got %+v, want %+v", got.Pages, pages)
	}
}

func TestADomainWhoseMemoryIsNotKnown(t *testing.T) {
	got := report(t, `{"vcpu": 1, "memory": "${var.memory}"}`, `{"vcpu": 1, "memory": 65536}`)
	if want := "memory: unexpected value ${var.memory}"; got.Domains[0].Error != want {
		t.Errorf("got %q, want %q", got.Domains[0].Error, want)
	}
	if got.Domains[1].Error != "" || got.Domains[1].Memory <= 65536 {
		t.Errorf("got %+v for the domain after it", got.Domains[1])
	}
}

func TestAHostThatCannotBeAskedHasNoFacts(t *testing.T) {
	var out bytes.Buffer
	if err := RunFacts(t.Context(), strings.NewReader(`{"hosts": {"alpha": {"uri": "qemu:///system?socket=/nonexistent/sock"}}}`), &out); err != nil {
		t.Fatal(err)
	}
	var got FactsReport
	if err := exchange.Decode(&out, &got); err != nil {
		t.Fatal(err)
	}
	const want = "on alpha (qemu:///system?socket=/nonexistent/sock): dial unix /nonexistent/sock: connect: no such file or directory"
	if got.Hosts[0].Error != want || got.Hosts[0].Facts.Memory != 0 {
		t.Errorf("got %+v, want %s", got.Hosts[0], want)
	}
}

func report(t *testing.T, domains ...string) (got DemandReport) {
	t.Helper()
	in, err := json.Marshal(DemandRequest{domains})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := RunDemand(bytes.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	if err := exchange.Decode(&out, &got); err != nil {
		t.Fatal(err)
	}
	return got
}
