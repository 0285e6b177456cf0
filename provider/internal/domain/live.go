package domain

import (
	"context"
	"slices"

	"github.com/digitalocean/go-libvirt"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
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
	do   func(ctx context.Context, g guest, changes []engine.Change) error
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
func changeInGroup(group string, each ...func(context.Context, guest, []engine.Change) error) func(context.Context, guest, []engine.Change) error {
	return func(ctx context.Context, g guest, changes []engine.Change) error {
		inside := guest{g.host, g.domain, g.prior.Group(group), g.plan.Group(group), group}
		own := make([]engine.Change, len(changes))
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
	byAttr := map[string][]engine.Change{}
	for _, c := range engine.Changes(Table.Attrs, g.prior, g.plan) {
		if name := top(c.Path); c.Cost == table.Live {
			byAttr[name] = append(byAttr[name], c)
		}
	}
	for _, op := range liveOps {
		if changes := byAttr[op.attr]; len(changes) > 0 {
			if err := op.do(ctx, g, changes); err != nil {
				return diag.Wrap("change "+spell(changes[0].Path)+" of", err)
			}
		}
	}
	return nil
}

// waiting is the plan without what can be changed live: what the definition alone gets.
func waiting(prior, plan table.Model) table.Model {
	later := plan.Clone()
	for _, c := range engine.Changes(Table.Attrs, prior, plan) {
		if c.Cost == table.Live && slices.ContainsFunc(liveOps, func(op liveOp) bool { return op.attr == top(c.Path) }) {
			restore(later, prior, c.Path.Steps())
		}
	}
	return later
}

// restore puts back what stood at a path.
func restore(to, from table.Model, path []tftypes.AttributePathStep) {
	name := stepName(path[0])
	if len(path) == 1 {
		if v, there := from[name]; there {
			to[name] = v
		} else {
			delete(to, name)
		}
		return
	}
	if to.Group(name) == nil {
		to[name] = table.Model{}
	}
	restore(to.Group(name), from.Group(name), path[1:])
	if from.Group(name) == nil && to.Group(name).IsEmpty() {
		delete(to, name) // libvirt would write an empty element down, or take it for something
	}
}

func top(path *tftypes.AttributePath) string { return stepName(path.Steps()[0]) }

func stepName(s tftypes.AttributePathStep) string {
	switch s := s.(type) {
	case tftypes.AttributeName:
		return string(s)
	case tftypes.ElementKeyString:
		return string(s)
	default:
		return ""
	}
}

// relabel sets one of the texts that libvirt keeps for people.
func relabel(kind libvirt.DomainMetadataType, name string) func(context.Context, guest, []engine.Change) error {
	return func(ctx context.Context, g guest, _ []engine.Change) error {
		text := libvirt.OptString{}
		if s := g.plan.Str(name); s != "" {
			text = libvirt.OptString{s}
		}
		return g.host.Do(ctx, func(l *libvirt.Libvirt) error {
			return l.DomainSetMetadata(g.domain, int32(kind), text, nil, nil, both)
		})
	}
}
