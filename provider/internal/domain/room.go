package domain

import (
	"context"

	"github.com/digitalocean/go-libvirt"
	"github.com/google/uuid"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/forecast"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/room"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// UsesMemory marks the resource: a domain runs on a host.
func (Resource) UsesMemory() {}

// reserveStart reserves the memory of a new domain before it is defined. The caller calls done with the result of the creation.
func reserveStart(ctx context.Context, host *conn.Host, plan table.Model, xml string) (done func(ok bool), err error) {
	claim := room.Claim{Name: plan.Str("name")}
	if plan.Str("state") != schema.Stopped {
		domain, err := xmlmodel.Parse(xml)
		if err != nil {
			return nil, diag.Wrap("define", err)
		}
		id, _ := uuid.Parse(plan.Str("uuid"))
		claim.UUID, claim.Brings = libvirt.UUID(id), room.AtStart(domain)
		claim.Needs = claim.Brings
	}
	return room.Reserve(ctx, host, "create", claim)
}

// reserve reserves what an update brings to the host, before anything is changed.
func reserve(ctx context.Context, host *conn.Host, o forecast.ChangeSummary) (done func(ok bool), err error) {
	claim, err := o.MemoryClaim(ctx, host)
	if err != nil {
		return nil, diag.Wrap("update", err)
	}
	return room.Reserve(ctx, host, "update", claim)
}
