package seed

import (
	"bytes"
	"context"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Resource is libvirt_seed.
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

// Table returns the seed's table.
func (Resource) Table() *table.Table { return Table }

// Read downloads the seed, which has a few tens of KiB.
func (Resource) Read(ctx context.Context, host *conn.Host, m table.Model) (table.Model, error) {
	var image bytes.Buffer
	var path string
	var permissions table.Model
	err := host.Do(ctx, func(l *libvirt.Libvirt) error {
		v, err := storage.Volume(l, m)
		if err != nil {
			return err
		}
		// Ask for the file itself first: libvirt does not report 'not found' for a download.
		if _, _, _, err := l.StorageVolGetInfo(v); err != nil {
			return err
		}
		if path, err = l.StorageVolGetPath(v); err != nil {
			return err
		}
		if permissions, err = storage.ReadPermissions(l, m, v, path); err != nil {
			return err
		}
		return l.StorageVolDownload(v, &image, 0, 0, 0)
	})
	if err != nil {
		return nil, err
	}
	seen := parse(image.Bytes(), m)
	seen["path"] = path
	if permissions != nil {
		seen[storage.Permissions] = permissions
	}
	if _, known := m["digest"].(string); !known {
		seen["digest"] = digest(seen)
	}
	return seen, storage.NotePoolCapacity(ctx, host, m, seen)
}

// Create creates the volume and writes its content.
func (k Resource) Create(ctx context.Context, host *conn.Host, plan table.Model) (begun bool, err error) {
	image := bytesOf(plan)
	definition := storage.RawVolume(plan.Str("name"), uint64(len(image)))
	xmlmodel.Patch(Table.Attrs, definition, nil, plan)
	xml, err := xmlmodel.Text(definition)
	if err != nil {
		return false, diag.Wrap("create", err)
	}
	vol, begun, err := storage.Create(ctx, host, plan, xml)
	if err != nil {
		return begun, err
	}
	if err := write(ctx, host, vol, image); err != nil {
		return true, diag.Wrap("write", err)
	}
	return true, storage.ApplyPermissions(ctx, host, plan, plan)
}

func write(ctx context.Context, host *conn.Host, vol libvirt.StorageVol, image []byte) error {
	return storage.FromBytes(int64(len(image)), bytes.NewReader(image)).Upload(ctx, host, vol)
}

// Update overwrites the content; the path and the domains that use it do not change. The next read shows a write that
// was interrupted.
func (k Resource) Update(ctx context.Context, host *conn.Host, prior, plan table.Model) error {
	if err := k.DeleteLeftover(ctx, host, prior, plan); err != nil {
		return err
	}
	content := bytesOf(plan)
	var vol libvirt.StorageVol
	tooLong := false
	err := host.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		vol, err = storage.Volume(l, plan)
		if err != nil {
			return err
		}
		_, capacity, _, err := l.StorageVolGetInfo(vol)
		switch size := uint64(len(content)); {
		case err != nil || capacity == size:
			return err
		case capacity < size:
			return l.StorageVolResize(vol, size, 0)
		case plan["content"] == nil: // a disk may be longer than its file system
			return nil
		}
		tooLong = true // libvirt (9.0) does not shrink a volume below the space that it takes
		return storage.DeleteWhenIdle(l, vol)
	})
	switch {
	case err != nil:
	case tooLong:
		_, err = k.Create(ctx, host, plan)
	default:
		err = write(ctx, host, vol, content)
	}
	if err != nil {
		return diag.Wrap("write", err)
	}
	return storage.ApplyPermissions(ctx, host, prior, plan)
}
