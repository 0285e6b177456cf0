package conn

import (
	"context"

	"github.com/digitalocean/go-libvirt"
)

// WhenAgent returns a channel that receives nil when the guest agent of a running domain connects, and an error when
// that can no longer be observed. release ends the wait.
func (h *Host) WhenAgent(ctx context.Context, domain libvirt.UUID) (connected <-chan error, release func(), err error) {
	return h.when(ctx, func(event any) (bool, error) {
		if e, ok := event.(*libvirt.DomainEventCallbackAgentLifecycleMsg); ok {
			return e.Dom.UUID == domain &&
				libvirt.ConnectDomainEventAgentLifecycleState(e.State) == libvirt.ConnectDomainEventAgentLifecycleStateConnected, nil
		}
		return stops(event, domain), errStopped
	}, libvirt.DomainEventIDAgentLifecycle, libvirt.DomainEventIDLifecycle)
}
