package network

import (
	"context"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
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
		RawXML:       RawXML,
		Lookup:       (*L).NetworkLookupByName,
		List:         hostinfo.Networks,
		XML:          func(l *L, n N) (string, error) { return l.NetworkGetXMLDesc(n, uint32(libvirt.NetworkXMLInactive)) },
		Running:      func(l *L, n N) (string, error) { return l.NetworkGetXMLDesc(n, 0) },
		Define:       (*L).NetworkDefineXML,
		Start:        (*L).NetworkCreate,
		Stop:         (*L).NetworkDestroy,
		Undefine:     (*L).NetworkUndefine,
		IsActive:     (*L).NetworkIsActive,
		IsPersistent: (*L).NetworkIsPersistent,
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
	_ engine.Exclusive   = Resource{}
	_ engine.Keyed       = Resource{}

	_ engine.DestroyPlanner = Resource{}
)

// Table returns the network's table.
func (Resource) Table() *table.Table { return Table }

// Create also chooses the name of the bridge. Guests that were started on a network of this name, which was removed since, are attached to it.
func (k Resource) Create(ctx context.Context, host *conn.Host, plan table.Model) (begun bool, err error) {
	if begun, err = k.Calls.Create(ctx, host, withBridge(plan)); err != nil {
		return begun, err
	}
	return true, attachGuests(ctx, host, plan.Str("name"), true)
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

// Read also looks for guests that have no part in the network: its restart was interrupted, and they are on the temporary network, or it was stopped
// and started without them.
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
	if err != nil {
		return nil, err
	}
	if temporary || seen.Bool("active") && linkTypeIn(seen) == ownBridge && hasCutOffGuests(ctx, host, m.Str("name")) {
		seen[table.NeedsRepair] = true
	}
	return seen, nil
}

// Update also attaches guests that have no part in the network: first if the network is active, and otherwise after the update.
func (k Resource) Update(ctx context.Context, host *conn.Host, prior, plan table.Model) error {
	name := plan.Str("name")
	if plan.Bool("active") {
		if err := AttachGuests(ctx, host, name); err != nil {
			return err
		}
	}
	stopped, err := isStopped(ctx, host, name)
	if err != nil {
		return err
	}
	if err := k.Calls.Update(ctx, host, prior, withBridge(plan)); err != nil {
		return err
	}
	return attachGuests(ctx, host, name, stopped)
}

func isStopped(ctx context.Context, host *conn.Host, name string) (stopped bool, err error) {
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		_, active, err := lookUp(l, name)
		stopped = !active
		return err
	})
	return stopped, diag.Wrap("look up", err)
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
