package observe

import (
	"context"

	"github.com/digitalocean/go-libvirt"
	"github.com/google/uuid"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
)

// transientsOf lists the UUIDs of a host's running domains whose definitions were removed.
var transientsOf = &conn.Listing[map[string]bool]{Read: func(l *libvirt.Libvirt) (map[string]bool, error) {
	all, _, err := l.ConnectListAllDomains(1, libvirt.ConnectListDomainsTransient)
	transients := make(map[string]bool, len(all))
	for _, d := range all {
		transients[uuid.UUID(d.UUID).String()] = true
	}
	return transients, err
}}

// IsTransient reports whether a domain runs without a definition, so that it is gone when it stops; false if that is unknown.
func IsTransient(ctx context.Context, host *conn.Host, id string) bool {
	transients, _ := transientsOf.Get(conn.WithBulkReads(ctx), host)
	return transients[id]
}
