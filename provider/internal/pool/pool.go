package pool

import (
	"context"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/fault"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/persistent"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Kind is libvirt_pool.
type Kind struct {
	*persistent.Calls[libvirt.StoragePool]
}

// New makes the kind.
func New() Kind {
	type L = libvirt.Libvirt
	type P = libvirt.StoragePool
	return Kind{&persistent.Calls[P]{
		Table:        Table,
		Lookup:       (*L).StoragePoolLookupByName,
		XML:          func(l *L, p P) (string, error) { return l.StoragePoolGetXMLDesc(p, libvirt.StorageXMLInactive) },
		Define:       func(l *L, xml string) (P, error) { return l.StoragePoolDefineXML(xml, 0) },
		Start:        func(l *L, p P) error { return l.StoragePoolCreate(p, libvirt.StoragePoolCreateNormal) },
		Stop:         (*L).StoragePoolDestroy,
		Undefine:     (*L).StoragePoolUndefine,
		IsActive:     (*L).StoragePoolIsActive,
		Autostart:    (*L).StoragePoolGetAutostart,
		SetAutostart: (*L).StoragePoolSetAutostart,
	}}
}

// Table returns the pool's table.
func (Kind) Table() *table.Resource { return Table }

// Create also makes the pool's directory.
func (k Kind) Create(ctx context.Context, host *conn.Host, plan table.Model) (begun bool, err error) {
	return k.Calls.Create(ctx, host, plan, func(l *libvirt.Libvirt, p libvirt.StoragePool) error {
		return fault.In("make the directory of", l.StoragePoolBuild(p, libvirt.StoragePoolBuildNew))
	})
}

// Update starts or stops the pool and sets whether it starts with the host; nothing else of it can change. Its directory stays, as it does
// when the pool is destroyed.
func (k Kind) Update(ctx context.Context, host *conn.Host, prior, plan table.Model) error {
	return k.Calls.Update(ctx, host, prior, plan, func(*libvirt.Libvirt, libvirt.StoragePool) error { return nil })
}
