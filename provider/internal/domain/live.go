package domain

import (
	"context"
	"slices"

	"github.com/digitalocean/go-libvirt"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// both changes a running domain and its definition in one call: together, or neither.
const both = libvirt.DomainAffectLive | libvirt.DomainAffectConfig

// guest is a running domain that is about to change.
type guest struct {
	host        *conn.Host
	domain      libvirt.Domain
	prior, plan table.Model
	group       string // the group in which prior and plan are, and whose element is of the same name; "" where they are the domain
}

// whole is a part of what prior and plan are as a part of the domain.
func (g guest) whole(part table.Model) table.Model {
	if g.group == "" {
		return part
	}
	return table.Model{g.group: part}
}

// liveOp brings what one top-level attribute has that can change live from prior to plan, on the running guest and in its definition. What
// of it has to wait is left as it is.
type liveOp struct {
	attr string
	do   func(ctx context.Context, g guest, changes []table.Change) error
}

// liveOps are in the order in which they are done: what makes room comes before what needs it.
var liveOps = []liveOp{
	{"title", relabel(libvirt.DomainMetadataTitle, "title")},
	{"description", relabel(libvirt.DomainMetadataDescription, "description")},
	{"metadata", changeMetadata},
	{"vcpu", changeVCPUs},
	{"memory_devices", changeDevices(&memoryDeviceRow, nil)},
	{"memory", changeMemory},
	{"cputune", changeScheduling},
	{"memtune", changeMemoryLimits},
	{"blkiotune", changeDiskShare},
	{"graphics", changePassword},
	{"disks", changeDevices(&diskRows[0], changeDisk)},
	{"interfaces", changeDevices(&interfaceRows[0], changeInterface)},
	{"devices", changeInGroup("devices", changeDevices(&filesystemRow, nil), changeDevices(&hostdevRow, nil))},
}

// changeInGroup does what each of these does, in a group.
func changeInGroup(group string, each ...func(context.Context, guest, []table.Change) error) func(context.Context, guest, []table.Change) error {
	return func(ctx context.Context, g guest, changes []table.Change) error {
		inside := guest{g.host, g.domain, g.prior.Group(group), g.plan.Group(group), group}
		own := make([]table.Change, len(changes))
		for i, c := range changes {
			c.Path = tftypes.NewAttributePathWithSteps(c.Path.Steps()[1:])
			own[i] = c
		}
		for _, do := range each {
			if err := do(ctx, inside, own); err != nil {
				return err
			}
		}
		return nil
	}
}

// live does what a running guest takes over at once. Each change is complete or not there at all; the first that fails ends it.
func live(ctx context.Context, g guest) error {
	byAttr := map[string][]table.Change{}
	for _, c := range table.Changes(Table.Attrs, g.prior, g.plan) {
		if name := table.FirstName(c.Path); c.Cost == table.Live {
			byAttr[name] = append(byAttr[name], c)
		}
	}
	for _, op := range liveOps {
		if changes := byAttr[op.attr]; len(changes) > 0 {
			if err := op.do(ctx, g, changes); err != nil {
				return diag.Wrap("change "+table.PathString(changes[0].Path)+" of", err)
			}
		}
	}
	return nil
}

// waiting is the plan without what can be changed live: what the definition alone gets.
func waiting(prior, plan table.Model) table.Model {
	later := plan.Clone()
	for _, c := range table.Changes(Table.Attrs, prior, plan) {
		if c.Cost == table.Live && slices.ContainsFunc(liveOps, func(op liveOp) bool { return op.attr == table.FirstName(c.Path) }) {
			table.CopyValue(later, prior, c.Path.Steps())
		}
	}
	return later
}

// relabel sets one of the texts that libvirt keeps for people.
func relabel(kind libvirt.DomainMetadataType, name string) func(context.Context, guest, []table.Change) error {
	return func(ctx context.Context, g guest, _ []table.Change) error {
		text := libvirt.OptString{}
		if s := g.plan.Str(name); s != "" {
			text = libvirt.OptString{s}
		}
		return g.host.Do(ctx, func(l *libvirt.Libvirt) error {
			return l.DomainSetMetadata(g.domain, int32(kind), text, nil, nil, both)
		})
	}
}
