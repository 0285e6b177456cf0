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

// Preflight holds a new filter against its host.
func (Resource) Preflight(ctx context.Context, fleet *conn.Fleet, plan table.Model) engine.Advice {
	return engine.Advice{Problems: lacking(ctx, fleet, plan)}
}

// Plan holds one that changes against its host, or the one that it goes to.
func (Resource) Plan(ctx context.Context, fleet *conn.Fleet, prior, _, plan table.Model) engine.Advice {
	if len(table.Changes(Table.Attrs, prior, plan)) == 0 {
		return engine.Advice{}
	}
	return engine.Advice{Problems: lacking(ctx, fleet, plan), AlsoOnReplace: true}
}

// lacking is that the host can't filter. libvirt itself would take the filter, and fail when a guest starts that has it. A host that can't be
// asked has nothing against it: the apply will tell.
func lacking(ctx context.Context, fleet *conn.Fleet, plan table.Model) []table.Problem {
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
