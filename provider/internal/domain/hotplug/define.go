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

// Define patches the definition where it differs from the plan. soon is what the same apply is about to change live; nil if there is nothing:
// it is recorded before it is made, so that it is seen even if the apply ends in between.
func Define(ctx context.Context, host *conn.Host, d libvirt.Domain, prior, plan, soon table.Model) error {
	return host.Do(ctx, func(l *libvirt.Libvirt) error {
		// libvirt gives a device without an address the first place that is free and suits its model, which may not be its place among the others.
		for range 2 {
			was, is, err := Patched(l, d, prior, plan, soon)
			if err != nil || is == was {
				return err
			}
			if _, err = l.DomainDefineXMLFlags(is, 0); err != nil || !schema.HasPositions(plan) {
				return err
			}
		}
		return nil
	})
}

// Patched returns the definition of a domain as it is, and with the plan in it.
func Patched(l *libvirt.Libvirt, d libvirt.Domain, prior, plan, soon table.Model) (was, is string, err error) {
	was, err = l.DomainGetXMLDesc(d, observe.DefinitionFlags)
	if err != nil {
		return "", "", err
	}
	root, err := xmlmodel.Parse(was)
	if err != nil {
		return "", "", err
	}
	cover, err := snapshot.WithoutOverlays(l, d, root, prior.Group("disks"))
	if err != nil {
		return "", "", err
	}
	if plan, err = keepLaterImages(root, prior, plan); err != nil {
		return "", "", err
	}
	plain, err := xmlmodel.Text(root)
	if err != nil {
		return "", "", err
	}
	is, err = schema.PatchXML(plain, prior, plan)
	if err == nil {
		is, err = schema.AddRecords(is, prior, plan, soon)
	}
	if err != nil || is == plain {
		return was, was, err
	}
	is, err = cover(is)
	return was, is, err
}
