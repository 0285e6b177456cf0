package domain

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/digitalocean/go-libvirt"
	"github.com/google/uuid"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/journal"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/snapshot"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Resource is libvirt_domain.
type Resource struct{}

// Table returns the domain's table.
func (Resource) Table() *table.Table { return Table }

// ImportID is host/name.
func (Resource) ImportID(m table.Model) string { return m.Str("host") + "/" + m.Str("name") }

// ParseImportID takes the name.
func (Resource) ParseImportID(parts []string) (table.Model, error) {
	return table.Model{"name": parts[0]}, nil
}

// The definition that the next start uses, with the passwords in it: without them, defining it again would take them away.
const definition = libvirt.DomainXMLInactive | libvirt.DomainXMLSecure

// lookup finds a domain by its UUID, by name only before that is known.
func lookup(l *libvirt.Libvirt, m table.Model) (libvirt.Domain, error) {
	id, err := uuid.Parse(m.Str("uuid"))
	if err != nil {
		return l.DomainLookupByName(m.Str("name"))
	}
	return l.DomainLookupByUUID(libvirt.UUID(id))
}

// Read reads the inactive definition and what the domain is doing.
func (Resource) Read(ctx context.Context, host *conn.Host, m table.Model) (table.Model, error) {
	f, ahead := survey.Get(ctx, host, m.Str("uuid"))
	var seen table.Model
	err := host.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		if !ahead {
			var d libvirt.Domain
			if d, err = lookup(l, m); err != nil {
				return err
			}
			if f, err = look(l, d); err != nil {
				return err
			}
		}
		seen, err = f.read(l, m)
		return err
	})
	return seen, err
}

// Create defines the domain and starts it.
func (Resource) Create(ctx context.Context, host *conn.Host, plan table.Model) (begun bool, err error) {
	fresh := plan.Str("uuid") == ""
	if fresh {
		plan["uuid"] = uuid.NewString()
	}
	xml, err := newXML(plan)
	if err != nil {
		return false, diag.Wrap("define", err)
	}
	var d libvirt.Domain
	asked := false
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		switch _, err := l.DomainLookupByName(plan.Str("name")); {
		case err == nil:
			return conn.ErrExists
		case !conn.IsNotFound(err):
			return err
		}
		if err := journal.Record(ctx, plan.Str("uuid")); err != nil {
			return err
		}
		asked = true
		d, err = l.DomainDefineXMLFlags(xml, 0)
		return err
	})
	if err != nil {
		return asked && errors.Is(err, conn.ErrLost), diag.Wrap("define", err)
	}
	if err := heeded(ctx, host, d, plan); err != nil {
		return true, err
	}
	r := run{host, d, policyOf(plan), fresh}
	if err = follow(ctx, r, table.Model{"state": stopped, "autostart": false}, plan); err == nil {
		err = r.await(ctx, plan)
	}
	return true, err
}

// Update patches the definition, changes a running guest as far as it can be changed, and then what the domain is doing.
func (Resource) Update(ctx context.Context, host *conn.Host, prior, plan table.Model) error {
	var d libvirt.Domain
	err := host.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		if d, err = lookup(l, prior); err != nil {
			return err
		}
		return snapshot.CheckDisksUnchanged(l, d, prior.Group("disks"), plan.Group("disks"))
	})
	if err != nil {
		return diag.Wrap("update", err)
	}
	r, o := run{host, d, policyOf(plan), false}, lookAhead(prior, plan)
	if o.was() == saved && o.goesOn() && !o.restarts() { // resumed first, it takes over what can be changed live
		if err := r.become(ctx, o.is()); err != nil {
			return err
		}
	}
	active, err := r.active(ctx)
	if err == nil && active && o.is() != stopped && !o.restarts() { // to one that is about to stop, nothing need be done live
		// What libvirt would not take for the next start is refused before anything has changed.
		if err = define(ctx, host, d, prior, waiting(prior, plan)); err == nil {
			err = live(ctx, guest{host, d, prior, plan, ""})
		}
	}
	if err == nil {
		err = define(ctx, host, d, prior, plan)
	}
	if err == nil {
		err = heeded(ctx, host, d, plan)
	}
	if err != nil {
		return diag.Wrap("update", err)
	}
	if err = follow(ctx, r, prior, plan); err == nil {
		err = r.await(ctx, plan)
	}
	return err
}

// define patches the definition where it is not what the plan says.
func define(ctx context.Context, host *conn.Host, d libvirt.Domain, prior, plan table.Model) error {
	return host.Do(ctx, func(l *libvirt.Libvirt) error {
		was, err := l.DomainGetXMLDesc(d, definition)
		if err != nil {
			return err
		}
		root, err := xmlmodel.Parse(was)
		if err != nil {
			return err
		}
		cover, err := snapshot.WithoutOverlays(l, d, root, prior.Group("disks"))
		if err != nil {
			return err
		}
		plain, err := xmlmodel.Text(root)
		if err != nil {
			return err
		}
		is, err := patched(plain, prior, plan)
		if err != nil || is == plain {
			return err
		}
		if is, err = cover(is); err != nil {
			return err
		}
		_, err = l.DomainDefineXMLFlags(is, 0)
		return err
	})
}

// Delete shuts the domain down and removes its definition, with what libvirt keeps for it beside its disks.
func (Resource) Delete(ctx context.Context, host *conn.Host, m table.Model) error {
	var d libvirt.Domain
	err := host.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		d, err = lookup(l, m)
		return err
	})
	if err == nil {
		err = refuseSnapshots(ctx, host, d)
	}
	if err == nil {
		err = run{host, d, policyOf(m), false}.end(ctx)
	}
	if err == nil {
		err = host.Do(ctx, func(l *libvirt.Libvirt) error {
			kept := libvirt.DomainUndefineManagedSave | libvirt.DomainUndefineCheckpointsMetadata | libvirt.DomainUndefineNvram
			if m.Group("devices").Group("tpm").Bool("persistent_state") {
				kept |= libvirt.DomainUndefineTpm // the others' libvirt removes unasked
			}
			return l.DomainUndefineFlags(d, kept)
		})
	}
	if err == nil && m.Str("firmware") == "efi" {
		err = forgetVariables(ctx, host, m.Str("name"))
	}
	return diag.IgnoreNotFound("destroy", err)
}

// refuseSnapshots: they are worth nothing without the domain, and what they left on its disks would be nobody's.
func refuseSnapshots(ctx context.Context, host *conn.Host, d libvirt.Domain) error {
	var names []string
	err := host.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		names, err = snapshot.Unmanaged(l, d)
		return err
	})
	if err != nil || len(names) == 0 {
		return err
	}
	return diag.New("destroy", fmt.Sprintf("Nothing was changed. Remove them first, with what they keep (virsh snapshot-delete %s NAME), or only libvirt's record of them "+
		"(--metadata); then run this again.", d.Name), "on %s: it has snapshots that are not managed here: %s", host.Name, strings.Join(names, ", "))
}

func has(ctx context.Context, host *conn.Host, m table.Model) error {
	return host.Do(ctx, func(l *libvirt.Libvirt) error {
		_, err := lookup(l, m)
		return err
	})
}
