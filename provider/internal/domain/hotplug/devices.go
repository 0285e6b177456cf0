package hotplug

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/observe"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// entry is an entry of a map of devices, with its live changes.
type entry struct {
	row     *table.Attr
	key     string
	was, is table.Model // 'was' is nil if the device is added, 'is' is nil if it is removed

	changes []table.Change              // the changes inside an entry that stays
	prepare func(device *etree.Element) // converts the device of the running guest to the form that libvirt is given; nil: no conversion
}

func (e entry) String() string { return fmt.Sprintf("%s[%q]", e.row.Name, e.key) }

// changeDevices returns an operation that changes the entries of a map of devices from prior to plan. It removes devices first, because
// an added device may need the place of a removed one.
func changeDevices(row *table.Attr, change func(context.Context, guest, entry) error) operation {
	return func(ctx context.Context, g guest, changes []table.Change) error {
		var leave, stay, come []entry
		for _, e := range entries(row, g, changes) {
			switch {
			case e.is == nil:
				leave = append(leave, e)
			case e.was == nil:
				come = append(come, e)
			default:
				stay = append(stay, e)
			}
		}
		for _, e := range leave {
			if err := detach(ctx, g, row, e.key); err != nil {
				return diag.Wrap("take "+e.String()+" out of", err)
			}
		}
		for _, e := range stay {
			if err := change(ctx, g, e); err != nil {
				return diag.Wrap("change "+e.String()+" of", err)
			}
		}
		slices.SortStableFunc(come, func(a, b entry) int { return cmp.Compare(a.is.Int("position"), b.is.Int("position")) })
		for _, e := range come {
			if err := attach(ctx, g, e); err != nil {
				return diag.Wrap("attach "+e.String()+" to", err)
			}
		}
		return nil
	}
}

// entries groups the changes by the entry that they belong to, in the order of the keys.
func entries(row *table.Attr, g guest, changes []table.Change) []entry {
	var found []entry
	for _, c := range changes {
		steps := c.Path.Steps()
		if table.StepName(steps[0]) != row.Name {
			continue
		}
		key := table.StepName(steps[1])
		if len(found) == 0 || found[len(found)-1].key != key {
			found = append(found, entry{row: row, key: key, was: g.prior.Group(row.Name).Group(key), is: g.plan.Group(row.Name).Group(key)})
		}
		if inside := steps[2:]; len(inside) > 0 {
			e := &found[len(found)-1]
			c.Path = tftypes.NewAttributePathWithSteps(inside)
			e.changes = append(e.changes, c)
		}
	}
	return found
}

// attach adds a device to the running guest and to the definition, in one call.
func attach(ctx context.Context, g guest, e entry) error {
	el, err := findRunningEntry(ctx, g, e.row, e.key)
	if err != nil {
		return err
	}
	if kept := e.alreadyAttached(el); kept != nil {
		return e.define(ctx, g, nil, kept)
	}
	device := e.row.Entries.Make(etree.NewElement("domain"), e.key, e.is)
	xmlmodel.Patch(e.row.Attrs, device, nil, e.is)
	if err := e.place(ctx, g, device); err != nil {
		return err
	}
	xml, err := xmlmodel.Text(device)
	if err != nil {
		return err
	}
	err = g.host.Do(ctx, func(l *libvirt.Libvirt) error { return l.DomainAttachDeviceFlags(g.domain, xml, uint32(liveAndConfig)) })
	// libvirt has no error number for this.
	if err != nil && strings.Contains(err.Error(), "No more available PCI slots") {
		return &diag.Error{
			Verb: "attach " + e.String() + " to", Err: err,
			Remedy: "The running guest has no free slot for it, and gets one at its next start: shut it down and apply again, " +
				"or take another device out first.",
		}
	}
	return err
}

