package domain

import (
	"context"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/forecast"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/observe"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/network"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// keepDefined defines a running domain again whose definition was removed.
func keepDefined(l *libvirt.Libvirt, d libvirt.Domain) error {
	if persistent, err := l.DomainIsPersistent(d); err != nil || persistent == 1 {
		return err
	}
	xml, err := l.DomainGetXMLDesc(d, observe.DefinitionFlags)
	if err == nil {
		_, err = l.DomainDefineXMLFlags(xml, 0)
	}
	return err
}

// attachCutOff attaches the interfaces that are cut off from their networks, and returns the prior state with these networks. The definition
// has them.
func attachCutOff(ctx context.Context, host *conn.Host, d libvirt.Domain, prior, plan table.Model) (table.Model, error) {
	keys := forecast.CutOff(prior, plan)
	if len(keys) == 0 {
		return prior, nil
	}
	var defined table.Model
	err := host.Do(ctx, func(l *libvirt.Libvirt) error {
		text, err := l.DomainGetXMLDesc(d, observe.DefinitionFlags)
		if err != nil {
			return err
		}
		defined, err = xmlmodel.ReadText(schema.Table.Attrs, text)
		return err
	})
	if err != nil {
		return nil, err
	}
	now := prior.Clone()
	for _, key := range keys {
		name := plan.Group("interfaces").Group(key).Str("network")
		if defined.Group("interfaces").Group(key)["network"] != name {
			continue
		}
		if err := network.AttachGuests(ctx, host, name); err != nil {
			return nil, err
		}
		now.Group("interfaces").Group(key)["network"] = name
	}
	return now, nil
}
