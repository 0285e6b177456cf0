package persistent

import (
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// An active object differs from its definition if it was redefined without a restart: by an apply that was interrupted, or by a person.

// applyRunning replaces values of the definition in seen with those of the running object, for the attributes that m sets.
func (c *Calls[T]) applyRunning(l *libvirt.Libvirt, t T, seen, m table.Model) error {
	xml, err := c.Running(l, t)
	if err != nil {
		return err
	}
	now, err := xmlmodel.ReadText(c.Table.Attrs, xml)
	if err != nil {
		return err
	}
	for name := range c.differingRows(seen, now, m) {
		seen[name] = now[name]
	}
	return nil
}

// isStale reports whether the running object differs from its definition.
func (c *Calls[T]) isStale(l *libvirt.Libvirt, t T, plan table.Model) (bool, error) {
	active, err := c.IsActive(l, t)
	if err != nil || active == 0 {
		return false, err
	}
	xml, err := c.XML(l, t)
	if err != nil {
		return false, err
	}
	defined, err := xmlmodel.ReadText(c.Table.Attrs, xml)
	if err != nil {
		return false, err
	}
	was := defined.Clone()
	err = c.applyRunning(l, t, defined, plan)
	return !table.Equal(was, defined), err
}

// differingRows returns the rows that differ between two definitions. It ignores attributes that m leaves to the host: libvirt may choose them at
// the start.
func (c *Calls[T]) differingRows(defined, started, m table.Model) map[string]bool {
	found := map[string]bool{}
	for i := range c.Table.Attrs {
		a := &c.Table.Attrs[i]
		if a.Mode != table.Computed && m[a.Name] != nil && m[a.Name] != table.Unknown && !table.Equal(defined[a.Name], started[a.Name]) {
			found[a.Name] = true
		}
	}
	return found
}
