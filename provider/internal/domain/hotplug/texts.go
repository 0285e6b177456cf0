package hotplug

import (
	"context"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// changeMetadata sets or removes metadata elements. It passes them to libvirt without a prefix, because libvirt puts the prefix that it
// is given before all names.
func changeMetadata(ctx context.Context, g guest, changes []table.Change) error {
	for _, uri := range table.Keys(changedKeys(changes)) {
		var prefix, xml libvirt.OptString
		if entry := g.plan.Group("metadata").Group(uri); entry != nil {
			el, err := xmlmodel.Parse(entry.Str("xml"))
			if err != nil {
				return err
			}
			bare, _ := schema.MetadataText(el).(string)
			prefix, xml = libvirt.OptString{entry.Str("prefix")}, libvirt.OptString{bare}
		}
		err := g.host.Do(ctx, func(l *libvirt.Libvirt) error {
			return l.DomainSetMetadata(g.domain, int32(libvirt.DomainMetadataElement), xml, prefix, libvirt.OptString{uri}, liveAndConfig)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// changedKeys returns the keys of the entries of a map that the changes belong to.
func changedKeys(changes []table.Change) table.Model {
	keys := table.Model{}
	for _, c := range changes {
		keys[table.StepName(c.Path.Steps()[1])] = true
	}
	return keys
}
