package hotplug

import (
	"context"

	"github.com/digitalocean/go-libvirt"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// liveAndConfig changes a running domain and its definition in one call: both or neither.
const liveAndConfig = libvirt.DomainAffectLive | libvirt.DomainAffectConfig

// guest is a running domain with the prior state and the plan of its changes.
type guest struct {
	host        *conn.Host
	domain      libvirt.Domain
	prior, plan table.Model
	soon        table.Model // the plan of the domain, see Define
	group       string      // the group that prior and plan belong to, which is also the name of its element; "" if they belong to the domain
}

// inDomain wraps a part of prior or plan, so that it is a part of the domain's model.
func (g guest) inDomain(part table.Model) table.Model {
	if g.group == "" {
		return part
	}
	return table.Model{g.group: part}
}

// operation applies the live changes of one row, from prior to plan, to the running guest and its definition. It does not touch the
// changes that have to wait for the next start.
type operation func(ctx context.Context, g guest, changes []table.Change) error

var operations = [schema.EndOfOperations]operation{
	schema.ChangeTitle:         setText(libvirt.DomainMetadataTitle, "title"),
	schema.ChangeDescription:   setText(libvirt.DomainMetadataDescription, "description"),
	schema.ChangeMetadata:      changeMetadata,
	schema.ChangeVCPUs:         changeVCPUs,
	schema.ChangeMemoryDevices: changeDevices(schema.Row("memory_devices"), changeMemoryRequest),
	schema.ChangeMemory:        changeMemory,
	schema.ChangeScheduling:    changeScheduling,
	schema.ChangeMemoryLimits:  changeMemoryLimits,
	schema.ChangeHostNodes:     changeHostNodes,
	schema.ChangeDiskShare:     changeDiskShare,
	schema.ChangePassword:      changePassword,
	schema.ChangeDisks:         changeDevices(schema.Row("disks"), changeDisk),
	schema.ChangeInterfaces:    changeDevices(schema.Row("interfaces"), changeInterface),
	schema.ChangeFilesystems:   inGroup("devices", changeDevices(schema.Row("devices", "filesystems"), nil)),
	schema.ChangeHostdevs:      inGroup("devices", changeDevices(schema.Row("devices", "hostdevs"), nil)),
}

// operationOf returns the operation of the row that changes, or of the group or map that the row is in.
func operationOf(c table.Change) table.Operation {
	for _, row := range c.Rows {
		if op := row.Running.Operation; op != 0 {
			return op
		}
	}
	return 0
}

// inGroup returns an operation that works inside a group.
func inGroup(group string, do operation) operation {
	return func(ctx context.Context, g guest, changes []table.Change) error {
		inside := guest{host: g.host, domain: g.domain, prior: g.prior.Group(group), plan: g.plan.Group(group), soon: g.soon, group: group}
		own := make([]table.Change, len(changes))
		for i, c := range changes {
			c.Path = tftypes.NewAttributePathWithSteps(c.Path.Steps()[1:])
			own[i] = c
		}
		return do(ctx, inside, own)
	}
}

// Apply makes the changes that a running guest takes over at once. Each change is made completely or not at all; Apply stops at the first
// that fails.
func Apply(ctx context.Context, host *conn.Host, d libvirt.Domain, prior, plan table.Model, changes []table.Change) error {
	g := guest{host: host, domain: d, prior: prior, plan: plan, soon: plan}
	var live [schema.EndOfOperations][]table.Change
	for _, c := range changes {
		if op := operationOf(c); c.Cost == table.Live && op != 0 {
			live[op] = append(live[op], c)
		}
	}
	for op, changes := range live {
		if len(changes) > 0 {
			if err := operations[op](ctx, g, changes); err != nil {
				return diag.Wrap("change "+table.PathString(changes[0].Path)+" of", err)
			}
		}
	}
	return nil
}

// WithoutLiveChanges returns the plan without the changes that can be made live: the part that only the definition gets.
func WithoutLiveChanges(prior, plan table.Model, changes []table.Change) table.Model {
	later := plan.Clone()
	for _, c := range changes {
		if c.Cost == table.Live && operationOf(c) != 0 {
			table.CopyValue(later, prior, c.Path.Steps())
		}
	}
	return later
}

// setText returns an operation that sets the title or the description, the texts that libvirt keeps for people.
func setText(kind libvirt.DomainMetadataType, name string) operation {
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