// place gives a new device its place among the others of its kind.
func (e entry) place(ctx context.Context, g guest, device *etree.Element) error {
	placer, has := e.row.Entries.(schema.Placer)
	if !has || e.is["position"] == nil {
		return nil
	}
	live, err := runningRoot(ctx, g)
	if err != nil {
		return err
	}
	return g.host.Do(ctx, func(l *libvirt.Libvirt) error {
		xml, err := l.DomainGetXMLDesc(g.domain, observe.DefinitionFlags)
		if err != nil {
			return err
		}
		defined, err := xmlmodel.Parse(xml)
		if err == nil {
			placer.PlaceLive(device, live, defined, e.key, g.plan.Group(e.row.Name))
		}
		return err
	})
}

// alreadyAttached returns the planned entry if the running guest has this device already, because it was removed from the definition
// only. Unknown values get the value that the guest has. It returns nil if the guest does not have the device, or has another in its
// place.
func (e entry) alreadyAttached(el *etree.Element) table.Model {
	if el == nil {
		return nil
	}
	seen, is := xmlmodel.Read(e.row.Attrs, el), e.is.Clone()
	for name, v := range is {
		now, observed := seen[name]
		switch {
		case v == table.Unknown:
			is[name] = now
		case observed && v != nil && !table.Equal(v, now):
			return nil
		}
	}
	return is
}

// define writes one entry, or a part of it, into the definition. It ignores cancellation, so that a change that was begun on the guest is
// completed.
func (e entry) define(ctx context.Context, g guest, was, is table.Model) error {
	only := func(m table.Model) table.Model { return table.Model{e.row.Name: table.Model{e.key: m}} }
	return Define(context.WithoutCancel(ctx), g.host, g.domain, g.inDomain(only(was)), g.inDomain(only(is)), g.soon)
}

// liveParts returns the prior and the planned values of the changes that belong to these live steps, and nothing else of the entry; nil,
// nil if there are none.
func (e entry) liveParts(steps ...table.Step) (was, is table.Model) {
	for _, c := range e.changes {
		if c.Within(func(a *table.Attr) bool { return a.Running.Step != 0 && slices.Contains(steps, a.Running.Step) }) {
			if was == nil {
				was, is = table.Model{}, table.Model{}
			}
			table.CopyValue(was, e.was, c.Path.Steps())
			table.CopyValue(is, e.is, c.Path.Steps())
		}
	}
	return was, is
}

// updateDevice changes a device of the running guest and then the definition: both or neither. One call for both does not work:
// DomainUpdateDeviceFlags (9.0) writes everything that it is given into the definition, and the changes that wait there for the next
// start would be lost. The guest is changed first: if the apply ends in between, the next plan shows the change again.
//
// Each call gives libvirt one step. With several steps in one call, libvirt would leave the first applied when the second fails, and
// would not know about it.
func updateDevice(ctx context.Context, g guest, e entry, steps ...table.Step) error {
	device, err := findRunningEntry(ctx, g, e.row, e.key)
	if err != nil || device == nil {
		return err // if only the definition has the device, the device as a whole waits for the next start
	}
	before, err := xmlmodel.Text(device)
	if err != nil {
		return err
	}
	if e.prepare != nil {
		e.prepare(device)
	}
	changed := false
	for _, step := range steps {
		was, is := e.liveParts(step)
		if is == nil {
			continue
		}
		xmlmodel.Patch(e.row.Attrs, device, was, is)
		var xml string
		if xml, err = xmlmodel.Text(device); err == nil {
			err = updateRunningDevice(ctx, g, xml)
		}
		if err != nil {
			break
		}
		changed = true
	}
	if err == nil && changed {
		was, is := e.liveParts(steps...)
		err = e.define(ctx, g, was, is)
	}
	if err != nil && changed {
		if undo := updateRunningDevice(ctx, g, before); undo != nil {
			return fmt.Errorf("%w; putting the running guest back as it was failed too: %w", err, undo)
		}
	}
	return err
}

func updateRunningDevice(ctx context.Context, g guest, xml string) error {
	return g.host.Do(context.WithoutCancel(ctx), func(l *libvirt.Libvirt) error {
		return l.DomainUpdateDeviceFlags(g.domain, xml, libvirt.DomainDeviceModifyFlags(libvirt.DomainAffectLive))
	})
}
