package forecast

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// CutOff lists the interfaces that a network lost while the guest ran: they stay, and have no connection in the prior state.
func CutOff(prior, plan table.Model) (keys []string) {
	was, is := prior.Group("interfaces"), plan.Group("interfaces")
	for _, key := range table.Keys(is) {
		i := was.Group(key)
		if i != nil && i["network"] == nil && i["bridge"] == nil && i["direct"] == nil && is.Group(key).Str("network") != "" {
			keys = append(keys, key)
		}
	}
	return keys
}

// cutOffNotice returns a notice about interfaces that are attached again, if there are any.
func (o ChangeSummary) cutOffNotice() (notice, bool) {
	keys := CutOff(o.prior, o.plan)
	if len(keys) == 0 || !o.GuestContinues() || o.moves {
		return notice{}, false
	}
	return notice{
		"is cut off from a network: interfaces " + strings.Join(keys, ", "),
		"The network was stopped and started while the guest ran. The interfaces are attached again; nothing is restarted.",
	}, true
}

// stoppedNetworks warns about networks that are stopped under a running guest. Networks of this plan have a plan of their own.
func stoppedNetworks(ctx context.Context, fleet *conn.Fleet, prior table.Model) []string {
	if !schema.GuestIsUp(prior.Str("state")) {
		return nil
	}
	var wanted []string
	for key := range prior.Group("interfaces") {
		name := prior.Group("interfaces").Group(key).Str("network")
		if name != "" && !slices.Contains(wanted, name) && !engine.IsPlanned(ctx, "network", prior.Str("host")+"/"+name) {
			wanted = append(wanted, name)
		}
	}
	host, err := fleet.Host(prior.Str("host"))
	if len(wanted) == 0 || err != nil {
		return nil
	}
	areActive := func(n hostinfo.Names) bool {
		return !slices.ContainsFunc(wanted, func(name string) bool { return n[name] != hostinfo.Active })
	}
	var networks hostinfo.Names
	err = host.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		networks, err = hostinfo.Networks(l, areActive)
		return err
	})
	if err != nil {
		return nil
	}
	slices.Sort(wanted)
	var warnings []string
	for _, name := range wanted {
		if networks[name] != hostinfo.Active {
			warnings = append(warnings, fmt.Sprintf("%s is cut off from network %q\nThe network is not active on %s. Start it (virsh net-start %s), "+
				"then apply again: the apply attaches the interfaces.", prior.Str("name"), name, host.Name, name))
		}
	}
	return warnings
}
