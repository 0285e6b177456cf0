package network

import (
	"context"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/persistent"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/usage"
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
		Users:        func(l *L, d table.Model) ([]usage.User, error) { return usage.OfNetwork(l, d.Str("name")) },
		Live:         live,
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
	return k.Calls.Create(ctx, host, made)
}

// live changes DHCP, which the guests don't notice; whatever else differs can only be defined anew.
func live(l *libvirt.Libvirt, n libvirt.Network, prior, plan table.Model) (all bool, err error) {
	if !table.Equal(beyondDHCP(prior), beyondDHCP(plan)) {
		return false, nil
	}
	if table.Equal(dhcpOf(prior), dhcpOf(plan)) {
		return true, nil
	}
	return true, updateDHCP(l, n, prior, plan)
}

// beyondDHCP is what of a network's definition is not about DHCP.
func beyondDHCP(m table.Model) table.Model {
	d := table.Model{"forward_mode": m["forward_mode"], "bridge": m["bridge"], "domain": m["domain"]}
	if ip := m.Group("ipv4"); ip != nil {
		d["ipv4"] = table.Model{"address": ip["address"], "prefix": ip["prefix"]}
	}
	return d
}
