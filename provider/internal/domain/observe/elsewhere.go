package observe

import (
	"context"
	"sync"
	"time"

	"github.com/digitalocean/go-libvirt"
	"github.com/google/uuid"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
)

// Copy is a domain with the same UUID on another host.
type Copy struct {
	Host, Name string
	Runs       bool
}

// patience is how long a plan waits for a host that it only asks for copies.
const patience = 5 * time.Second

// domainsOf lists the domains of a host by UUID.
var domainsOf = &conn.Listing[map[string]libvirt.Domain]{Read: func(l *libvirt.Libvirt) (map[string]libvirt.Domain, error) {
	all, _, err := l.ConnectListAllDomains(1, 0)
	domains := make(map[string]libvirt.Domain, len(all))
	for _, d := range all {
		domains[uuid.UUID(d.UUID).String()] = d
	}
	return domains, err
}}

// Elsewhere returns the copies of a domain on the other hosts of the fleet, in the order of the hosts. It asks each host once for all domains
// of a plan, and skips a host that does not answer.
func Elsewhere(ctx context.Context, host *conn.Host, id string) []Copy {
	ctx = conn.WithBulkReads(ctx)
	others := host.Others()
	found := make([]*Copy, len(others))
	var wait sync.WaitGroup
	for i, other := range others {
		if other.AssumedDown() || other.URI() == host.URI() {
			continue
		}
		wait.Go(func() {
			all, _ := domainsOf.GetWithin(ctx, other, patience)
			if d, there := all[id]; there {
				found[i] = &Copy{other.Name, d.Name, d.ID >= 0}
			}
		})
	}
	wait.Wait()
	var copies []Copy
	for _, c := range found {
		if c != nil {
			copies = append(copies, *c)
		}
	}
	return copies
}
