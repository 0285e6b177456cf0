package persistent

import (
	"slices"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// An active object differs from its definition if it was redefined without a restart: by an apply that was interrupted, or by another program.

// activity says what an active object has in common with its definition and with a plan.
type activity int

const (
	asDefined activity = iota // it is as its definition says, or is not active
	asPlanned                 // its definition differs from it, and it is as planned
	outdated                  // its definition differs from it, and so does the plan
)

// RunsAsPlanned reports whether an active object differs from its definition, and whether it is as planned all the same: then another program
// changed the definition since the start.
func (c *Calls[T]) RunsAsPlanned(l *libvirt.Libvirt, t T, prior, plan table.Model) (redefined, planned bool, err error) {
	is, err := c.activity(l, t, prior, plan)
	return is != asDefined, is == asPlanned, err
}

// activity compares the running object with its definition and with a plan.
func (c *Calls[T]) activity(l *libvirt.Libvirt, t T, prior, plan table.Model) (activity, error) {
	active, err := c.IsActive(l, t)
	if err != nil || active == 0 {
		return asDefined, err
	}
	xml, err := c.XML(l, t)
	if err != nil {
		return asDefined, err
	}
	defined, err := c.RawXML.Read(xml, plan)
	if err != nil {
		return asDefined, err
	}
	now, err := c.running(l, t, plan)
	if err != nil {
		return asDefined, err
	}
	if !c.differ(defined, now, plan) {
		return asDefined, nil
	}
	for i := range c.Table.Attrs {
		a := &c.Table.Attrs[i]
		concerned := differs(a, defined, now, plan) || a.InDefinition() && !table.Equal(prior[a.Name], plan[a.Name])
		if concerned && !engine.IsAsIn(a, plan[a.Name], now[a.Name]) {
			return outdated, nil
		}
	}
	return asPlanned, nil
}

// running reads the running object. known says which elements are entries of `xml`.
func (c *Calls[T]) running(l *libvirt.Libvirt, t T, known table.Model) (table.Model, error) {
	xml, err := c.Running(l, t)
	if err != nil {
		return nil, err
	}
	return c.RawXML.Read(xml, known)
}

// differ reports whether an attribute differs between the definition and the running object.
func (c *Calls[T]) differ(defined, running, m table.Model) bool {
	return slices.ContainsFunc(c.Table.Attrs, func(a table.Attr) bool { return differs(&a, defined, running, m) })
}

// differs reports whether an attribute differs between the definition and the running object. It ignores what m leaves to the host: libvirt may
// choose it at the start.
func differs(a *table.Attr, defined, running, m table.Model) bool {
	isChosen := a.Assigned || a.Mode == table.OptionalComputed
	if !a.InDefinition() || a.Mode == table.Computed || m[a.Name] == table.Unknown || isChosen && m[a.Name] == nil {
		return false
	}
	return !engine.IsAsIn(a, defined[a.Name], running[a.Name])
}
