package migration

import (
	"context"
	"fmt"
	"sync"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
)

// maxMigrations is how many domains migrate from or to a host at the same time; the others wait.
const maxMigrations = 4

var (
	slotsMu sync.Mutex
	slots   = map[*conn.Host]chan struct{}{}
)

// slotsOf returns the slots of a host.
func slotsOf(h *conn.Host) chan struct{} {
	slotsMu.Lock()
	defer slotsMu.Unlock()
	if slots[h] == nil {
		slots[h] = make(chan struct{}, maxMigrations)
	}
	return slots[h]
}

// admit waits for a slot on both hosts, always in the same order, so that two migrations never wait for each other.
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
		g := slotsOf(h)
		select {
		case g <- struct{}{}:
			held = append(held, g)
		case <-ctx.Done():
			release()
			return nil, fmt.Errorf("interrupted while waiting for other migrations: %w", ctx.Err())
		}
	}
	return release, nil
}
