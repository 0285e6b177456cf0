package network

import (
	"context"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/persistent"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Kind is libvirt_network.
type Kind struct {
	*persistent.Calls[libvirt.Network]
}

// New makes the kind.
func New() Kind {
	type L = libvirt.Libvirt
	type N = libvirt.Network
	return Kind{&persistent.Calls[N]{
		Table:        Table,
		Lookup:       (*L).NetworkLookupByName,
		XML:          func(l *L, n N) (string, error) { return l.NetworkGetXMLDesc(n, uint32(libvirt.NetworkXMLInactive)) },
		Define:       (*L).NetworkDefineXML,
		Start:        (*L).NetworkCreate,
		Stop:         (*L).NetworkDestroy,
		Undefine:     (*L).NetworkUndefine,
		IsActive:     (*L).NetworkIsActive,
		Autostart:    (*L).NetworkGetAutostart,
		SetAutostart: (*L).NetworkSetAutostart,
	}}
}

// Table returns the network's table.
func (Kind) Table() *table.Resource { return Table }

// Create also names the bridge.
func (k Kind) Create(ctx context.Context, host *conn.Host, plan table.Model) (begun bool, err error) {
	made := plan.Clone()
	if made.Str("bridge") == "" {
		made["bridge"] = bridgeFor(plan.Str("name"))
	}
	return k.Calls.Create(ctx, host, made, func(*libvirt.Libvirt, libvirt.Network) error { return nil })
}

// Update changes DHCP while the guests run, and starts or stops the network.
func (k Kind) Update(ctx context.Context, host *conn.Host, prior, plan table.Model) error {
	return k.Calls.Update(ctx, host, prior, plan, func(l *libvirt.Libvirt, n libvirt.Network) error {
		if table.Equal(prior.Group("ipv4"), plan.Group("ipv4")) {
			return nil
		}
		return updateDHCP(l, n, prior, plan)
	})
}
