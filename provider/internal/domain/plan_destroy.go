package domain

import (
	"context"
	"strings"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/forecast"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/observe"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/snapshot"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// PlanDestroy counts the memory that the domain gives back to its host, and warns about what is removed with it. It refuses what the destruction
// would refuse: snapshots that another tool created. Those of this provider may be destroyed before the domain, which the apply checks.
func (Resource) PlanDestroy(ctx context.Context, fleet *conn.Fleet, prior table.Model) engine.Advice {
	forecast.PlanLeave(ctx, fleet, prior)
	advice := engine.Advice{Warnings: forecast.Destroy(prior)}
	host, err := fleet.Host(prior.Str("host"))
	if err != nil {
		return advice
	}
	problems := table.NewProblems()
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		d, err := observe.Find(l, prior)
		if err != nil {
			return err
		}
		names, err := snapshot.Foreign(l, d)
		if len(names) > 0 {
			problems.Add("", "on %s: it has snapshots that are not managed here: %s. %s", host.Name, strings.Join(names, ", "), destroySnapshots(d))
		}
		return err
	})
	if err == nil {
		advice.Problems = problems.List()
	}
	return advice
}

// destroySnapshots says what to do about snapshots of a domain that is to be destroyed.
func destroySnapshots(d libvirt.Domain) string {
	return "Destroy them first: virsh snapshot-delete " + d.Name + " NAME merges what they keep into the disks. Then run the command again."
}
