package persistent

import (
	"errors"
	"fmt"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/usage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// redefine patches the definition, defines it again with the same UUID, and restarts an active object. A restart would
// disconnect the guests that use the object, so redefine refuses while one runs, unless KeepAttached is set.
func (c *Calls[T]) redefine(host *conn.Host, l *libvirt.Libvirt, t T, prior, plan table.Model) error {
	before, after, err := c.patched(l, t, prior, plan)
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
	if c.BeforeChange != nil {
		if err := c.BeforeChange(host, l, prior, plan); err != nil {
			return err
		}
	}
	if err := c.replace(host, l, after, before, active == 1, users, prior, plan); err != nil {
		return diag.Wrap("update", err)
	}
	return c.settleCurrent(l, t, prior, plan)
}

// define patches the definition of a running object that is as planned already.
func (c *Calls[T]) define(host *conn.Host, l *libvirt.Libvirt, t T, prior, plan table.Model) error {
	before, after, err := c.patched(l, t, prior, plan)
	if err != nil {
		return err
	}
	if t, err = c.Define(l, after); err != nil {
		return err
	}
	if err := c.verifyAccepted(host, l, t, plan); err != nil {
		return c.undo(l, before, false, err)
	}
	return nil
}

// patched returns the definition as it is, and as it is planned.
func (c *Calls[T]) patched(l *libvirt.Libvirt, t T, prior, plan table.Model) (before, after string, err error) {
	if before, err = c.XML(l, t); err != nil {
		return "", "", err
	}
	definition, err := xmlmodel.Parse(before)
	if err != nil {
		return "", "", err
	}
	c.RawXML.Patch(definition, prior, plan)
	after, err = xmlmodel.Text(definition)
	return before, after, err
}

// replace defines the new definition before it stops an active object: a definition that libvirt refuses changes
// nothing.
func (c *Calls[T]) replace(host *conn.Host, l *libvirt.Libvirt, after, before string, active bool, users []usage.User,
	prior, plan table.Model) error {
	t, err := c.Define(l, after)
	if err != nil {
		return err
	}
	if err := c.verifyAccepted(host, l, t, plan); err != nil {
		return c.undo(l, before, false, err)
	}
	back := func() error { return nil }
	if len(users) > 0 {
		back, err = c.KeepAttached(l, plan.Str("name"), users)
	}
	if err == nil {
		err = c.restart(l, t, active, prior, plan)
	} else {
		back = func() error { return nil }
	}
	if err != nil {
		err = c.undo(l, before, active, err)
	}
	if attachErr := back(); attachErr != nil {
		return errors.Join(err, attachErr)
	}
	return err
}

func (c *Calls[T]) restart(l *libvirt.Libvirt, t T, active bool, prior, plan table.Model) error {
	if active {
		if err := c.Stop(l, t); err != nil {
			return err
		}
	}
	if err := c.prepare(l, t, prior, plan); err != nil {
		return err
	}
	if plan.Bool("active") {
		return c.Start(l, t)
	}
	return nil
}

// undo restores the previous definition after an error, and returns the error.
func (c *Calls[T]) undo(l *libvirt.Libvirt, before string, active bool, err error) error {
	if undo := c.restore(l, before, active); undo != nil {
		return fmt.Errorf("%w; restoring the previous definition also failed: %w", err, undo)
	}
	return err
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
