package hotplug

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// entry is one of a map of devices, as it changes live.
type entry struct {
	row     *table.Attr
	key     string
	was, is table.Model // nil: it comes, or it goes

	changes []table.Change              // in an entry that stays: what changes in it
	prepare func(device *etree.Element) // makes of a device as it runs one as it is to be given to libvirt; nil: it is that
}

func (e entry) String() string { return fmt.Sprintf("%s[%q]", e.row.Name, e.key) }

// changeDevices brings the entries of a map of devices from prior to plan: what goes first, because what comes may need its place.
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
		for _, e := range come {
			if err := attach(ctx, g, e); err != nil {
				return diag.Wrap("attach "+e.String()+" to", err)
			}
		}
		return nil
	}
}

// entries gathers the changes by the entry that they are in, in the order of their keys.
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

// attach plugs a device into the running guest and puts it into the definition, in one call.
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
	xml, err := xmlmodel.Text(device)
	if err != nil {
		return err
	}
	err = g.host.Do(ctx, func(l *libvirt.Libvirt) error { return l.DomainAttachDeviceFlags(g.domain, xml, uint32(liveAndConfig)) })
	// libvirt has no error number for it.
	if err != nil && strings.Contains(err.Error(), "No more available PCI slots") {
		return &diag.Error{
			Verb: "attach " + e.String() + " to", Err: err,
			Remedy: "The running guest has no free slot for it, and gets one at its next start: shut it down and apply again, " +
				"or take another device out first.",
		}
	}
	return err
}

// alreadyAttached is what comes, as the running guest has it already: somebody took it out of the definition alone. nil where the guest does not have
// it, or has another in its place.
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

// define puts one entry, or a part of it, into the definition. What was begun on the guest is brought to its end, whoever interrupts.
func (e entry) define(ctx context.Context, g guest, was, is table.Model) error {
	only := func(m table.Model) table.Model { return table.Model{e.row.Name: table.Model{e.key: m}} }
	return Define(context.WithoutCancel(ctx), g.host, g.domain, g.inDomain(only(was)), g.inDomain(only(is)))
}

// liveParts are the two sides of what changes live in these steps, and nothing else of the entry; nil, nil where nothing does.
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

// updateDevice changes a device of the running guest and then the definition: together, or neither. One call for both would not do: of what it is
// given, DomainUpdateDeviceFlags (9.0) puts all into the definition, and what waits there for the next start would be gone. The guest comes
// first: ended in between, the next plan shows the change again.
//
// libvirt gets one step in a call. Of several in one call it would leave the first done where the second fails, and not know it.
func updateDevice(ctx context.Context, g guest, e entry, steps ...table.Step) error {
	device, err := findRunningEntry(ctx, g, e.row, e.key)
	if err != nil || device == nil {
		return err // what only the definition has waits for the next start as a whole
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
