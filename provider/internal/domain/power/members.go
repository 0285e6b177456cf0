package power

import (
	"context"
	"maps"
	"sync"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/room"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Members finds the members of a rolling group on all hosts of the fleet. A member is ready if it runs and meets the condition that the change
// of another one waits for; its interfaces may have other names, so any address counts. A host that does not answer has no members: a plan
// has read those of the state before.
func Members(ctx context.Context, host *conn.Host, group string, condition table.Model) (room.Members, error) {
	condition = maps.Clone(condition)
	if condition["address"] != nil {
		condition["address"] = schema.AnyInterface
	}
	var (
		mu     sync.Mutex
		found  room.Members
		failed error
		wait   sync.WaitGroup
	)
	for _, h := range append(host.Others(), host) {
		if h != host && h.AssumedDown() {
			continue
		}
		wait.Go(func() {
			on, err := membersOn(ctx, h, group, condition)
			mu.Lock()
			defer mu.Unlock()
			found.Ready = append(found.Ready, on.Ready...)
			found.Unready = append(found.Unready, on.Unready...)
			if err != nil && h == host {
				failed = err
			}
		})
	}
	wait.Wait()
	return found, failed
}

func membersOn(ctx context.Context, host *conn.Host, group string, condition table.Model) (found room.Members, err error) {
	var members []libvirt.Domain
	unready := map[libvirt.UUID]bool{}
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		members = nil
		all, _, err := l.ConnectListAllDomains(1, 0)
		for _, d := range all {
			text, err := l.DomainGetMetadata(
				d, int32(libvirt.DomainMetadataElement), libvirt.OptString{schema.RolloutNamespace}, libvirt.DomainAffectConfig)
			if err != nil {
				continue // it has no record
			}
			if of, not := schema.ReadRolloutRecord(text); of == group {
				members, unready[d.UUID] = append(members, d), not
			}
		}
		return err
	})
	for _, d := range members {
		look := &waiter{Controller: New(host, d, nil), wanted: condition}
		if !unready[d.UUID] && look.check(ctx) == nil && len(look.missing) == 0 {
			found.Ready = append(found.Ready, d.Name)
		} else {
			found.Unready = append(found.Unready, d.Name)
		}
	}
	return found, err
}

// MarkReady records whether the guest of a member is ready after its start, so that another run can tell: a lease of a former guest, for example,
// would make it look ready.
func (r *Controller) MarkReady(ctx context.Context, group string, ready bool) error {
	return r.host.Do(ctx, func(l *libvirt.Libvirt) error {
		return l.DomainSetMetadata(r.domain, int32(libvirt.DomainMetadataElement), libvirt.OptString{schema.RolloutRecord(group, !ready)},
			libvirt.OptString{schema.RolloutPrefix}, libvirt.OptString{schema.RolloutNamespace}, libvirt.DomainAffectConfig)
	})
}
