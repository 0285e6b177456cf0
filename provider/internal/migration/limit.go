package migration

import (
	"context"
	"fmt"
	"sync"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
)

// parallel is how many domains leave or reach a host at once; the others wait their turn.
const parallel = 4

var (
	gatesMu sync.Mutex
	gates   = map[*conn.Host]chan struct{}{}
)

func gate(h *conn.Host) chan struct{} {
	gatesMu.Lock()
	defer gatesMu.Unlock()
	if gates[h] == nil {
		gates[h] = make(chan struct{}, parallel)
	}
	return gates[h]
}

// admit waits for a turn at both hosts, always in the same order, so that two never wait for each other.
func admit(ctx context.Context, one, other *conn.Host) (release func(), err error) {
	if other.Name < one.Name {
		one, other = other, one
	}
	var held []chan struct{}
	release = func() {
		for _, g := range held {
			<-g
		}
	}
	for _, h := range []*conn.Host{one, other} {
		g := gate(h)
		select {
		case g <- struct{}{}:
			held = append(held, g)
		case <-ctx.Done():
			release()
			return nil, fmt.Errorf("interrupted while it waited for its turn to move: %w", ctx.Err())
		}
	}
	return release, nil
}
