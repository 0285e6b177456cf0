package persistent

import (
	"fmt"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/fault"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/usage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// redefine patches the definition and defines it again over the same UUID; an object that is started is started again with it. That would
// take it away from the guests that use it, so it is refused while one runs.
func (c *Calls[T]) redefine(l *libvirt.Libvirt, t T, prior, plan table.Model) error {
	before, err := c.XML(l, t)
	if err != nil {
		return fault.In("update", err)
	}
	definition, err := xmlmodel.Parse(before)
	if err != nil {
		return fault.In("update", err)
	}
	xmlmodel.Patch(c.Table.Attrs, definition, prior, plan)
	after, err := xmlmodel.Text(definition)
	if err != nil {
		return fault.In("update", err)
	}
	active, err := c.IsActive(l, t)
	if err == nil && active == 1 {
		err = c.unused(l, "update", before, plan.Str("name"))
	}
	if err != nil {
		return fault.In("update", err)
	}
	if err := c.replace(l, after, active == 1, plan); err != nil {
		if undo := c.restore(l, before, active == 1); undo != nil {
			err = fmt.Errorf("%w; and going back to what it was failed too: %w", err, undo)
		}
		return fault.In("update", err)
	}
	now := prior.Clone()
	now["active"] = plan.Bool("active")
	return c.follow(l, t, now, plan)
}

// replace gives a started object, too, its new definition first: what libvirt refuses leaves it as it is.
func (c *Calls[T]) replace(l *libvirt.Libvirt, xml string, active bool, plan table.Model) error {
	t, err := c.Define(l, xml)
	if err != nil {
		return err
	}
	if active {
		if err := c.Stop(l, t); err != nil {
			return err
		}
	}
	if err := c.prepare(l, t); err != nil {
		return err
	}
	if plan.Bool("active") {
		return c.Start(l, t)
	}
	return nil
}

func (c *Calls[T]) restore(l *libvirt.Libvirt, xml string, active bool) error {
	t, err := c.Define(l, xml)
	if err != nil || !active {
		return err
	}
	if is, err := c.IsActive(l, t); err != nil || is == 1 {
		return err
	}
	return c.Start(l, t)
}

// unused refuses what would take the object away from a guest that runs.
func (c *Calls[T]) unused(l *libvirt.Libvirt, verb, xml, name string) error {
	definition, err := xmlmodel.ReadText(c.Table.Attrs, xml)
	if err != nil {
		return err
	}
	definition["name"] = name
	users, err := c.Users(l, definition)
	if err != nil {
		return err
	}
	if users = usage.Running(users); len(users) == 0 {
		return nil
	}
	kind := c.Table.Name
	next := map[string]string{
		"update": fmt.Sprintf("Nothing was changed: the %s would have to be started again, which would take it away from them. Stop these guests or "+
			"move them to another host first, or make a second %s for the new settings.", kind, kind),
		"destroy": "Nothing was changed. Stop these guests or move them to another host first, or take it out of their definitions.",
	}[verb]
	return fault.New(verb, next, "%s %q is used by running guests: %s", kind, name, usage.Names(users))
}
