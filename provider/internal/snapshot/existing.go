package snapshot

import (
	"context"
	"fmt"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Existing returns the snapshot of the domain that has the name.
func (k Resource) Existing(ctx context.Context, host *conn.Host, plan table.Model) (found []engine.Existing, err error) {
	name, domain := plan.Str("name"), plan.Str("domain")
	if name == "" || domain == "" {
		return nil, nil
	}
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		domains, err := hostinfo.Domains(l, hostinfo.Lacks(domain))
		if _, listed := domains[domain]; err != nil || !listed {
			return err
		}
		_, _, err = find(l, plan)
		if err == nil {
			found = append(found, engine.Existing{ID: k.ImportID(plan), What: fmt.Sprintf("a snapshot %q of %q", name, domain)})
		}
		if conn.IsNotFound(err) {
			return nil
		}
		return err
	})
	return found, err
}
