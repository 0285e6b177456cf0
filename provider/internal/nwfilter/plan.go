package nwfilter

import (
	"context"

	"github.com/digitalocean/go-libvirt"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Preflight checks that the host of a new filter supports filters.
func (Resource) Preflight(ctx context.Context, fleet *conn.Fleet, plan table.Model) engine.Advice {
	return engine.Advice{Problems: checkHost(ctx, fleet, plan)}
}

// Plan checks that the host of a changed filter supports filters.
func (Resource) Plan(ctx context.Context, fleet *conn.Fleet, prior, _, plan table.Model) engine.Advice {
	if len(table.Changes(Table.Attrs, prior, plan)) == 0 {
		return engine.Advice{}
	}
	return engine.Advice{Problems: checkHost(ctx, fleet, plan), AlsoOnReplace: true}
}

// checkHost returns a problem if the host does not support filters. libvirt would accept the filter, and fail when a guest with it starts. A
// host that cannot be asked is no problem: then the apply fails.
func checkHost(ctx context.Context, fleet *conn.Fleet, plan table.Model) []table.Problem {
	name, known := plan["host"].(string)
	if !known || fleet.Pending(name) {
		return nil
	}
	host, err := fleet.Host(name)
	if err != nil {
		return nil
	}
	host.FilterLock.RLock()
	defer host.FilterLock.RUnlock()
	lacks := ""
	err = host.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		lacks, err = hostinfo.MissingFilterSupport(l)
		return err
	})
	if err != nil || lacks == "" {
		return nil
	}
	return []table.Problem{{Path: tftypes.NewAttributePath().WithAttributeName("host"), Text: name + " " + lacks + "; or choose another host"}}
}
