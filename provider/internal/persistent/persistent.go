// Package persistent implements what pools and networks have in common: objects that libvirt keeps by name, that are active or not, and
// that start with their host or not.
package persistent

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/digitalocean/go-libvirt"
	"github.com/google/uuid"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/journal"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/rawxml"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/usage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Calls are the libvirt calls for one type of object, T.
type Calls[T any] struct {
	Table  *table.Table
	RawXML *rawxml.Format // the attribute 'xml'
	Lookup func(l *libvirt.Libvirt, name string) (T, error)
	// List lists the names of all objects of a host.
	List func(l *libvirt.Libvirt, satisfied func(hostinfo.Names) bool) (hostinfo.Names, error)
	// XML returns the definition that the next start uses; Running returns the definition of the running object.
	XML, Running func(l *libvirt.Libvirt, t T) (string, error)
	Define       func(l *libvirt.Libvirt, xml string) (T, error)
	Start, Stop  func(l *libvirt.Libvirt, t T) error
	Undefine     func(l *libvirt.Libvirt, t T) error
	IsActive     func(l *libvirt.Libvirt, t T) (int32, error)
	// IsPersistent reports whether an active object is defined. nil: libvirt keeps the definition of every active object.
	IsPersistent func(l *libvirt.Libvirt, t T) (int32, error)
	Autostart    func(l *libvirt.Libvirt, t T) (int32, error)
	SetAutostart func(l *libvirt.Libvirt, t T, yes int32) error
	// Users returns the domains that use the object, given its definition.
	Users func(l *libvirt.Libvirt, definition table.Model) ([]usage.User, error)
	// BeforeChange creates what a changed object needs, before it is defined. nil: nothing.
	BeforeChange func(host *conn.Host, l *libvirt.Libvirt, prior, plan table.Model) error
	// Prepare creates what the object needs before it can be started, and for a new object, whose prior state is nil, the storage that it
	// consists of. nil: nothing.
	Prepare func(l *libvirt.Libvirt, t T, prior, plan table.Model) error
	// Discard deletes the storage of a stopped object, if the object's attributes ask for it. nil: the storage stays.
	Discard func(l *libvirt.Libvirt, t T, m table.Model) error
	// Limit is how long it may take to create, change or remove an object. 0: conn.CallTimeout.
	Limit time.Duration
	// KeepAttached attaches running guests elsewhere while the object restarts, until back is called. If it fails, nothing is changed. nil: not
	// possible.
	KeepAttached func(l *libvirt.Libvirt, name string, users []usage.User) (back func() error, err error)
	// Live makes the changes that are possible while the object is in use. all is true if no other change remains.
	Live func(l *libvirt.Libvirt, t T, prior, plan table.Model) (all bool, err error)
}

// ImportID returns host/name.
func (c *Calls[T]) ImportID(m table.Model) string { return m.Str("host") + "/" + m.Str("name") }

// ParseImportID takes the name.
func (c *Calls[T]) ParseImportID(parts []string) (table.Model, error) {
	return table.Model{"name": parts[0]}, nil
}

// Existing returns the object of the host that has the name.
func (c *Calls[T]) Existing(ctx context.Context, host *conn.Host, plan table.Model) (found []engine.Existing, err error) {
	name := plan.Str("name")
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		names, err := c.List(l, hostinfo.Lacks(name))
		if _, listed := names[name]; err != nil || !listed {
			return err
		}
		_, err = c.Lookup(l, name) // the list may have what this apply has removed meanwhile
		if err == nil {
			found = []engine.Existing{{ID: c.ImportID(plan), What: fmt.Sprintf("a %s %q", c.Table.Name, name)}}
		}
		if conn.IsNotFound(err) {
			return nil
		}
		return err
	})
	return found, err
}

