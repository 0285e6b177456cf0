// Package runguard keeps one domain from running twice.
package runguard

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
)

// EnsureNotRunningElsewhere makes sure that no other host of the fleet runs the domain: two running copies would ruin their disks, and so would work on the disks
// of a copy that is stopped here. A host that can't be asked may run it, unless the user says that it is down. verb and undone are what is
// about to be done, and what was then not: "start", "It was not started".
func EnsureNotRunningElsewhere(ctx context.Context, host *conn.Host, domain libvirt.Domain, verb, undone string) error {
	others := host.Others()
	has := make([]bool, len(others))
	failed := make([]error, len(others))
	var wait sync.WaitGroup
	for i, other := range others {
		wait.Go(func() { has[i], failed[i] = runs(ctx, other, domain.UUID) })
	}
	wait.Wait()
	var silent []string
	var why error
	for i, other := range others {
		switch {
		case has[i]:
			return diag.New(verb, fmt.Sprintf("%s on %s: two of it would ruin its disks. Shut the other one down first, or set 'host' to %q.", undone, host.Name, other.Name),
				"%s runs on %s", domain.Name, other.Name)
		case failed[i] != nil && !other.AssumedDown():
			silent, why = append(silent, other.Name), errors.Join(why, failed[i])
		}
	}
	if len(silent) == 0 {
		return nil
	}
	return diag.New(verb, fmt.Sprintf("%s on %s: two of it would ruin its disks. Where you know that nothing runs there, say so for this one apply: %s=%s", undone, host.Name,
		conn.AssumeDown, strings.Join(silent, ",")), "%s may be running on %s, which can't be asked: %w", domain.Name, strings.Join(silent, " and "), why)
}

// runs says whether a host has an active domain of this UUID.
func runs(ctx context.Context, host *conn.Host, id libvirt.UUID) (bool, error) {
	var active int32
	err := host.Do(ctx, func(l *libvirt.Libvirt) error {
		d, err := l.DomainLookupByUUID(id)
		if err == nil {
			active, err = l.DomainIsActive(d)
		}
		if conn.IsNotFound(err) {
			return nil
		}
		return err
	})
	return active == 1, err
}
