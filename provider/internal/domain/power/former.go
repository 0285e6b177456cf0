package power

import (
	"context"
	"errors"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/observe"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
)

// StartFormer starts a guest as it ran before a change, from its former definition, which the domain has again. A guest that ran with something
// other than its definition runs with it again: changes that waited for its next start still wait, and are not the reason why this start fails.
func (r *Controller) StartFormer(ctx context.Context, former observe.Former) error {
	r.OnlyHere, r.HasRoom = true, true // it gave back what it had
	flags := libvirt.DomainCreateFlags(0)
	if former.State == schema.Paused {
		flags = libvirt.DomainStartPaused
	}
	if former.Live == "" {
		return r.boot(ctx, flags)
	}
	if runs, err := observe.CompareRunning(former.Live, former.Inactive); err != nil || !runs.Differs {
		return r.boot(ctx, flags)
	}
	err := r.host.DoOnOwnConnection(ctx, startTimeout, func(l *libvirt.Libvirt) error {
		_, err := l.DomainCreateXML(former.Live, flags)
		return err
	})
	if err == nil {
		return nil
	}
	if active, look := r.IsActive(ctx); look != nil || active {
		return look
	}
	if again := r.boot(ctx, flags); again != nil {
		return errors.Join(err, again)
	}
	return nil
}
