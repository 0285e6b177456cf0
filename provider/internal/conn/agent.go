package conn

import (
	"context"

	"github.com/digitalocean/go-libvirt"
)

// WhenAgent returns a channel that gets nil when the guest agent of a running domain connects, and an error when nobody can tell any more.
// Waiting ends with release.
func (h *Host) WhenAgent(ctx context.Context, domain libvirt.UUID) (connected <-chan error, release func(), err error) {
	return h.when(ctx, func(event any) (bool, error) {
		if e, ok := event.(*libvirt.DomainEventCallbackAgentLifecycleMsg); ok {
			return e.Dom.UUID == domain && libvirt.ConnectDomainEventAgentLifecycleState(e.State) == libvirt.ConnectDomainEventAgentLifecycleStateConnected, nil
		}
		return stops(event, domain), errStopped
	}, libvirt.DomainEventIDAgentLifecycle, libvirt.DomainEventIDLifecycle)
}
