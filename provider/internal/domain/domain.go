// Package domain is the resource libvirt_domain, a virtual machine: it creates, reads, updates, moves and deletes. What a domain is, how it is
// observed, how it changes and what a plan says about it stand in the packages below this one.
package domain

import (
	"context"
	"errors"
	"strings"

	"github.com/digitalocean/go-libvirt"
	"github.com/google/uuid"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/hotplug"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/observe"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/power"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/journal"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/room"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/snapshot"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Resource is libvirt_domain.
type Resource struct{}

// The engine finds these interfaces by type assertion: it would silently skip a method with a misspelled name.
var (
	_ engine.Resource       = Resource{}
	_ engine.Validator      = Resource{}
	_ engine.Planner        = Resource{}
	_ engine.Preflighter    = Resource{}
	_ engine.Relocatable    = Resource{}
	_ engine.Mover          = Resource{}
	_ engine.MemoryUser     = Resource{}
	_ engine.DestroyPlanner = Resource{}
	_ engine.Exclusive      = Resource{}
	_ engine.Keyed          = Resource{}
)

// Table returns the domain's table.
func (Resource) Table() *table.Table { return schema.Table }

// ImportID is host/name.
func (Resource) ImportID(m table.Model) string { return m.Str("host") + "/" + m.Str("name") }

// ParseImportID takes the name.
func (Resource) ParseImportID(parts []string) (table.Model, error) {
	return table.Model{"name": parts[0]}, nil
}

// Read reads the inactive definition and what the domain is doing.
func (Resource) Read(ctx context.Context, host *conn.Host, m table.Model) (table.Model, error) {
	return observe.Read(ctx, host, m)
}

// Create defines the domain and starts it.
func (Resource) Create(ctx context.Context, host *conn.Host, plan table.Model) (begun bool, err error) {
	fresh := plan.Str("uuid") == ""
	if fresh {
		plan["uuid"] = uuid.NewString()
	}
	xml, err := schema.NewXML(plan)
	if err == nil {
		xml, err = schema.AddRecords(xml, nil, plan, nil)
	}
	if err != nil {
		return false, diag.Wrap("define", err)
	}
	group := schema.RolloutOf(plan)
	arrived := room.Arrives(ctx, group)
	defer func() { arrived(err) }()
	admitted, err := reserveStart(ctx, host, plan, xml)
	if err != nil {
		return false, err
	}
	defer func() { admitted(err == nil || errors.Is(err, engine.ErrWaitTimeout)) }()
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
	if schema.HasPositions(plan) {
		if err := hotplug.Define(ctx, host, d, plan, plan, nil); err != nil {
			return true, diag.Wrap("order the interfaces of", err)
		}
	}
	if err := verifyXMLAccepted(ctx, host, d, plan); err != nil {
		return true, err
	}
	r := power.New(host, d, plan)
	r.OnlyHere, r.HasRoom = fresh, true
	return true, rolling(ctx, r, group, func() (err error) {
		if err = r.ApplyRunState(ctx, table.Model{"state": schema.Stopped, "autostart": false}, plan); err == nil {
			err = r.AwaitReady(ctx, plan)
		}
		return err
	})
}

// Delete shuts the domain down and removes its definition, with what libvirt keeps for it beside its disks.
func (Resource) Delete(ctx context.Context, host *conn.Host, m table.Model) (err error) {
	var d libvirt.Domain
	err = host.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		d, err = observe.Find(l, m)
		return err
	})
	if err == nil {
		err = refuseSnapshots(ctx, host, d)
	}
	if err == nil && engine.IsReplacement(ctx) {
		var ended func(error)
		if ended, err = takeDown(ctx, host, "replace", m); err == nil {
			defer func() { // what replaces it is the member that gets ready
				if err != nil {
					ended(err)
				}
			}()
		}
	}
	if err == nil {
		err = power.New(host, d, m).ShutDownForRemoval(ctx)
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
		err = removeVariables(ctx, host, m.Str("name"))
	}
	err = diag.IgnoreNotFound("destroy", err)
	return err
}

// refuseSnapshots refuses to delete a domain with unmanaged snapshots: they are useless without the domain, and nothing would delete the
// files that they left on its disks.
func refuseSnapshots(ctx context.Context, host *conn.Host, d libvirt.Domain) error {
	var names []string
	err := host.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		names, err = snapshot.Unmanaged(l, d)
		return err
	})
	if err != nil || len(names) == 0 {
		return err
	}
	return diag.New("destroy", "Nothing was changed. "+destroySnapshots(d), "on %s: it has snapshots that are not managed here: %s", host.Name,
		strings.Join(names, ", "))
}
