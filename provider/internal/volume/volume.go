package volume

import (
	"context"
	"fmt"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Resource is libvirt_volume.
type Resource struct{ storage.InPool }

// The engine looks these interfaces up by a type assertion.
var (
	_ engine.Planner     = Resource{}
	_ engine.Preflighter = Resource{}
	_ engine.Validator   = Resource{}
	_ engine.Relocatable = Resource{}
	_ engine.Exclusive   = Resource{}
	_ engine.Keyed       = Resource{}
)

// Delete deletes the volume, with what an interrupted replacement of its content has left.
func (k Resource) Delete(ctx context.Context, host *conn.Host, m table.Model) error {
	if err := k.InPool.Delete(ctx, host, m); err != nil {
		return err
	}
	return diag.IgnoreNotFound("clean up after", storage.DeleteStaged(ctx, host, m))
}

// Table returns the volume's table.
func (Resource) Table() *table.Table { return Table }

// Read looks the volume up in its pool.
func (Resource) Read(ctx context.Context, host *conn.Host, m table.Model) (table.Model, error) {
	var seen table.Model
	err := host.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		pool, v, err := storage.VolumeInPool(l, m)
		if err != nil {
			return err
		}
		if seen, err = readVolume(l, v, m); err != nil {
			return err
		}
		if content, err := storage.Interrupted(l, pool, m); err != nil || content != "" {
			table.MarkIncomplete(Table.Attrs, seen)
			seen[table.NeedsRepair] = true
			return err
		}
		if seen[table.NeedsRepair], err = storage.HasStaged(l, m); err != nil {
			return err
		}
		if !isOutdated(m, seen) {
			return nil
		}
		if err := storage.RefreshOf(l, m); err != nil {
			return err
		}
		seen, err = readVolume(l, v, m)
		return err
	})
	if err == nil {
		err = storage.NotePoolCapacity(ctx, host, m, seen)
	}
	return seen, err
}

// isOutdated reports whether what libvirt says about a volume may be old. libvirt determines format and capacity when it refreshes a pool, which may
// have been in the middle of an upload, or before the volume grew (libvirt 9.0, virStorageVolPoolRefreshThread).
func isOutdated(m, seen table.Model) bool {
	return m["format"] == "qcow2" && seen["format"] != "qcow2" || seen.Int("capacity") < m.Int("capacity")
}

// readVolume reads a volume that exists.
func readVolume(l *libvirt.Libvirt, v libvirt.StorageVol, m table.Model) (table.Model, error) {
	el, err := storage.Describe(l, v)
	if err != nil {
		return nil, err
	}
	seen := read(el, m)
	if e := seen.Group("encryption"); e["format"] != nil && e["secret_uuid"] == nil && m["encryption"] == nil {
		e["secret_uuid"], err = storage.SecretOf(l, seen.Str("path"))
	}
	if err != nil {
		return nil, err
	}
	permissions, err := storage.ReadPermissions(l, m, v, seen.Str("path"))
	if delete(seen, storage.Permissions); permissions != nil { // libvirt always reports them, and they are not managed if they are unset
		seen[storage.Permissions] = permissions
	}
	return seen, err
}

// read returns the attributes in the XML of the volume that m names.
func read(el *etree.Element, m table.Model) table.Model {
	seen := xmlmodel.Read(rows, el)
	if seen["backing_store"] == nil && m["backing_store"] != nil {
		delete(seen, "backing_store") // a move has flattened the volume; its content is the same
	}
	if m["format"] == "raw" && seen["format"] != "raw" { // the content of a raw volume may look like any format
		seen["format"] = "raw"
		seen["capacity"] = number(xmlmodel.At("physical").Text(el))
	}
	if e := seen.Group("encryption"); e != nil && m["encryption"] != nil {
		delete(e, "secret_uuid") // libvirt keeps the secret of the creation until it refreshes the pool
	}
	return seen
}

// Update grows the volume, on the host to which a machine has taken it, or replaces its content, and then changes its permissions.
func (k Resource) Update(ctx context.Context, host *conn.Host, prior, plan table.Model) error {
	if err := k.update(ctx, host, prior, plan); err != nil {
		return err
	}
	return storage.ApplyPermissions(ctx, host, prior, plan)
}

func (k Resource) update(ctx context.Context, host *conn.Host, prior, plan table.Model) error {
	if err := k.DeleteLeftover(ctx, host, prior, plan); err != nil {
		return err
	}
	if prior["host"] == plan["host"] && prior["pool"] == plan["pool"] && len(newContent(prior, plan)) > 0 {
		return replaceContent(ctx, host, plan)
	}
	if prior.Bool(table.NeedsRepair) {
		if err := storage.DeleteStaged(ctx, host, plan); err != nil {
			return diag.Wrap("clean up after", err)
		}
	}
	if err := grow(ctx, host, plan); err != nil {
		return diag.Wrap("resize", err)
	}
	if allocates(plan) && prior["preallocation"] != "full" {
		return diag.Wrap("allocate", storage.Allocate(ctx, host, plan))
	}
	return nil
}

// grow resizes the volume up to the plan's capacity.
func grow(ctx context.Context, host *conn.Host, plan table.Model) error {
	want, known := plan["capacity"].(int64)
	if !known {
		return nil
	}
	var have uint64
	err := host.Do(ctx, func(l *libvirt.Libvirt) error {
		v, err := storage.Volume(l, plan)
		if err != nil {
			return err
		}
		_, have, _, err = l.StorageVolGetInfo(v)
		if err == nil {
			err = storage.CheckCapacity(plan, int64(have), "the present")
		}
		return err
	})
	if err != nil || uint64(want) == have {
		return err
	}
	if err := storage.Grow(ctx, host, plan, want); err != nil {
		return explainLocked(plan, err)
	}
	if allocates(plan) {
		return storage.Allocate(ctx, host, plan)
	}
	return nil
}

// explainLocked says what to do about an encrypted volume that libvirt could not open to grow it.
func explainLocked(plan table.Model, err error) error {
	if plan["encryption"] == nil || !conn.IsMissingSecret(err) {
		return err
	}
	return diag.New("resize", fmt.Sprintf("libvirt no longer knows the secret of the volume and can only find it by its usage: give the "+
		"libvirt_secret the usage \"volume\" and the name %q. While a machine runs with the volume, the volume can grow in any case.",
		plan.Str("path")), "%w", err)
}
