package forecast

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"
	"github.com/google/uuid"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/migration"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/room"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// MigrationRequest returns the migration that a change of the host requires.
func MigrationRequest(fleet *conn.Fleet, prior, plan table.Model) (*migration.Request, error) {
	from, err := fleet.Host(prior.Str("host"))
	if err != nil {
		return nil, err
	}
	to, err := fleet.Host(plan.Str("host"))
	if err != nil {
		return nil, err
	}
	id, err := uuid.Parse(prior.Str("uuid"))
	if err != nil {
		return nil, err
	}
	pools := map[string]string{}
	for target, v := range plan.Group("disks") {
		if d, ok := v.(table.Model); ok && d.Str("target_pool") != "" {
			pools[target] = d.Str("target_pool")
		}
	}
	o := plan.Group("migration")
	return &migration.Request{
		Name: prior.Str("name"), UUID: libvirt.UUID(id), From: from, To: to, TargetPools: pools,
		Adapt: func(domain *etree.Element) { schema.Reconnect(domain, prior, plan) },
		Options: migration.Options{
			Bandwidth: o.Int("bandwidth"), Downtime: time.Duration(o.Int("downtime")) * time.Millisecond, AutoConverge: o.Bool("auto_converge"),
			PostCopy: o.Bool("post_copy"), Compression: o.Str("compression"), Connections: o.Int("parallel_connections"), TLS: o.Bool("tls"),
			Timeout: time.Duration(o.Int("timeout")) * time.Second, OnTimeout: o.Str("on_timeout"), Storage: o.Str("storage"),
		},
	}, nil
}

// previewMigration describes the migration to another host and the memory that the running guest needs there, or returns the findings that
// prevent it.
func previewMigration(ctx context.Context, fleet *conn.Fleet, prior, plan table.Model) (way notice, needs room.Demand, findings string) {
	from, to := prior.Str("host"), plan.Str("host")
	if plan["host"] == table.Unknown {
		return notice{"may move to another host", "The host is not known yet. The apply checks what the move requires before it moves " +
			"anything."}, needs, ""
	}
	if fleet.Pending(from) || fleet.Pending(to) {
		return notice{
			fmt.Sprintf("moves from %s to %s", from, to),
			"The uri of a host is not known yet. The apply checks what the move requires before it moves anything.",
		}, needs, ""
	}
	request, err := MigrationRequest(fleet, prior, plan)
	if err != nil {
		return notice{}, needs, err.Error()
	}
	outlook, err := migration.Preview(ctx, request)
	if err != nil {
		return notice{}, needs, err.Error()
	}
	for _, m := range outlook.Missing { // the other kinds are in the definition, which is checked later
		if m.Resource == "pool" && !engine.IsPlanned(ctx, m.Resource, to+"/"+m.Name) {
			outlook.Findings = append(outlook.Findings, fmt.Sprintf("%s does not have an active %s; create it first, or refer to "+
				"the attribute of the libvirt_pool that creates it", to, m.Text))
		}
	}
	if len(outlook.Findings) > 0 {
		return notice{}, needs, fmt.Sprintf("%s cannot move from %s to %s:\n- %s", request.Name, from, to, strings.Join(outlook.Findings, "\n- "))
	}
	return notice{outlook.How, outlook.Effect}, outlook.Needs, ""
}
