package persistent

import (
	"errors"
	"fmt"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/usage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// redefine patches the definition, defines it again with the same UUID, and restarts an active object. A restart would
// disconnect the guests that use the object, so redefine refuses while one runs, unless KeepAttached is set.
func (c *Calls[T]) redefine(l *libvirt.Libvirt, t T, prior, plan table.Model) error {
	before, err := c.XML(l, t)
	if err != nil {
		return diag.Wrap("update", err)
	}
	definition, err := xmlmodel.Parse(before)
	if err != nil {
		return diag.Wrap("update", err)
	}
	xmlmodel.Patch(c.Table.Attrs, definition, prior, plan)
	after, err := xmlmodel.Text(definition)
	if err != nil {
		return diag.Wrap("update", err)
	}
	active, err := c.IsActive(l, t)
	if err != nil {
		return diag.Wrap("update", err)
	}
	var users []usage.User
	if active == 1 {
		now, err := c.Running(l, t)
		if err == nil {
			users, err = c.runningUsers(l, now, plan.Str("name"))
		}
		if err != nil {
			return diag.Wrap("update", err)
		}
	}
	if len(users) > 0 && (c.KeepAttached == nil || !plan.Bool("active")) {
		return c.inUse("update", plan.Str("name"), users)
	}
	if err := c.replace(l, after, before, active == 1, users, plan); err != nil {
		return diag.Wrap("update", err)
	}
	return c.settleCurrent(l, t, prior, plan)
}

// replace defines the new definition before it stops an active object: a definition that libvirt refuses changes
// nothing.
func (c *Calls[T]) replace(l *libvirt.Libvirt, after, before string, active bool, users []usage.User, plan table.Model) error {
	t, err := c.Define(l, after)
	if err != nil {
		return err
	}
	back := func() error { return nil }
	if len(users) > 0 {
		back, err = c.KeepAttached(l, plan.Str("name"), users)
	}
	if err == nil {
		err = c.restart(l, t, active, plan)
	} else {
		back = func() error { return nil }
	}
	if err != nil {
		if undo := c.restore(l, before, active); undo != nil {
			err = fmt.Errorf("%w; restoring the previous definition also failed: %w", err, undo)
		}
	}
	if attachErr := back(); attachErr != nil {
		return errors.Join(err, attachErr)
	}
	return err
}

func (c *Calls[T]) restart(l *libvirt.Libvirt, t T, active bool, plan table.Model) error {
	if active {
		if err := c.Stop(l, t); err != nil {
			return err
		}
	}
	if err := c.prepare(l, t, plan, false); err != nil {
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

// unused returns an error if a running guest uses the object.
func (c *Calls[T]) unused(l *libvirt.Libvirt, verb, xml, name string) error {
	users, err := c.runningUsers(l, xml, name)
	if err != nil || len(users) == 0 {
		return err
	}
	return c.inUse(verb, name, users)
}

// runningUsers returns the running guests that use the object.
func (c *Calls[T]) runningUsers(l *libvirt.Libvirt, xml, name string) ([]usage.User, error) {
	definition, err := xmlmodel.ReadText(c.Table.Attrs, xml)
	if err != nil {
		return nil, err
	}
	definition["name"] = name
	users, err := c.Users(l, definition)
	return usage.Running(users), err
}

func (c *Calls[T]) inUse(verb, name string, users []usage.User) error {
	object := c.Table.Name
	remedy := map[string]string{
		"update": fmt.Sprintf("Nothing was changed: the change requires a restart of the %s, which would disconnect these guests. Stop them or "+
			"move them to another host first, or create a second %s with the new settings.", object, object),
		"destroy": "Nothing was changed. Stop these guests or move them to another host first, or remove it from their definitions.",
	}[verb]
	return diag.New(verb, remedy, "%s %q is used by running guests: %s", object, name, usage.Names(users))
}
