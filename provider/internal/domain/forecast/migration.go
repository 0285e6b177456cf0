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
	"github.com/kvm-fleet/kvm-fleet/provider/internal/migration"
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

// previewMigration describes the migration to another host, or returns the findings that prevent it.
func previewMigration(ctx context.Context, fleet *conn.Fleet, prior, plan table.Model) (way notice, findings string) {
	from, to := prior.Str("host"), plan.Str("host")
	if plan["host"] == table.Unknown {
		return notice{"may move to another host", "Which one is not known yet; what that takes is checked before anything moves."}, ""
	}
	if fleet.Pending(from) || fleet.Pending(to) {
		return notice{
			fmt.Sprintf("moves from %s to %s", from, to),
			"Where they are is not known yet; what that takes is checked before anything moves.",
		}, ""
	}
	request, err := MigrationRequest(fleet, prior, plan)
	if err != nil {
		return notice{}, err.Error()
	}
	outlook, err := migration.Preview(ctx, request)
	if err != nil {
		return notice{}, err.Error()
	}
	if len(outlook.Findings) > 0 {
		return notice{}, fmt.Sprintf("%s can't go from %s to %s:\n- %s", request.Name, from, to, strings.Join(outlook.Findings, "\n- "))
	}
	way = notice{outlook.How, outlook.Effect}
	if len(outlook.Missing) > 0 {
		way.detail += fmt.Sprintf(" %s has no active %s yet: unless this apply makes it, nothing is moved.",
			to, strings.Join(outlook.Missing, ", no "))
	}
	return way, ""
}
