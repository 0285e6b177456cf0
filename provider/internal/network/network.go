package network

import (
	"context"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/persistent"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/usage"
)

// Resource is libvirt_network.
type Resource struct {
	*persistent.Calls[libvirt.Network]
}

// New makes the kind.
func New() Resource {
	type L = libvirt.Libvirt
	type N = libvirt.Network
	return Resource{&persistent.Calls[N]{
		Table:        Table,
		Lookup:       (*L).NetworkLookupByName,
		XML:          func(l *L, n N) (string, error) { return l.NetworkGetXMLDesc(n, uint32(libvirt.NetworkXMLInactive)) },
		Running:      func(l *L, n N) (string, error) { return l.NetworkGetXMLDesc(n, 0) },
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
func (Resource) Table() *table.Table { return Table }

// Create also names the bridge.
func (k Resource) Create(ctx context.Context, host *conn.Host, plan table.Model) (begun bool, err error) {
	return k.Calls.Create(ctx, host, withBridge(plan))
}

// withBridge is a plan with a bridge for a network that has one of its own.
func withBridge(plan table.Model) table.Model {
	if plan.Str("bridge") != "" || kindIn(plan) != ofItsOwn {
		return plan
	}
	plan = plan.Clone()
	plan["bridge"] = bridgeFor(plan.Str("name"))
	return plan
}

// Read says of a network whose guests are still aside that it is not started for them: a restart of it was cut off in the middle.
func (k Resource) Read(ctx context.Context, host *conn.Host, m table.Model) (table.Model, error) {
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
func (k Resource) Update(ctx context.Context, host *conn.Host, prior, plan table.Model) error {
	if err := k.end(ctx, host, plan); err != nil {
		return err
	}
	if err := k.Calls.Update(ctx, host, prior, withBridge(plan)); err != nil {
		return err
	}
	return k.end(ctx, host, plan)
}

func (k Resource) end(ctx context.Context, host *conn.Host, m table.Model) error {
	return diag.Wrap("plug the guests into", host.Do(ctx, func(l *libvirt.Libvirt) error {
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

// users are also those that are aside.
func users(l *libvirt.Libvirt, definition table.Model) ([]usage.User, error) {
	found, err := usage.OfNetwork(l, definition.Str("name"))
	if err != nil {
		return nil, err
	}
	aside, err := usage.OfNetwork(l, asideOf(definition.Str("name")))
	return append(found, aside...), err
}
