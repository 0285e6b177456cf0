//go:build unix

package drift

import (
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/exchange"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/provider"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// BenchmarkReads reads the objects of a request as Run does, and compares nothing. 'npm run bench -- --only drift' runs it with a request for a
// fleet. Only the processor time of the reads counts, without that of decoding the states.
func BenchmarkReads(b *testing.B) {
	file := os.Getenv("KVM_FLEET_DRIFT_REQUEST")
	if file == "" {
		b.Skip("KVM_FLEET_DRIFT_REQUEST names no request")
	}
	var spent time.Duration
	for b.Loop() {
		fleet, states := statesOf(b, file)
		began := processorTime(b)
		var wait sync.WaitGroup
		for _, name := range fleet.Names() {
			queue := make(chan state, len(states[name]))
			for _, s := range states[name] {
				queue <- s
			}
			close(queue)
			for range readers {
				wait.Go(func() { readAll(b, fleet, name, queue) })
			}
		}
		wait.Wait()
		spent += processorTime(b) - began
		fleet.Close()
	}
	b.ReportMetric(spent.Seconds()/float64(b.N), "cpu-s/op")
}

// state is an object of a request, decoded.
type state struct {
	resource engine.Resource
	model    table.Model
}

// statesOf decodes the objects of a request, by host.
func statesOf(b *testing.B, file string) (*conn.Fleet, map[string][]state) {
	in, err := os.Open(file)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = in.Close() }()
	var req Request
	if err := exchange.Decode(in, &req); err != nil {
		b.Fatal(err)
	}
	fleet, err := req.Hosts.Fleet()
	if err != nil {
		b.Fatal(err)
	}
	objects, err := objectsIn(provider.Resources(), req.Stacks)
	if err != nil {
		b.Fatal(err)
	}
	states := map[string][]state{}
	for _, o := range objects {
		m, err := table.FromJSON(o.resource.Table().Attrs, o.attributes)
		if err != nil {
			b.Fatal(err)
		}
		states[o.Host] = append(states[o.Host], state{o.resource, m})
	}
	return fleet, states
}

func readAll(b *testing.B, fleet *conn.Fleet, name string, queue <-chan state) {
	host, err := fleet.Host(name)
	if err != nil {
		b.Error(err)
		return
	}
	ctx := conn.WithBulkReads(b.Context())
	for s := range queue {
		if _, err := s.resource.Read(ctx, host, s.model); err != nil {
			b.Error(err)
		}
	}
}

func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
