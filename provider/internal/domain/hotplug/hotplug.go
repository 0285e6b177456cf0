package hotplug

import (
	"context"
	"slices"

	"github.com/digitalocean/go-libvirt"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// liveAndConfig changes a running domain and its definition in one call: together, or neither.
const liveAndConfig = libvirt.DomainAffectLive | libvirt.DomainAffectConfig

// guest is a running domain that is about to change.
type guest struct {
	host        *conn.Host
	domain      libvirt.Domain
	prior, plan table.Model
	group       string // the group in which prior and plan are, and whose element is of the same name; "" where they are the domain
}

// inGroup is a part of what prior and plan are as a part of the domain.
func (g guest) inGroup(part table.Model) table.Model {
	if g.group == "" {
		return part
	}
	return table.Model{g.group: part}
}

// operation brings what one top-level attribute has that can change live from prior to plan, on the running guest and in its definition. What
// of it has to wait is left as it is.
type operation struct {
	attr string
	do   func(ctx context.Context, g guest, changes []table.Change) error
}

// operations are in the order in which they are done: what makes room comes before what needs it.
var operations = []operation{
	{"title", setText(libvirt.DomainMetadataTitle, "title")},
	{"description", setText(libvirt.DomainMetadataDescription, "description")},
	{"metadata", changeMetadata},
	{"vcpu", changeVCPUs},
	{"memory_devices", changeDevices(schema.Row("memory_devices"), nil)},
	{"memory", changeMemory},
	{"cputune", changeScheduling},
	{"memtune", changeMemoryLimits},
	{"blkiotune", changeDiskShare},
	{"graphics", changePassword},
	{"disks", changeDevices(schema.Row("disks"), changeDisk)},
	{"interfaces", changeDevices(schema.Row("interfaces"), changeInterface)},
	{"devices", changeGroup("devices", changeDevices(schema.Row("devices", "filesystems"), nil), changeDevices(schema.Row("devices", "hostdevs"), nil))},
}

// changeGroup does what each of these does, in a group.
func changeGroup(group string, each ...func(context.Context, guest, []table.Change) error) func(context.Context, guest, []table.Change) error {
	return func(ctx context.Context, g guest, changes []table.Change) error {
		inside := guest{host: g.host, domain: g.domain, prior: g.prior.Group(group), plan: g.plan.Group(group), group: group}
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

// Apply does what a running guest takes over at once. Each change is complete or not there at all; the first that fails ends it.
func Apply(ctx context.Context, host *conn.Host, d libvirt.Domain, prior, plan table.Model) error {
	g := guest{host: host, domain: d, prior: prior, plan: plan}
	byAttr := map[string][]table.Change{}
	for _, c := range table.Changes(schema.Table.Attrs, g.prior, g.plan) {
		if name := table.FirstName(c.Path); c.Cost == table.Live {
			byAttr[name] = append(byAttr[name], c)
		}
	}
	for _, op := range operations {
		if changes := byAttr[op.attr]; len(changes) > 0 {
			if err := op.do(ctx, g, changes); err != nil {
				return diag.Wrap("change "+table.PathString(changes[0].Path)+" of", err)
			}
		}
	}
	return nil
}

// WithoutLiveChanges is the plan without what can be changed live: what the definition alone gets.
func WithoutLiveChanges(prior, plan table.Model) table.Model {
	later := plan.Clone()
	for _, c := range table.Changes(schema.Table.Attrs, prior, plan) {
		if c.Cost == table.Live && slices.ContainsFunc(operations, func(op operation) bool { return op.attr == table.FirstName(c.Path) }) {
			table.CopyValue(later, prior, c.Path.Steps())
		}
	}
	return later
}

// setText sets one of the texts that libvirt keeps for people.
func setText(kind libvirt.DomainMetadataType, name string) func(context.Context, guest, []table.Change) error {
	return func(ctx context.Context, g guest, _ []table.Change) error {
		text := libvirt.OptString{}
		if s := g.plan.Str(name); s != "" {
			text = libvirt.OptString{s}
		}
		return g.host.Do(ctx, func(l *libvirt.Libvirt) error {
			return l.DomainSetMetadata(g.domain, int32(kind), text, nil, nil, liveAndConfig)
		})
	}
}
