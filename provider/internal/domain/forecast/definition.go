package forecast

import (
	"context"
	"path"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/observe"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/snapshot"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// definition is what the apply writes: was is the present definition, nil for a new domain.
type definition struct {
	was, is *etree.Element
	// certain is false if is lacks a value that only the apply will know and that libvirt would not choose by itself.
	certain bool
}

// plannedDefinition returns the definition that the apply writes.
func plannedDefinition(ctx context.Context, fleet *conn.Fleet, prior, plan table.Model) (*definition, error) {
	d := &definition{certain: true}
	plan = d.withStandIns(schema.Table.Attrs, plan)
	if prior == nil {
		text, err := schema.NewXML(plan)
		if err == nil {
			d.is, err = xmlmodel.Parse(text)
		}
		return d, err
	}
	host, err := fleet.Host(prior.Str("host"))
	if err != nil {
		return nil, err
	}
	var after string
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		domain, err := observe.Find(l, prior)
		if err != nil {
			return err
		}
		text, err := l.DomainGetXMLDesc(domain, observe.DefinitionFlags)
		if err != nil {
			return err
		}
		if d.was, err = xmlmodel.Parse(text); err != nil {
			return err
		}
		plain := d.was.Copy()
		cover, err := snapshot.WithoutOverlays(l, domain, plain, prior.Group("disks"))
		if err != nil {
			return err
		}
		if prior["host"] != plan["host"] {
			schema.Reconnect(plain, prior, plan)
			schema.DropOwnWatchdog(plain)
			schema.LeaveFirmware(plain)
		}
		before, err := xmlmodel.Text(plain)
		if err == nil {
			after, err = schema.PatchXML(before, prior, plan)
		}
		if err == nil {
			after, err = cover(after)
		}
		return err
	})
	if err == nil {
		d.is, err = xmlmodel.Parse(after)
	}
	return d, err
}

// standIn is the directory of stand-ins for files that only the apply will know.
const standIn = "/known-after-apply"

// withStandIns returns the plan with other values for those that only the apply will know, where any value of the kind will do.
func (d *definition) withStandIns(rows []table.Attr, plan table.Model) table.Model {
	out := make(table.Model, len(plan))
	for i := range rows {
		a := &rows[i]
		v, there := plan[a.Name]
		if !there {
			continue
		}
		out[a.Name] = v
		switch group, isGroup := v.(table.Model); {
		case v == table.Unknown && a.OnHost.Names != table.NoObject:
			out[a.Name] = standInFor(a.OnHost.Names)
		case v == table.Unknown && a.Mode != table.Computed && a.Mode != table.OptionalComputed && a.InDefinition():
			d.certain = false
		case isGroup && a.Type == table.Object:
			out[a.Name] = d.withStandIns(a.Attrs, group)
		case isGroup && a.Type == table.Map:
			entries := make(table.Model, len(group))
			for key, entry := range group {
				if entries[key] = entry; entry == table.Unknown {
					d.certain = false
				} else if m, isModel := entry.(table.Model); isModel {
					entries[key] = d.withStandIns(a.Attrs, m)
				}
			}
			out[a.Name] = entries
		}
		if list, isList := v.(table.List); isList && !list.Known() {
			d.certain = false
		}
	}
	return out
}

func standInFor(object table.HostObject) string {
	switch object {
	case table.FileOnHost:
		return path.Join(standIn, "file")
	case table.SecretOnHost, table.MediatedDeviceOnHost:
		return "00000000-0000-4000-8000-000000000000"
	case table.PCIDeviceOnHost:
		return "0000:00:00.0"
	case table.USBDeviceOnHost:
		return "0000:0000"
	default:
		return standIn[1:]
	}
}
