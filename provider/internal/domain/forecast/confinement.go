package forecast

import (
	"fmt"
	"slices"
	"strings"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// checkSecurityDrivers refuses labels of security drivers that the host does not have, in a guest that is to run: libvirt does not start it.
func checkSecurityDrivers(c *engine.HostCheck, l *libvirt.Libvirt) error {
	type entry struct {
		in table.Problems
		of table.Model
	}
	entries := []entry{{c.Problems, c.Plan}}
	for _, dev := range table.Keys(c.Plan.Group("disks")) {
		entries = append(entries, entry{c.Entry("disks", dev).In("options"), c.Plan.Group("disks").Group(dev).Group("options")})
	}
	entries = slices.DeleteFunc(entries, func(e entry) bool { return len(e.of.Group("seclabel")) == 0 })
	if len(entries) == 0 || c.Plan.Str("state") == schema.Stopped {
		return nil
	}
	have, err := hostinfo.SecurityModels(l)
	if err != nil {
		return err
	}
	for _, e := range entries {
		for _, driver := range table.Keys(e.of.Group("seclabel")) {
			if !slices.Contains(have, driver) {
				e.in.Entry("seclabel", driver).Add("", "%s has no security driver %q, only %s; remove the entry, or choose another host",
					c.Host, driver, strings.Join(have, ", "))
			}
		}
	}
	return nil
}

// unconfined returns warnings about a guest that drivers do not confine, with the reasons that the configuration gives.
func unconfined(plan table.Model) (warnings []string) {
	reasons := schema.Unconfined(plan)
	for _, driver := range table.Keys(plan.Group("seclabel")) {
		if reason, is := reasons[driver]; is {
			warnings = append(warnings, fmt.Sprintf("%s is not confined by %s: %s\nWho takes over this guest's QEMU can reach what its user can "+
				"on %s.", plan.Str("name"), driver, reason, plan.Str("host")))
		}
	}
	return warnings
}

// predictConfinement returns what will confine the guest after the apply. libvirt makes a new label when a guest starts.
func (o ChangeSummary) predictConfinement() any {
	was := o.prior["confined_by"]
	switch {
	case table.Equal(o.prior, o.plan):
		return was
	case o.PlannedState() == schema.Stopped || o.PlannedState() == schema.Saved:
		return nil
	case was == nil && !o.ComesUp() && !o.leavesHost() && o.PriorState() == o.PlannedState():
		return nil
	}
	return table.Unknown
}