// Read looks the object up by name. An active object needs repair if its definition was removed, or if it differs from its definition: it would be
// gone or another one after the next start.
func (c *Calls[T]) Read(ctx context.Context, host *conn.Host, m table.Model) (table.Model, error) {
	var seen table.Model
	err := host.Do(ctx, func(l *libvirt.Libvirt) error {
		t, err := c.Lookup(l, m.Str("name"))
		if err != nil {
			return err
		}
		xml, err := c.XML(l, t)
		if err != nil {
			return err
		}
		if seen, err = c.RawXML.Read(xml, m); err != nil {
			return err
		}
		autostart, err := c.Autostart(l, t)
		if err != nil {
			return err
		}
		active, err := c.IsActive(l, t)
		if err != nil {
			return err
		}
		seen["autostart"], seen["active"], seen[table.NeedsRepair] = autostart == 1, active == 1, false
		if active == 0 {
			return nil
		}
		transient, err := c.isTransient(l, t)
		if err != nil {
			return err
		}
		now, err := c.running(l, t, m)
		seen[table.NeedsRepair] = transient || c.differ(seen, now, m)
		return err
	})
	return seen, err
}

// Create defines the object, prepares it, and starts it.
func (c *Calls[T]) Create(ctx context.Context, host *conn.Host, plan table.Model) (begun bool, err error) {
	id := uuid.NewString()
	xml, err := c.newDefinition(plan, id)
	if err != nil {
		return false, diag.Wrap("define", err)
	}
	sent := false
	err = c.do(ctx, host, func(l *libvirt.Libvirt) error {
		switch _, err := c.Lookup(l, plan.Str("name")); {
		case err == nil:
			return diag.Wrap("define", conn.ErrExists)
		case !conn.IsNotFound(err):
			return diag.Wrap("define", err)
		}
		if err := journal.Record(ctx, id); err != nil {
			return diag.Wrap("define", err)
		}
		sent = true
		t, err := c.Define(l, xml)
		if err != nil {
			return diag.Wrap("define", err)
		}
		if err := c.verifyAccepted(host, l, t, plan); err != nil {
			if undo := c.Undefine(l, t); undo != nil {
				begun = true
				return fmt.Errorf("%w; removing the definition again also failed: %w", err, undo)
			}
			return err
		}
		begun = true
		if err := c.prepare(l, t, nil, plan); err != nil {
			return err
		}
		return c.settle(l, t, false, table.Model{"autostart": false}, plan)
	})
	return begun || (sent && errors.Is(err, conn.ErrLost)), err
}

// newDefinition returns the definition of a new object. It has a UUID by which the journal recognizes the object.
func (c *Calls[T]) newDefinition(plan table.Model, id string) (string, error) {
	xml, err := c.RawXML.New(plan)
	if err != nil {
		return "", err
	}
	definition, err := xmlmodel.Parse(xml)
	if err != nil {
		return "", err
	}
	xmlmodel.At("uuid").Write(definition, id)
	return xmlmodel.Text(definition)
}

func (c *Calls[T]) do(ctx context.Context, host *conn.Host, call func(l *libvirt.Libvirt) error) error {
	return host.DoWithin(ctx, max(c.Limit, conn.CallTimeout), call)
}

// verifyAccepted returns an error if libvirt has dropped elements of `xml` from the definition.
func (c *Calls[T]) verifyAccepted(host *conn.Host, l *libvirt.Libvirt, t T, plan table.Model) error {
	if len(plan.Group("xml")) == 0 {
		return nil
	}
	xml, err := c.XML(l, t)
	if err != nil {
		return diag.Wrap("define", err)
	}
	return c.RawXML.VerifyAccepted(host.Name, c.Table.See, xml, plan)
}

func (c *Calls[T]) prepare(l *libvirt.Libvirt, t T, prior, plan table.Model) error {
	if c.Prepare == nil {
		return nil
	}
	return c.Prepare(l, t, prior, plan)
}

