package persistent

import (
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// An object that was defined anew and not started again, because that was cut off in the middle, or because a person did so, is not yet what
// its definition says.

// overlay puts what is started over what is defined, in what m has a say about, where the two differ.
func (c *Calls[T]) overlay(l *libvirt.Libvirt, t T, seen, m table.Model) error {
	xml, err := c.Running(l, t)
	if err != nil {
		return err
	}
	now, err := xmlmodel.ReadText(c.Table.Attrs, xml)
	if err != nil {
		return err
	}
	for name := range c.apart(seen, now, m) {
		seen[name] = now[name]
	}
	return nil
}

// behind says whether what is started is not what is defined.
func (c *Calls[T]) behind(l *libvirt.Libvirt, t T, plan table.Model) (bool, error) {
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
	err = c.overlay(l, t, defined, plan)
	return !table.Equal(was, defined), err
}

// apart are the rows in which two definitions differ. What m leaves to the host may be chosen with a start.
func (c *Calls[T]) apart(defined, started, m table.Model) map[string]bool {
	found := map[string]bool{}
	for i := range c.Table.Attrs {
		a := &c.Table.Attrs[i]
		if a.Mode != table.Computed && m[a.Name] != nil && m[a.Name] != table.Unknown && !table.Equal(defined[a.Name], started[a.Name]) {
			found[a.Name] = true
		}
	}
	return found
}
