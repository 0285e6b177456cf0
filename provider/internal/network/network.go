package network

import (
	"context"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/persistent"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/usage"
)

// Resource is libvirt_network.
type Resource struct {
	*persistent.Calls[libvirt.Network]
}

// New returns the resource.
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
		KeepAttached: moveToTemporary,
		Live:         live,
	}}
}

// The engine looks these interfaces up by a type assertion.
var (
	_ engine.Planner     = Resource{}
	_ engine.Preflighter = Resource{}
	_ engine.Validator   = Resource{}
)

// Table returns the network's table.
func (Resource) Table() *table.Table { return Table }

// Create also chooses the name of the bridge.
func (k Resource) Create(ctx context.Context, host *conn.Host, plan table.Model) (begun bool, err error) {
	return k.Calls.Create(ctx, host, withBridge(plan))
}

// withBridge returns the plan with a bridge name, if the network has a bridge of its own.
func withBridge(plan table.Model) table.Model {
	if plan.Str("bridge") != "" || linkTypeIn(plan) != ownBridge {
		return plan
	}
	plan = plan.Clone()
	plan["bridge"] = bridgeFor(plan.Str("name"))
	return plan
}

// Read reports a network as inactive while its guests are still on the temporary network: its restart was interrupted.
func (k Resource) Read(ctx context.Context, host *conn.Host, m table.Model) (table.Model, error) {
	temporary := false
	err := host.Do(ctx, func(l *libvirt.Libvirt) error {
		_, err := l.NetworkLookupByName(temporaryName(m.Str("name")))
		temporary = err == nil
		if conn.IsNotFound(err) {
			err = nil
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	seen, err := k.Calls.Read(ctx, host, m)
	if err == nil && temporary {
		seen["active"] = false
	}
	return seen, err
}

// Update also completes an interrupted restart: first if the network is active, and otherwise after the update.
func (k Resource) Update(ctx context.Context, host *conn.Host, prior, plan table.Model) error {
	if err := k.completeRestart(ctx, host, plan); err != nil {
		return err
	}
	if err := k.Calls.Update(ctx, host, prior, withBridge(plan)); err != nil {
		return err
	}
	return k.completeRestart(ctx, host, plan)
}

// completeRestart returns the guests from the temporary network if the network is active.
func (k Resource) completeRestart(ctx context.Context, host *conn.Host, m table.Model) error {
	return diag.Wrap("attach the guests to", host.Do(ctx, func(l *libvirt.Libvirt) error {
		n, err := l.NetworkLookupByName(m.Str("name"))
		if err != nil {
			return err
		}
		if active, err := l.NetworkIsActive(n); err != nil || active == 0 {
			return err
		}
		return returnGuests(l, n.Name)
	}))
}

// users includes the guests on the temporary network.
func users(l *libvirt.Libvirt, definition table.Model) ([]usage.User, error) {
	found, err := usage.OfNetwork(l, definition.Str("name"))
	if err != nil {
		return nil, err
	}
	temporary, err := usage.OfNetwork(l, temporaryName(definition.Str("name")))
	return append(found, temporary...), err
}
