package adoption

import (
	"bytes"
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/exchange"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/goldentest"
)

// TestAdoptionExchange decodes the files that the command line's tests read too, with every field and no other.
func TestAdoptionExchange(t *testing.T) {
	goldentest.Exchange(t, "testdata/request.json", &exchange.HostsRequest{})
	goldentest.Exchange(t, "testdata/report.json", &Report{})
}

func TestAHostThatCannotBeAskedIsPartOfTheReport(t *testing.T) {
	const in = `{"hosts": {"beta": {"uri": "qemu:///system?socket=/nonexistent/sock"}}}`
	var out bytes.Buffer
	if err := Run(t.Context(), []engine.Resource{}, strings.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	if text := out.String(); !strings.Contains(text, "dial unix /nonexistent/sock") || !strings.Contains(text, `"domains": []`) {
		t.Errorf("got %s", text)
	}
}

func TestBadInput(t *testing.T) {
	const want = `adoptable: expected {"hosts": {"NAME": {"uri": "..."}}} on standard input: unexpected EOF`
	if err := Run(t.Context(), nil, strings.NewReader("{"), &bytes.Buffer{}); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestTheDisksOfADomainAreFilesAndDevices(t *testing.T) {
	config := map[string]any{"disks": map[string]any{
		"vda": map[string]any{"file": "/a.qcow2"},
		"vdb": map[string]any{"source": map[string]any{"block": "/dev/vg/b"}},
		"sda": map[string]any{"device": "cdrom"},
	}}
	got := map[string]bool{}
	for _, path := range disksOf(config) {
		got[path] = true
	}
	if len(got) != 2 || !got["/a.qcow2"] || !got["/dev/vg/b"] {
		t.Errorf("got %v", got)
	}
}
