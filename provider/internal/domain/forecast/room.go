package forecast

import (
	"context"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"
	"github.com/google/uuid"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/room"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// checkNewRoom counts the memory of a new domain. It returns the reason why its host has not enough, and a warning.
func checkNewRoom(ctx context.Context, fleet *conn.Fleet, plan table.Model) (refusal, warning string) {
	host, err := fleet.Host(plan.Str("host"))
	if err != nil || !takesMemory(plan.Str("state")) {
		return "", ""
	}
	domain, err := definitionOf(plan)
	if err != nil {
		return "", ""
	}
	needs := room.AtStart(domain)
	return room.Plan(ctx, host, room.Claim{Name: plan.Str("name"), Brings: needs, Needs: needs})
}

// addRoom returns a function that adds to the advice what the count of the memory has found.
func addRoom(a *engine.Advice) func(refusal, warning string) {
	return func(refusal, warning string) {
		if refusal != "" {
			a.Problems = append(a.Problems, table.Problem{Path: tftypes.NewAttributePath().WithAttributeName("memory"), Text: refusal})
		}
		if warning != "" {
			a.Warnings = append(a.Warnings, warning)
		}
	}
}

// takesMemory reports whether a domain is started on its way to a state: one that is saved runs before.
func takesMemory(state string) bool { return schema.GuestIsUp(state) || state == schema.Saved }

// checkRoom counts the memory that a change of a domain takes from its host and brings to its host. arriving is what the running guest needs
// if it moves.
func (o ChangeSummary) checkRoom(ctx context.Context, fleet *conn.Fleet, arriving room.Demand) (refusal, warning string) {
	if len(o.replacing) > 0 {
		PlanLeave(ctx, fleet, o.prior)
		return checkNewRoom(ctx, fleet, o.plan)
	}
	host, err := fleet.Host(o.plan.Str("host"))
	if err != nil || o.plan["state"] == table.Unknown {
		return "", ""
	}
	if schema.GuestIsUp(o.PriorState()) && (o.moves || !schema.GuestIsUp(o.PlannedState())) {
		PlanLeave(ctx, fleet, o.prior)
	}
	if o.moves {
		return o.checkRoomOnNewHost(ctx, fleet, host, arriving)
	}
	claim, err := o.MemoryClaim(ctx, host)
	if err != nil {
		return "", "" // a host that cannot be asked refuses nothing
	}
	return room.Plan(ctx, host, claim)
}

// checkRoomOnNewHost counts what a domain brings to the host that it moves to.
func (o ChangeSummary) checkRoomOnNewHost(ctx context.Context, fleet *conn.Fleet, host *conn.Host, arriving room.Demand) (refusal, warning string) {
	claim := o.claim()
	if o.guestIsAlive() {
		claim.Brings = arriving
	}
	if old, err := fleet.Host(o.prior.Str("host")); err == nil && takesMemory(o.PlannedState()) && (o.Restarts() || !o.guestIsAlive()) {
		if next, err := o.nextDefinition(ctx, old); err == nil {
			claim.Brings = claim.Brings.Or(room.AtStart(next))
		}
	}
	claim.Needs = claim.Brings
	return room.Plan(ctx, host, claim)
}

// claim returns a claim of the domain that brings nothing.
func (o ChangeSummary) claim() room.Claim {
	id, _ := uuid.Parse(o.prior.Str("uuid"))
	return room.Claim{Name: o.plan.Str("name"), UUID: libvirt.UUID(id)}
}

// PlanLeave records that a domain of the state leaves its host, with the memory that it uses there.
func PlanLeave(ctx context.Context, fleet *conn.Fleet, prior table.Model) {
	host, err := fleet.Host(prior.Str("host"))
	if err != nil || !schema.GuestIsUp(prior.Str("state")) {
		return
	}
	claim := ChangeSummary{prior: prior, plan: prior}.claim()
	if domain, err := definitionOf(prior); err == nil {
		claim.Brings = room.Running(domain)
	}
	room.PlanLeave(ctx, host, claim)
}

// MemoryClaim returns what the change of a domain brings to its host: a start brings all of its memory, a guest that runs brings what it gets
// in addition, live or by a restart. What a saved guest needs is in its save image.
func (o ChangeSummary) MemoryClaim(ctx context.Context, host *conn.Host) (room.Claim, error) {
	claim := o.claim()
	isUp := schema.GuestIsUp(o.PriorState())
	if !takesMemory(o.PlannedState()) || o.PlannedState() == o.PriorState() && !isUp || isUp && !schema.GuestIsUp(o.PlannedState()) {
		return claim, nil
	}
	more := o.liveGrowth()
	if isUp && more <= 0 && !o.Restarts() {
		return claim, nil
	}
	if isUp && !o.Restarts() {
		live, err := read(ctx, host, claim, 0)
		if err == nil {
			claim.Brings, claim.Needs = room.Growth(live, more)
		}
		return claim, err
	}
	next, err := o.nextDefinition(ctx, host)
	if err != nil {
		return claim, err
	}
	claim.Needs = room.AtStart(next)
	claim.Brings = claim.Needs
	if isUp {
		live, err := read(ctx, host, claim, 0)
		if err != nil {
			return claim, err
		}
		claim.Brings = claim.Needs.Beyond(room.Running(live))
	}
	return claim, nil
}

// liveGrowth returns how much memory the guest gets while it runs, in KiB.
func (o ChangeSummary) liveGrowth() (more int64) {
	for _, c := range o.Changes {
		if c.Cost != table.Live {
			continue
		}
		switch c.Rows[0].Running.Operation {
		case schema.ChangeMemory:
			more += o.plan.Int("memory") - o.prior.Int("memory")
		case schema.ChangeMemoryDevices:
			more += growth(c.Value)
		}
	}
	return more
}

// growth returns how much more memory a change of memory devices takes: of a device that comes or goes, or of its request.
func growth(c table.ValueChange) int64 {
	takes := func(v any) int64 {
		if device, whole := v.(table.Model); whole {
			return schema.DeviceTakes(device)
		}
		n, _ := v.(int64)
		return n
	}
	return takes(c.Is) - takes(c.Was)
}

// nextDefinition returns the definition that the domain has after the apply.
func (o ChangeSummary) nextDefinition(ctx context.Context, host *conn.Host) (*etree.Element, error) {
	defined, err := read(ctx, host, o.claim(), libvirt.DomainXMLInactive)
	if err != nil {
		return nil, err
	}
	text, err := xmlmodel.Text(defined)
	if err != nil {
		return nil, err
	}
	if text, err = schema.PatchXML(text, o.prior, o.plan); err != nil {
		return nil, err
	}
	return xmlmodel.Parse(text)
}

// read reads the XML of a claim's domain.
func read(ctx context.Context, host *conn.Host, c room.Claim, flags libvirt.DomainXMLFlags) (domain *etree.Element, err error) {
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		text, err := l.DomainGetXMLDesc(libvirt.Domain{Name: c.Name, UUID: c.UUID}, flags)
		if err != nil {
			return err
		}
		domain, err = xmlmodel.Parse(text)
		return err
	})
	return domain, err
}

// definitionOf returns the definition that a model describes.
func definitionOf(m table.Model) (*etree.Element, error) {
	text, err := schema.NewXML(m)
	if err != nil {
		return nil, err
	}
	return xmlmodel.Parse(text)
}
