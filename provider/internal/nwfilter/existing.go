package nwfilter

import (
	"context"
	"fmt"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Existing returns the filter of the host that has the name.
func (k Resource) Existing(ctx context.Context, host *conn.Host, plan table.Model) (found []engine.Existing, err error) {
	name := plan.Str("name")
	host.FilterLock.RLock()
	defer host.FilterLock.RUnlock()
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		filters, err := hostinfo.Filters(l, hostinfo.Lacks(name))
		if _, listed := filters[name]; err != nil || !listed {
			return err
		}
		_, err = l.NwfilterLookupByName(name) // the list may have what this apply has removed meanwhile
		if err == nil {
			found = append(found, engine.Existing{ID: k.ImportID(plan), What: fmt.Sprintf("a network filter %q", name)})
		}
		if conn.IsNotFound(err) {
			return nil
		}
		return err
	})
	return found, err
}
