package domain

import (
	"context"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/observe"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// verifyXMLAccepted returns an error if libvirt has dropped elements of `xml` from a definition.
func verifyXMLAccepted(ctx context.Context, host *conn.Host, d libvirt.Domain, plan table.Model) error {
	if len(plan.Group("xml")) == 0 {
		return nil
	}
	var xml string
	err := host.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		xml, err = l.DomainGetXMLDesc(d, observe.DefinitionFlags)
		return err
	})
	if err != nil {
		return err
	}
	return schema.RawXML.VerifyAccepted(host.Name, schema.Table.See, xml, plan)
}
