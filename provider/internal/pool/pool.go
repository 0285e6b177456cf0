package pool

import (
	"context"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/fault"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Kind is libvirt_pool.
type Kind struct{}

// Table returns the pool's table.
func (Kind) Table() *table.Resource { return Table }

// ImportID is host/name.
func (Kind) ImportID(m table.Model) string { return m.Str("host") + "/" + m.Str("name") }

// Locate takes the name.
func (Kind) Locate(parts []string) (table.Model, error) { return table.Model{"name": parts[0]}, nil }

// Read looks the pool up by name.
func (Kind) Read(ctx context.Context, host *conn.Host, m table.Model) (table.Model, error) {
	var seen table.Model
	err := host.Do(ctx, func(l *libvirt.Libvirt) error {
		p, err := l.StoragePoolLookupByName(m.Str("name"))
		if err != nil {
			return err
		}
		xml, err := l.StoragePoolGetXMLDesc(p, libvirt.StorageXMLInactive)
		if err != nil {
			return err
		}
		root, err := xmlmodel.Parse(xml)
		if err != nil {
			return err
		}
		seen = xmlmodel.Read(Table.Attrs, root)
		autostart, err := l.StoragePoolGetAutostart(p)
		if err != nil {
			return err
		}
		active, err := l.StoragePoolIsActive(p)
		seen["autostart"], seen["active"] = autostart == 1, active == 1
		return err
	})
	return seen, err
}

// Create defines the pool, makes its directory and starts it.
func (Kind) Create(ctx context.Context, host *conn.Host, plan table.Model) (begun bool, err error) {
	xml, err := xmlmodel.New("pool", Table.Attrs, plan)
	if err != nil {
		return false, fault.In("define", err)
	}
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		if _, err := l.StoragePoolLookupByName(plan.Str("name")); err == nil {
			return fault.In("define", conn.ErrExists)
		}
		p, err := l.StoragePoolDefineXML(xml, 0)
		if err != nil {
			return fault.In("define", err)
		}
		begun = true
		if err := l.StoragePoolBuild(p, libvirt.StoragePoolBuildNew); err != nil {
			return fault.In("make the directory of", err)
		}
		return set(l, p, table.Model{"active": false, "autostart": false}, plan)
	})
	return begun, err
}

// Update starts or stops the pool and sets whether it starts with the host.
func (Kind) Update(ctx context.Context, host *conn.Host, prior, plan table.Model) error {
	return host.Do(ctx, func(l *libvirt.Libvirt) error {
		p, err := l.StoragePoolLookupByName(plan.Str("name"))
		if err != nil {
			return fault.In("update", err)
		}
		return set(l, p, prior, plan)
	})
}

func set(l *libvirt.Libvirt, p libvirt.StoragePool, prior, plan table.Model) error {
	if plan.Bool("active") != prior.Bool("active") {
		if plan.Bool("active") {
			if err := l.StoragePoolCreate(p, libvirt.StoragePoolCreateNormal); err != nil {
				return fault.In("start", err)
			}
		} else if err := l.StoragePoolDestroy(p); err != nil {
			return fault.In("stop", err)
		}
	}
	if plan.Bool("autostart") != prior.Bool("autostart") {
		return fault.In("set autostart of", l.StoragePoolSetAutostart(p, flag(plan.Bool("autostart"))))
	}
	return nil
}

func flag(yes bool) int32 {
	if yes {
		return 1
	}
	return 0
}

// Delete stops and undefines the pool. Its directory stays.
func (Kind) Delete(ctx context.Context, host *conn.Host, m table.Model) error {
	err := host.Do(ctx, func(l *libvirt.Libvirt) error {
		p, err := l.StoragePoolLookupByName(m.Str("name"))
		if err != nil {
			return err
		}
		active, err := l.StoragePoolIsActive(p)
		if err != nil {
			return err
		}
		if active == 1 {
			if err := l.StoragePoolDestroy(p); err != nil {
				return err
			}
		}
		return l.StoragePoolUndefine(p)
	})
	return fault.Gone("destroy", err)
}
