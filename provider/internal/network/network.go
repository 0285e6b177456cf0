package network

import (
	"context"

	"github.com/digitalocean/go-libvirt"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/fault"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Kind is libvirt_network.
type Kind struct{}

// Table returns the network's table.
func (Kind) Table() *table.Resource { return Table }

// ImportID is host/name.
func (Kind) ImportID(m table.Model) string { return m.Str("host") + "/" + m.Str("name") }

// Locate takes the name.
func (Kind) Locate(parts []string) (table.Model, error) { return table.Model{"name": parts[0]}, nil }

func path(names ...string) *tftypes.AttributePath {
	p := tftypes.NewAttributePath()
	for _, n := range names {
		p = p.WithAttributeName(n)
	}
	return p
}

const inactive = uint32(libvirt.NetworkXMLInactive)

// Read looks the network up by name and reads its inactive definition.
func (Kind) Read(ctx context.Context, host *conn.Host, m table.Model) (table.Model, error) {
	var seen table.Model
	err := host.Do(ctx, func(l *libvirt.Libvirt) error {
		n, err := l.NetworkLookupByName(m.Str("name"))
		if err != nil {
			return err
		}
		xml, err := l.NetworkGetXMLDesc(n, inactive)
		if err != nil {
			return err
		}
		root, err := xmlmodel.Parse(xml)
		if err != nil {
			return err
		}
		seen = xmlmodel.Read(Table.Attrs, root)
		autostart, err := l.NetworkGetAutostart(n)
		if err != nil {
			return err
		}
		active, err := l.NetworkIsActive(n)
		seen["autostart"], seen["active"] = autostart == 1, active == 1
		return err
	})
	return seen, err
}

// Create defines the network and starts it.
func (Kind) Create(ctx context.Context, host *conn.Host, plan table.Model) (begun bool, err error) {
	made := plan.Clone()
	if made.Str("bridge") == "" {
		made["bridge"] = bridgeFor(plan.Str("name"))
	}
	xml, err := xmlmodel.New("network", Table.Attrs, made)
	if err != nil {
		return false, fault.In("define", err)
	}
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		if _, err := l.NetworkLookupByName(plan.Str("name")); err == nil {
			return fault.In("define", conn.ErrExists)
		}
		n, err := l.NetworkDefineXML(xml)
		if err != nil {
			return fault.In("define", err)
		}
		begun = true
		return set(l, n, table.Model{"active": false, "autostart": false}, plan)
	})
	return begun, err
}

// Update changes DHCP while the guests run, and starts or stops the network.
func (Kind) Update(ctx context.Context, host *conn.Host, prior, plan table.Model) error {
	return host.Do(ctx, func(l *libvirt.Libvirt) error {
		n, err := l.NetworkLookupByName(plan.Str("name"))
		if err != nil {
			return fault.In("update", err)
		}
		if !table.Equal(prior.Group("ipv4"), plan.Group("ipv4")) {
			if err := updateDHCP(l, n, prior, plan); err != nil {
				return fault.In("update", err)
			}
		}
		return set(l, n, prior, plan)
	})
}

func set(l *libvirt.Libvirt, n libvirt.Network, prior, plan table.Model) error {
	if plan.Bool("active") != prior.Bool("active") {
		if plan.Bool("active") {
			if err := l.NetworkCreate(n); err != nil {
				return fault.In("start", err)
			}
		} else if err := l.NetworkDestroy(n); err != nil {
			return fault.In("stop", err)
		}
	}
	if plan.Bool("autostart") != prior.Bool("autostart") {
		autostart := int32(0)
		if plan.Bool("autostart") {
			autostart = 1
		}
		return fault.In("set autostart of", l.NetworkSetAutostart(n, autostart))
	}
	return nil
}

// Delete stops and undefines the network.
func (Kind) Delete(ctx context.Context, host *conn.Host, m table.Model) error {
	err := host.Do(ctx, func(l *libvirt.Libvirt) error {
		n, err := l.NetworkLookupByName(m.Str("name"))
		if err != nil {
			return err
		}
		active, err := l.NetworkIsActive(n)
		if err != nil {
			return err
		}
		if active == 1 {
			if err := l.NetworkDestroy(n); err != nil {
				return err
			}
		}
		return l.NetworkUndefine(n)
	})
	return fault.Gone("destroy", err)
}
