package domain

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/observe"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// verifyXMLAccepted tells of elements that libvirt has dropped from a definition: it takes no notice of what it does not know.
func verifyXMLAccepted(ctx context.Context, host *conn.Host, d libvirt.Domain, plan table.Model) error {
	if len(plan.Group("xml")) == 0 {
		return nil
	}
	var kept []string
	err := host.Do(ctx, func(l *libvirt.Libvirt) error {
		xml, err := l.DomainGetXMLDesc(d, observe.DefinitionFlags)
		if err != nil {
			return err
		}
		root, err := xmlmodel.Parse(xml)
		if err == nil {
			kept = schema.RawXMLKeys(root)
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, key := range table.Keys(plan.Group("xml")) {
		if !slices.Contains(kept, key) {
			under := fmt.Sprintf("<domain>/%s", plan.Group("xml").Group(key).Str("under"))
			return diag.New("define", "Correct the element or its 'under', or remove the entry. What libvirt supports: "+schema.Table.See,
				"on %s: libvirt ignored xml[%q] under %s", host.Name, key, strings.TrimSuffix(under, "/"))
		}
	}
	return nil
}
