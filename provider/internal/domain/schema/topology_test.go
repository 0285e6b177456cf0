package schema

import (
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/domaintest"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// TestTopology asserts what another number of processors does to the topology of a definition, and when it does not fit.
func TestTopology(t *testing.T) {
	for name, c := range map[string]struct{ topology, sockets, cores, mismatch string }{
		"cores of one socket": {"sockets='1' dies='1' cores='4' threads='1'", "1", "8", ""},
		"one processor":       {"sockets='1' cores='1' threads='1'", "1", "8", ""},
		"sockets":             {"sockets='4' cores='1' threads='1'", "8", "1", ""},
		"both":                {"sockets='2' cores='2' threads='1'", "2", "2", "be 4, the number of processors of its CPU topology (sockets 2, cores 2), got 8; change both together"},
		"threads":             {"sockets='1' cores='2' threads='2'", "1", "2", "be 4, the number of processors of its CPU topology (cores 2, threads 2), got 8; change both together"},
	} {
		el := domaintest.Parse(t, "<domain type='qemu'><vcpu>4</vcpu><os><type arch='x86_64'>hvm</type></os><cpu><topology "+c.topology+"/></cpu><devices/></domain>")
		xmlmodel.Patch([]table.Attr{*Row("vcpu")}, el, table.Model{"vcpu": int64(4)}, table.Model{"vcpu": int64(8)})
		sockets, cores := xmlmodel.At("cpu/topology@sockets").Text(el), xmlmodel.At("cpu/topology@cores").Text(el)
		if got := TopologyMismatch(el); sockets != c.sockets || cores != c.cores || got != c.mismatch {
			t.Errorf("%s: %s sockets, %s cores, %q", name, sockets, cores, got)
		}
	}
}
