package network

import (
	"context"
	"fmt"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/fault"
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
		Users:        users,
		Aside:        takeAside,
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

// Read says of a network whose guests are still aside that it is not started for them: a restart of it was cut off in the middle.
func (k Kind) Read(ctx context.Context, host *conn.Host, m table.Model) (table.Model, error) {
	aside := false
	err := host.Do(ctx, func(l *libvirt.Libvirt) error {
		_, err := l.NetworkLookupByName(asideOf(m.Str("name")))
		aside = err == nil
		if conn.IsNotFound(err) {
			err = nil
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	seen, err := k.Calls.Read(ctx, host, m)
	if err == nil && aside {
		seen["active"] = false
	}
	return seen, err
}

// Update also ends what was cut off in the middle: before anything else where the network runs, and otherwise once it does.
func (k Kind) Update(ctx context.Context, host *conn.Host, prior, plan table.Model) error {
	if err := k.end(ctx, host, plan); err != nil {
		return err
	}
	if err := k.Calls.Update(ctx, host, prior, plan); err != nil {
		return err
	}
	return k.end(ctx, host, plan)
}

func (k Kind) end(ctx context.Context, host *conn.Host, m table.Model) error {
	return fault.In("plug the guests into", host.Do(ctx, func(l *libvirt.Libvirt) error {
		n, err := l.NetworkLookupByName(m.Str("name"))
		if err != nil {
			return err
		}
		if active, err := l.NetworkIsActive(n); err != nil || active == 0 {
			return err
		}
		return bringBack(l, n.Name)
	}))
}

// Plan tells who will notice that the network is started again.
func (Kind) Plan(ctx context.Context, fleet *conn.Fleet, prior, _, plan table.Model) engine.Advice {
	if prior["host"] != plan["host"] || prior["name"] != plan["name"] || !prior.Bool("active") || table.Equal(beyondDHCP(prior), beyondDHCP(plan)) {
		return engine.Advice{}
	}
	host, err := fleet.Host(prior.Str("host"))
	if err != nil {
		return engine.Advice{}
	}
	var users []usage.User
	err = host.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		users, err = usage.OfNetwork(l, prior.Str("name"))
		return err
	})
	if users = usage.Running(users); err != nil || len(users) == 0 { // what can't be asked now is asked again before anything is done
		return engine.Advice{}
	}
	return engine.Advice{Warnings: []string{fmt.Sprintf("Network %q is started again while guests use it\nIt does not carry the traffic of %s for about a second; "+
		"their links stay up.", prior.Str("name"), usage.Names(users))}}
}

// users are also those that are aside.
func users(l *libvirt.Libvirt, definition table.Model) ([]usage.User, error) {
	found, err := usage.OfNetwork(l, definition.Str("name"))
	if err != nil {
		return nil, err
	}
	aside, err := usage.OfNetwork(l, asideOf(definition.Str("name")))
	return append(found, aside...), err
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
