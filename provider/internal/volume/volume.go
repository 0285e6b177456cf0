package volume

import (
	"context"
	"fmt"

	"github.com/digitalocean/go-libvirt"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/fault"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Kind is libvirt_volume.
type Kind struct{ storage.InPool }

// Table returns the volume's table.
func (Kind) Table() *table.Resource { return Table }

// Validate checks what must and must not go together.
func (Kind) Validate(config table.Model) []table.Problem {
	source, backing := config["source"] != nil, config["backing_store"] != nil
	at := tftypes.NewAttributePath()
	switch {
	case source && backing:
		return []table.Problem{{Path: at.WithAttributeName("backing_store"), Text: "'backing_store' and 'source' can't both be set: a volume is a clone or is uploaded; take one out"}}
	case backing && config.Str("format") == "raw":
		return []table.Problem{{Path: at.WithAttributeName("format"), Text: "'format' must be \"qcow2\" with a 'backing_store', got \"raw\"; a raw image can't be thin"}}
	case !source && !backing && config["capacity"] == nil:
		return []table.Problem{{Path: at.WithAttributeName("capacity"), Text: "'capacity' must be set for an empty volume; say its size in bytes, or set 'source' or 'backing_store'"}}
	case config["source_sha256"] != nil && !source:
		return []table.Problem{{Path: at.WithAttributeName("source_sha256"), Text: "'source_sha256' needs a 'source'; set it, or take this out"}}
	}
	return nil
}

// Plan also refuses shrinking, and knows when another source means another content.
func (k Kind) Plan(ctx context.Context, fleet *conn.Fleet, prior, config, plan table.Model) engine.Advice {
	a := k.InPool.Plan(ctx, fleet, prior, config, plan)
	at := tftypes.NewAttributePath()
	if is, ok := plan["capacity"].(int64); ok && is < prior.Int("capacity") {
		a.Refuse = append(a.Refuse, table.Problem{Path: at.WithAttributeName("capacity"), Text: fmt.Sprintf(
			"'capacity' must not be less than the present %d bytes, got %d: shrinking would cut data off; make a new, smaller volume and copy", prior.Int("capacity"), is)})
	}
	sameContent := plan["source_sha256"] != nil && plan["source_sha256"] == prior["source_sha256"]
	if !table.Equal(prior["source"], plan["source"]) && !sameContent && prior["source"] != nil {
		a.Replace = append(a.Replace, at.WithAttributeName("source"))
	}
	if prior["source"] == nil && plan["source"] != nil {
		a.Warnings = append(a.Warnings, fmt.Sprintf("Volume %q keeps its content\nIt exists already, so %v is only noted as its source, and not uploaded. To upload it, "+
			"have the volume replaced (-replace).", plan.Str("name"), plan["source"]))
	}
	return a
}

// Read looks the volume up in its pool.
func (Kind) Read(ctx context.Context, host *conn.Host, m table.Model) (table.Model, error) {
	var seen table.Model
	err := host.Do(ctx, func(l *libvirt.Libvirt) error {
		v, err := storage.Volume(l, m)
		if err != nil {
			return err
		}
		xml, err := l.StorageVolGetXMLDesc(v, 0)
		if err != nil {
			return err
		}
		if seen, err = xmlmodel.ReadText(Table.Attrs, xml); err == nil && seen["backing_store"] == nil && m["backing_store"] != nil {
			delete(seen, "backing_store") // a move has flattened it, and its content is the same
		}
		return err
	})
	return seen, err
}

// Create makes the volume and uploads its source.
func (Kind) Create(ctx context.Context, host *conn.Host, plan table.Model) (begun bool, err error) {
	made := plan
	var image *storage.Image
	if source := plan.Str("source"); source != "" {
		if image, err = storage.Open(source, plan.Str("format")); err != nil {
			return false, fault.In("upload", err)
		}
		defer image.Close()
		made = plan.Clone()
		made["capacity"] = image.Size
	}
	xml, err := xmlmodel.New("volume", Table.Attrs, made)
	if err != nil {
		return false, fault.In("create", err)
	}
	vol, begun, err := storage.Make(ctx, host, plan, xml)
	if err != nil {
		return begun, err
	}
	if image == nil {
		return true, nil
	}
	if err := image.Upload(ctx, host, vol, plan.Str("source_sha256")); err != nil {
		return true, fault.In("upload", err)
	}
	return true, fault.In("resize", grow(ctx, host, plan))
}

// grow resizes the volume up to the plan's capacity; a smaller one than the image has is refused.
func grow(ctx context.Context, host *conn.Host, plan table.Model) error {
	want, ok := plan["capacity"].(int64)
	if !ok {
		return nil
	}
	var have uint64
	err := host.Do(ctx, func(l *libvirt.Libvirt) error {
		v, err := storage.Volume(l, plan)
		if err != nil {
			return err
		}
		_, have, _, err = l.StorageVolGetInfo(v)
		if err == nil && uint64(want) < have {
			err = fmt.Errorf("'capacity' must be at least the image's own %d bytes, got %d; raise it, or leave it out", have, want)
		}
		return err
	})
	if err != nil || uint64(want) == have {
		return err
	}
	return storage.Grow(ctx, host, plan, want)
}

// Update grows the volume, wherever a machine has taken it.
func (k Kind) Update(ctx context.Context, host *conn.Host, prior, plan table.Model) error {
	if err := k.Leave(ctx, host, prior, plan); err != nil {
		return err
	}
	return fault.In("resize", grow(ctx, host, plan))
}
