package drift

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/exchange"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// readers is how many objects of a host are read at the same time.
const readers = 8

// Run reads a Request and writes a Report.
func Run(ctx context.Context, resources []engine.Resource, in io.Reader, out io.Writer) error {
	var req Request
	if err := exchange.Decode(in, &req); err != nil {
		return fmt.Errorf(`drift: expected {"hosts": {"NAME": {"uri": "..."}}, "stacks": [{"name": "...", "state": "...", "compare": true}]} `+
			`on standard input: %w`, err)
	}
	report, err := find(ctx, resources, req)
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(report)
}

// find asks all hosts at the same time. A host that does not answer takes nothing from the others.
func find(ctx context.Context, resources []engine.Resource, req Request) (*Report, error) {
	fleet, err := req.Hosts.Fleet()
	if err != nil {
		return nil, err
	}
	defer fleet.Close()
	objects, err := objectsIn(resources, req.Stacks)
	if err != nil {
		return nil, err
	}
	names := fleet.Names()
	hosts := make([]*host, len(names))
	var wait sync.WaitGroup
	for i, name := range names {
		h, err := fleet.Host(name)
		if err != nil {
			return nil, err
		}
		hosts[i] = &host{Host: h}
		for _, o := range objects {
			if o.compare && o.identity.Host == name {
				hosts[i].objects = append(hosts[i].objects, o)
			}
		}
		wait.Go(func() { hosts[i].ask(ctx, fleet) })
	}
	for _, o := range objects {
		if o.compare && !fleet.Known(o.identity.Host) {
			_, o.err = fleet.Host(o.identity.Host)
		}
	}
	wait.Wait()
	declared := map[place]bool{}
	for _, o := range objects {
		declared[o.at()] = true
	}
	for _, h := range hosts {
		wait.Go(func() { h.findUndeclared(ctx, declared) })
	}
	wait.Wait()
	return reportOf(hosts, objects), nil
}

// host is one host, with the objects that the states have there.
type host struct {
	*conn.Host
	objects    []*object
	found      listing
	undeclared []Undeclared
	unread     int // how many objects were not read because of err
	err        error
}

// ask lists what the host has, and reads the objects of the states.
func (h *host) ask(ctx context.Context, fleet *conn.Fleet) {
	if h.found, h.err = list(ctx, h.Host); h.err != nil {
		h.unread = len(h.objects)
		return
	}
	ctx = conn.WithBulkReads(ctx)
	queue := make(chan *object, len(h.objects))
	for _, o := range h.objects {
		queue <- o
	}
	close(queue)
	var wait sync.WaitGroup
	for range min(readers, len(h.objects)) {
		wait.Go(func() {
			for o := range queue {
				o.read(ctx, fleet)
			}
		})
	}
	wait.Wait()
}

// read decodes the object's state and compares it with the host.
func (o *object) read(ctx context.Context, fleet *conn.Fleet) {
	was, err := table.FromJSON(o.resource.Table().Attrs, o.attributes)
	if err != nil {
		o.err = fmt.Errorf("the state cannot be read: %w", err)
		return
	}
	o.attributes = nil // of a thousand objects, it takes much memory
	now, err := engine.Observe(ctx, o.resource, fleet, was)
	switch {
	case errors.Is(err, conn.ErrNotFound):
		o.gone = true
	case errors.Is(err, conn.ErrInactive): // a plan keeps its state, too
		o.inactive = true
	case err != nil:
		o.err = err
	default:
		o.isAt = now.Str("host")
		o.differences = differences(o.resource.Table().Attrs, was, now, o.isSensitive)
	}
}
