package snapshot

import (
	"context"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/room"
)

// UsesMemory marks the resource: a revert may start or stop a guest.
func (Resource) UsesMemory() {}

// claimOf returns what a revert to a snapshot brings to the host. It starts a guest that ran or was paused at the snapshot, by its definition or by
// its memory image. leaves is true if the guest runs now and the revert leaves it stopped.
func claimOf(l *libvirt.Libvirt, d libvirt.Domain, r *record, state string) (claim room.Claim, leaves bool, err error) {
	claim = room.Claim{Name: d.Name, UUID: d.UUID}
	active, err := l.DomainIsActive(d)
	if err != nil {
		return claim, false, err
	}
	var present room.Demand
	if active != 0 {
		live, err := describe(l, d, 0)
		if err != nil {
			return claim, false, err
		}
		present = room.Running(live)
	}
	if r.memory == "" && state != running && state != paused {
		claim.Brings = present
		return claim, active != 0, nil
	}
	var starts *etree.Element
	if r.memory != "" {
		starts, err = describeSaved(l, r.memory, 0)
	} else {
		starts, err = describe(l, d, libvirt.DomainXMLInactive)
	}
	if err != nil {
		return claim, false, err
	}
	claim.Needs = room.AtStart(starts)
	claim.Brings = claim.Needs.Beyond(present)
	return claim, false, nil
}

// planRoom counts the memory that a planned revert takes from its host or brings to it. It returns the reason why the host has not enough, and a
// warning.
func planRoom(ctx context.Context, host *conn.Host, claim room.Claim, leaves bool) (refusal, warning string) {
	if leaves {
		room.PlanLeave(ctx, host, claim)
		return "", ""
	}
	return room.Plan(ctx, host, claim)
}

// reserveRoom reserves the memory of a revert before anything is changed. The caller calls done with the result.
func (g *revertRun) reserveRoom(ctx context.Context) (done func(ok bool), err error) {
	claim, leaves, err := claimOf(g.l, g.d, g.r, g.state)
	if err != nil || leaves {
		return func(bool) {}, err
	}
	return room.Reserve(ctx, g.host, "revert to", claim)
}
