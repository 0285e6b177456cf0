// Package addresses implements the data source libvirt_domain_addresses: the IP addresses of a guest.
package addresses

import (
	"context"
	"errors"
	"fmt"

	"github.com/digitalocean/go-libvirt"
	"github.com/google/uuid"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/observe"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Data is the data source libvirt_domain_addresses.
type Data struct{}

var _ engine.DataSource = Data{}

// Table returns its table.
func (Data) Table() *table.Table { return Table }

// Hosts returns the name of the one host.
func (Data) Hosts(config table.Model) []string { return []string{config.Str("host")} }

// Read asks the host.
func (Data) Read(ctx context.Context, hosts []*conn.Host, config table.Model) (table.Model, error) {
	nics, err := askOf(ctx, hosts[0], config)
	if _, notUUID := uuid.Parse(config.Str("domain")); notUUID == nil && errors.Is(err, conn.ErrNotFound) {
		for _, other := range hosts[0].Others() { // a domain that this apply moves to the host may still be on another one
			if found, elsewhere := askOf(ctx, other, config); elsewhere == nil {
				nics, err = found, nil
			}
		}
	}
	if errors.Is(err, conn.ErrNotFound) {
		return nil, &diag.Error{Verb: "read", Err: err,
			Remedy: fmt.Sprintf("If this apply creates the domain, refer to its UUID (%s.NAME.uuid): then the provider asks the host afterwards.",
				schema.Table.TypeName())}
	}
	if err != nil {
		return nil, err
	}
	var all []string
	interfaces := table.Model{}
	for _, n := range nics {
		interfaces[n.Key] = table.Model{"mac": n.MAC, "addresses": table.ListOf(n.Addresses...)}
		all = append(all, n.Addresses...)
	}
	return table.Model{"id": config.Str("host") + "/" + config.Str("domain") + "/" + config.Str("source"), "addresses": table.ListOf(all...),
		"interfaces": interfaces}, nil
}

func askOf(ctx context.Context, host *conn.Host, config table.Model) (nics []observe.NIC, err error) {
	err = host.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		nics, err = ask(l, config)
		return err
	})
	return nics, err
}

func ask(l *libvirt.Libvirt, config table.Model) ([]observe.NIC, error) {
	d, err := find(l, config.Str("domain"))
	if err != nil {
		return nil, err
	}
	active, err := l.DomainIsActive(d)
	if err != nil {
		return nil, err
	}
	text, err := l.DomainGetXMLDesc(d, 0)
	if err != nil {
		return nil, err
	}
	root, err := xmlmodel.Parse(text)
	if err != nil {
		return nil, err
	}
	nics, source := observe.NICs(root), config.Str("source")
	if active == 0 {
		return nics, nil
	}
	if source == schema.FromAgent && !observe.AgentConnected(root) {
		return nil, diag.New("read", "Wait until the guest has started the agent (libvirt_domain's wait_for.guest_agent), or use the "+
			"source \"lease\".", "the guest agent of %q is not connected", d.Name)
	}
	return observe.WithAddresses(l, d, nics, source)
}

// find finds a domain by UUID or by name.
func find(l *libvirt.Libvirt, named string) (libvirt.Domain, error) {
	id, err := uuid.Parse(named)
	if err != nil {
		return l.DomainLookupByName(named)
	}
	d, err := l.DomainLookupByUUID(libvirt.UUID(id))
	if conn.IsNotFound(err) {
		return l.DomainLookupByName(named)
	}
	return d, err
}
