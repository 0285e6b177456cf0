package cloudinit

import (
	"bytes"
	"context"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Resource is libvirt_cloudinit_disk.
type Resource struct{ storage.InPool }

// The engine looks these interfaces up by a type assertion.
var (
	_ engine.Planner     = Resource{}
	_ engine.Relocatable = Resource{}
)

// Table returns the disk's table.
func (Resource) Table() *table.Table { return Table }

// Read downloads the disk, which has a few tens of KiB.
func (Resource) Read(ctx context.Context, host *conn.Host, m table.Model) (table.Model, error) {
	var image bytes.Buffer
	var path string
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
		return l.StorageVolDownload(v, &image, 0, 0, 0)
	})
	if err != nil {
		return nil, err
	}
	seen := parse(image.Bytes())
	seen["path"] = path
	return seen, nil
}

// Create creates the volume and writes the disk.
func (k Resource) Create(ctx context.Context, host *conn.Host, plan table.Model) (begun bool, err error) {
	image, err := build(plan)
	if err != nil {
		return false, diag.Wrap("create", err)
	}
	xml, err := volumeXML(plan.Str("name"), len(image))
	if err != nil {
		return false, diag.Wrap("create", err)
	}
	vol, begun, err := storage.Create(ctx, host, plan, xml)
	if err != nil {
		return begun, err
	}
	return true, diag.Wrap("write", write(ctx, host, vol, image))
}

func volumeXML(name string, size int) (string, error) {
	v := etree.NewElement("volume")
	v.CreateElement("name").SetText(name)
	xmlmodel.At("capacity").Write(v, size)
	xmlmodel.At("target/format@type").Write(v, "raw")
	return xmlmodel.Text(v)
}

func write(ctx context.Context, host *conn.Host, vol libvirt.StorageVol, image []byte) error {
	return storage.FromBytes(int64(len(image)), bytes.NewReader(image)).Upload(ctx, host, vol, "")
}

// Update overwrites the content; the path and the domains that use it do not change. The next read shows a write that
// was interrupted.
func (k Resource) Update(ctx context.Context, host *conn.Host, prior, plan table.Model) error {
	if err := k.DeleteLeftover(ctx, host, prior, plan); err != nil {
		return err
	}
	image, err := build(plan)
	if err != nil {
		return diag.Wrap("write", err)
	}
	var vol libvirt.StorageVol
	err = host.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		vol, err = storage.Volume(l, plan)
		if err != nil {
			return err
		}
		_, capacity, _, err := l.StorageVolGetInfo(vol)
		if err != nil || capacity >= uint64(len(image)) {
			return err
		}
		return l.StorageVolResize(vol, uint64(len(image)), 0)
	})
	if err == nil {
		err = write(ctx, host, vol, image)
	}
	return diag.Wrap("write", err)
}
