package hotplug

import (
	"context"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/observe"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/snapshot"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Define patches the definition where it differs from the plan.
func Define(ctx context.Context, host *conn.Host, d libvirt.Domain, prior, plan table.Model) error {
	return host.Do(ctx, func(l *libvirt.Libvirt) error {
		was, err := l.DomainGetXMLDesc(d, observe.DefinitionFlags)
		if err != nil {
			return err
		}
		root, err := xmlmodel.Parse(was)
		if err != nil {
			return err
		}
		cover, err := snapshot.WithoutOverlays(l, d, root, prior.Group("disks"))
		if err != nil {
			return err
		}
		plain, err := xmlmodel.Text(root)
		if err != nil {
			return err
		}
		is, err := schema.PatchXML(plain, prior, plan)
		if err != nil || is == plain {
			return err
		}
		if is, err = cover(is); err != nil {
			return err
		}
		_, err = l.DomainDefineXMLFlags(is, 0)
		return err
	})
}
