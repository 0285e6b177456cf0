package pool

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/persistent"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/usage"
)

// limit is how long it may take to create a file system on a large device, or to mount a file system whose server does
// not answer.
const limit = 15 * time.Minute

// Resource is libvirt_pool.
type Resource struct {
	*persistent.Calls[libvirt.StoragePool]
}

// New returns the resource.
func New() Resource {
	type L = libvirt.Libvirt
	type P = libvirt.StoragePool
	return Resource{&persistent.Calls[P]{
		Table:        Table,
		RawXML:       RawXML,
		Lookup:       (*L).StoragePoolLookupByName,
		List:         hostinfo.Pools,
		XML:          func(l *L, p P) (string, error) { return l.StoragePoolGetXMLDesc(p, libvirt.StorageXMLInactive) },
		Running:      func(l *L, p P) (string, error) { return l.StoragePoolGetXMLDesc(p, 0) },
		Define:       func(l *L, xml string) (P, error) { return l.StoragePoolDefineXML(xml, 0) },
		Start:        func(l *L, p P) error { return l.StoragePoolCreate(p, libvirt.StoragePoolCreateNormal) },
		Stop:         (*L).StoragePoolDestroy,
		Undefine:     (*L).StoragePoolUndefine,
		IsActive:     (*L).StoragePoolIsActive,
		Autostart:    (*L).StoragePoolGetAutostart,
		SetAutostart: (*L).StoragePoolSetAutostart,
		Users:        users,
		BeforeChange: makeDirectory,
		Prepare:      prepare,
		Discard:      discard,
		Limit:        limit,
		Live:         live,
	}}
}

// The engine looks these interfaces up by a type assertion.
var (
	_ engine.Planner     = Resource{}
	_ engine.Preflighter = Resource{}
	_ engine.Validator   = Resource{}
	_ engine.Exclusive   = Resource{}
	_ engine.Keyed       = Resource{}

	_ engine.DestroyPlanner = Resource{}
)

// Table returns the pool's table.
func (Resource) Table() *table.Table { return Table }

// users returns the domains whose disks are in the pool. A disk that QEMU opens over the network does not need the
// pool while the guest runs.
func users(l *libvirt.Libvirt, m table.Model) ([]usage.User, error) {
	k := poolTypes[m.Str("type")]
	if !k.block {
		return usage.OfPool(l, m.Str("name"), m.Str("path"), m["type"] != "dir")
	}
	p, err := l.StoragePoolLookupByName(m.Str("name"))
	if err != nil {
		return nil, err
	}
	volumes, _, err := l.StoragePoolListAllVolumes(p, 1, 0)
	if err != nil && !conn.IsInactive(err) {
		return nil, err
	}
	paths := map[string]bool{}
	for _, v := range volumes {
		file, err := l.StorageVolGetPath(v)
		if err != nil && !conn.IsNotFound(err) {
			return nil, err
		}
		paths[file] = true
	}
	return usage.OfDevices(l, m.Str("name"), paths)
}

// Create removes a pool again whose storage could not be built. Terraform destroys an object whose creation failed,
// and that must not delete data that is not the pool's.
func (k Resource) Create(ctx context.Context, host *conn.Host, plan table.Model) (begun bool, err error) {
	begun, err = k.Calls.Create(ctx, host, plan)
	if err == nil {
		err = setPermissions(ctx, host, nil, plan)
		return begun, diag.Wrap("set the permissions of", err)
	}
	if !begun || (plan["build"] == nil && !plan.Bool("delete_data")) || errors.Is(err, conn.ErrUnreachable) {
		return begun, err
	}
	undo := host.Do(ctx, func(l *libvirt.Libvirt) error {
		p, err := l.StoragePoolLookupByName(plan.Str("name"))
		if err != nil {
			return err
		}
		return l.StoragePoolUndefine(p)
	})
	return undo != nil && !errors.Is(undo, conn.ErrNotFound), err
}

// Read also looks for the temporary pool of an interrupted move.
func (k Resource) Read(ctx context.Context, host *conn.Host, m table.Model) (table.Model, error) {
	seen, err := k.Calls.Read(ctx, host, m)
	if m[storage.Permissions] == nil {
		delete(seen, storage.Permissions) // libvirt always reports them, and they are not managed
	}
	if err != nil || seen["type"] != "dir" {
		return seen, err
	}
	return seen, host.Do(ctx, func(l *libvirt.Libvirt) error {
		making, err := storage.IsMaking(l, m.Str("name"))
		if making {
			seen[table.NeedsRepair] = true
		}
		return err
	})
}

// Update says what to do if the directory of a stopped pool is missing.
func (k Resource) Update(ctx context.Context, host *conn.Host, prior, plan table.Model) error {
	err := host.Do(ctx, func(l *libvirt.Libvirt) error { return storage.EndMaking(host, l, plan.Str("name")) })
	if err == nil {
		err = k.Calls.Update(ctx, host, prior, plan)
	}
	if err == nil {
		return setPermissions(ctx, host, prior, plan)
	}
	if plan["type"] != "dir" || prior.Bool("active") || !conn.IsMissingFile(err) {
		return err
	}
	return diag.New("start", fmt.Sprintf("Nothing was changed. If a file system is to be mounted there, mount it, then apply again: a new directory "+
		"would hide its volumes. If the volumes no longer exist, create the directory: virsh pool-build %s.", plan.Str("name")),
		"the directory of an existing pool is missing: %w", err)
}

// Delete refuses to delete a volume that is a disk of a domain, even if the domain does not run.
func (k Resource) Delete(ctx context.Context, host *conn.Host, m table.Model) error {
	if m.Bool("delete_data") {
		err := host.Do(ctx, func(l *libvirt.Libvirt) error { return checkDiscard(l, m) })
		if err != nil {
			return diag.IgnoreNotFound("destroy", err)
		}
	}
	if err := host.Do(ctx, func(l *libvirt.Libvirt) error { return storage.EndMaking(host, l, m.Str("name")) }); err != nil {
		return diag.Wrap("destroy", err)
	}
	return k.Calls.Delete(ctx, host, m)
}
