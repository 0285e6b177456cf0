package nwfilter

import (
	"context"

	"github.com/digitalocean/go-libvirt"

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
	return engine.CheckHost(ctx, fleet, nil, plan, true, func(c *engine.HostCheck, l *libvirt.Libvirt) error {
		lacks, err := hostinfo.MissingFilterSupport(l)
		if lacks != "" {
			c.Add("host", "%s %s; or choose another host", c.Host, lacks)
		}
		return err
	}).List()
}