// Update changes the object, redefines it if that is necessary, and then starts or stops it.
func (c *Calls[T]) Update(ctx context.Context, host *conn.Host, prior, plan table.Model) error {
	return c.do(ctx, host, func(l *libvirt.Libvirt) error {
		t, err := c.Lookup(l, plan.Str("name"))
		if err != nil {
			return diag.Wrap("update", err)
		}
		if err := c.keep(l, t); err != nil {
			return diag.Wrap("define", err)
		}
		runs, err := c.activity(l, t, prior, plan)
		if err != nil {
			return diag.Wrap("update", err)
		}
		all := runs == asPlanned
		switch runs {
		case asPlanned:
			err = c.define(host, l, t, prior, plan)
		case asDefined:
			all, err = c.Live(l, t, prior, plan)
		}
		if err != nil {
			return diag.Wrap("update", err)
		}
		if !all {
			return c.redefine(host, l, t, prior, plan)
		}
		return c.settleCurrent(l, t, prior, plan)
	})
}

// isTransient reports whether an active object has no definition.
func (c *Calls[T]) isTransient(l *libvirt.Libvirt, t T) (bool, error) {
	if c.IsPersistent == nil {
		return false, nil
	}
	is, err := c.IsPersistent(l, t)
	return err == nil && is == 0, err
}

// keep defines an active object again whose definition was removed.
func (c *Calls[T]) keep(l *libvirt.Libvirt, t T) error {
	transient, err := c.isTransient(l, t)
	if err != nil || !transient {
		return err
	}
	xml, err := c.XML(l, t)
	if err == nil {
		_, err = c.Define(l, xml)
	}
	return err
}

// settleCurrent is settle for an object that may have been started or stopped since the plan.
func (c *Calls[T]) settleCurrent(l *libvirt.Libvirt, t T, prior, plan table.Model) error {
	active, err := c.IsActive(l, t)
	if err == nil && active == 0 && plan.Bool("active") {
		err = c.prepare(l, t, prior, plan)
	}
	if err != nil {
		return diag.Wrap("update", err)
	}
	return c.settle(l, t, active == 1, prior, plan)
}

// settle starts or stops the object and sets its autostart, as planned.
func (c *Calls[T]) settle(l *libvirt.Libvirt, t T, active bool, prior, plan table.Model) error {
	if plan.Bool("active") != active {
		if plan.Bool("active") {
			if err := c.Start(l, t); err != nil {
				return diag.Wrap("start", err)
			}
		} else if err := c.Stop(l, t); err != nil {
			return diag.Wrap("stop", err)
		}
	}
	if plan.Bool("autostart") != prior.Bool("autostart") {
		return diag.Wrap("set autostart of", c.SetAutostart(l, t, conn.Flag(plan.Bool("autostart"))))
	}
	return nil
}

// Delete stops and undefines the object. It refuses if a running guest uses the object.
func (c *Calls[T]) Delete(ctx context.Context, host *conn.Host, m table.Model) error {
	err := c.do(ctx, host, func(l *libvirt.Libvirt) error {
		t, err := c.Lookup(l, m.Str("name"))
		if err != nil {
			return err
		}
		active, err := c.IsActive(l, t)
		if err != nil {
			return err
		}
		used := c.XML
		if active == 1 {
			used = c.Running
		}
		xml, err := used(l, t)
		if err != nil {
			return err
		}
		if err := c.unused(l, "destroy", xml, m.Str("name")); err != nil {
			return err
		}
		if active == 1 {
			if err := c.Stop(l, t); err != nil {
				return err
			}
		}
		if err := c.discard(l, t, m, active == 1); err != nil {
			return err
		}
		return c.Undefine(l, t)
	})
	return diag.IgnoreNotFound("destroy", err)
}

// discard deletes the object's storage. If that fails, it starts the object again.
func (c *Calls[T]) discard(l *libvirt.Libvirt, t T, m table.Model, wasActive bool) error {
	if c.Discard == nil {
		return nil
	}
	err := c.Discard(l, t, m)
	if err != nil && wasActive {
		if again := c.Start(l, t); again != nil {
			return fmt.Errorf("%w; starting it again also failed: %w", err, again)
		}
	}
	return err
}
