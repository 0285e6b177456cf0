package hotplug

import (
	"context"
	"strings"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// changeInterface changes what an interface is connected to, and how. It changes the filter first, because the host may not have that
// filter.
func changeInterface(ctx context.Context, g guest, e entry) error {
	if filter := e.is.Str("filter"); filter != "" && filter != e.was.Str("filter") {
		// If the filter does not exist, the update of an interface (9.0) fails and says only that it was not possible.
		err := g.host.Do(ctx, func(l *libvirt.Libvirt) error {
			_, err := l.NwfilterLookupByName(filter)
			return err
		})
		if err != nil {
			return err
		}
	}
	// libvirt shows the settings that the running interface got from a port group as the interface's own, and would carry them over to
	// another group.
	e.prepare = func(nic *etree.Element) {
		if was, _ := e.liveParts(schema.StepConnection); was != nil {
			for _, given := range []string{"bandwidth", "vlan"} {
				if e.was[given] == nil {
					xmlmodel.Drop(nic.SelectElement(given))
				}
			}
		}
	}
	err := updateDevice(ctx, g, e, schema.StepFilter, schema.StepBandwidth, schema.StepConnection, schema.StepVLAN,
		schema.StepIsolation, schema.StepLink)
	// libvirt (9.0) has no error number for this.
	if err != nil && (strings.Contains(err.Error(), "unable to change config on") || strings.Contains(err.Error(), "Missing bridge name")) {
		return &diag.Error{
			Verb: "change " + e.String() + " of", Err: err,
			Remedy: "Nothing of it was changed. While a guest runs, an interface goes from bridge to bridge, but neither to a " +
				"device nor from one: shut the guest down and apply again.",
		}
	}
	return err
}
