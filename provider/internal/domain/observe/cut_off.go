package observe

import (
	"context"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/network"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// markCutOff reports no network for the declared interfaces of a running guest that are cut off from their networks: a plan then shows that
// they are to be connected.
func markCutOff(ctx context.Context, host *conn.Host, d libvirt.Domain, live *etree.Element, m, seen table.Model) {
	declared, observed := m.Group("interfaces"), seen.Group("interfaces")
	for _, nic := range live.FindElements("devices/interface") {
		name, port := xmlmodel.At("source@network").Text(nic), xmlmodel.At("source@portid").Text(nic)
		if name == "" || port == "" {
			continue
		}
		for key := range declared {
			i := observed.Group(key)
			if declared.Group(key)["network"] != nil && i["network"] == name && i["mac"] == xmlmodel.At("mac@address").Text(nic) &&
				network.IsCutOff(ctx, host, d, name, port) {
				i["network"] = nil
			}
		}
	}
}
