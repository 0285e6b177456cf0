// Package runguard prevents a domain from running on two hosts.
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

// EnsureNotRunningElsewhere returns an error if another host of the fleet runs the domain: two running copies would
// corrupt its disks, and so would changes to the disks of a copy that is stopped here. A host that cannot be asked may
// run the domain, unless the user says that it is down. verb is the operation; undone says that it did not happen:
// "start", "It was not started".
func EnsureNotRunningElsewhere(ctx context.Context, host *conn.Host, domain libvirt.Domain, verb, undone string) error {
	others := host.Others()
	has := make([]bool, len(others))
	failed := make([]error, len(others))
	var wait sync.WaitGroup
	for i, other := range others {
		wait.Go(func() { has[i], failed[i] = runs(ctx, other, domain.UUID) })
	}
	wait.Wait()
	var unreachable []string
	var unreachableErr error
	for i, other := range others {
		switch {
		case has[i]:
			return diag.New(verb, fmt.Sprintf("%s on %s: two running copies would corrupt its disks. Shut the other one down first, or set "+
				"'host' to %q.", undone, host.Name, other.Name),
				"%s runs on %s", domain.Name, other.Name)
		case failed[i] != nil && !other.AssumedDown():
			unreachable, unreachableErr = append(unreachable, other.Name), errors.Join(unreachableErr, failed[i])
		}
	}
	if len(unreachable) == 0 {
		return nil
	}
	return diag.New(verb, fmt.Sprintf("%s on %s: two running copies would corrupt its disks. If you know that nothing runs there, say so for this "+
		"one apply: %s=%s", undone, host.Name,
		conn.AssumeDown, strings.Join(unreachable, ",")), "%s may be running on %s, which can't be reached: %w",
		domain.Name, strings.Join(unreachable, " and "), unreachableErr)
}

// runs reports whether a host has an active domain with this UUID.
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
