package volume

import (
	"context"
	"fmt"
	"strings"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Resource is libvirt_volume.
type Resource struct{ storage.InPool }

// Table returns the volume's table.
func (Resource) Table() *table.Table { return Table }

// Read looks the volume up in its pool.
func (Resource) Read(ctx context.Context, host *conn.Host, m table.Model) (table.Model, error) {
	var seen table.Model
	err := host.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		v, err := storage.Volume(l, m)
		if err != nil {
			return err
		}
		if seen, err = look(l, v, m); err != nil || m["format"] != "qcow2" || seen["format"] == "qcow2" {
			return err
		}
		// libvirt tells a format when it lists a pool, and may have done so in the middle of an upload.
		if err := storage.RefreshOf(l, m); err != nil {
			return err
		}
		seen, err = look(l, v, m)
		return err
	})
	return seen, err
}

func look(l *libvirt.Libvirt, v libvirt.StorageVol, m table.Model) (table.Model, error) {
	text, err := l.StorageVolGetXMLDesc(v, 0)
	if err != nil {
		return nil, err
	}
	el, err := xmlmodel.Parse(text)
	if err != nil {
		return nil, err
	}
	seen := read(el, m)
	if e := seen.Group("encryption"); e["format"] != nil && e["secret_uuid"] == nil && m["encryption"] == nil {
		e["secret_uuid"], err = storage.SecretOf(l, seen.Str("path"))
	}
	return seen, err
}

// read is what the XML says of the volume that m is about.
func read(el *etree.Element, m table.Model) table.Model {
	seen := xmlmodel.Read(Table.Attrs, el)
	if seen["backing_store"] == nil && m["backing_store"] != nil {
		delete(seen, "backing_store") // a move has flattened it, and its content is the same
	}
	if m["format"] == "raw" && seen["format"] != "raw" { // what a guest writes may look like anything
		seen["format"] = "raw"
		seen["capacity"] = number(xmlmodel.At("physical").Text(el))
	}
	if e := seen.Group("encryption"); e != nil && m["encryption"] != nil {
		delete(e, "secret_uuid") // libvirt remembers with which it was made, until it lists the pool again
	}
	return seen
}

// Update grows the volume, wherever a machine has taken it.
func (k Resource) Update(ctx context.Context, host *conn.Host, prior, plan table.Model) error {
	if err := k.Leave(ctx, host, prior, plan); err != nil {
		return err
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
			err = large(plan, int64(have), "the present")
		}
		return err
	})
	if err != nil || uint64(want) == have {
		return err
	}
	if err := storage.Grow(ctx, host, plan, want); err != nil {
		return unlocked(plan, err)
	}
	if allocates(plan) {
		return storage.Allocate(ctx, host, plan)
	}
	return nil
}

// unlocked says what a volume needs that could not be opened in order to be grown.
func unlocked(plan table.Model, err error) error {
	if plan["encryption"] == nil || !strings.Contains(err.Error(), "no secret provided") {
		return err
	}
	return diag.New("resize", fmt.Sprintf("libvirt has forgotten which secret opens the volume, and finds it again by its usage only: give libvirt_secret the usage \"volume\" and the name %q. "+
		"While a machine runs with the volume, it grows in any case.", plan.Str("path")), "%w", err)
}
