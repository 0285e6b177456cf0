package forecast

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/observe"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/snapshot"
)

// renameRefusal returns the reason why the domain cannot be renamed in the state that the plan has for it, "" if there is none.
func (o ChangeSummary) renameRefusal() string {
	if !o.Renames() || !o.guestIsAlive() || o.Restarts() || o.PlannedState() == schema.Stopped {
		return ""
	}
	return fmt.Sprintf("'name' must not change while the guest is %s: libvirt renames only a domain that is off; set 'on_change' to %q, which "+
		"shuts the guest down and starts it again with its new name, or stop it first ('state' = %q)", o.PriorState(), schema.Restart, schema.Stopped)
}

// checkRename checks that libvirt can rename the domain. The engine checks that the name is free.
func checkRename(c *engine.HostCheck, l *libvirt.Libvirt) error {
	there := func(n hostinfo.Names) bool {
		return slices.Contains(slices.Collect(maps.Values(n)), c.Prior.Str("uuid"))
	}
	domains, err := hostinfo.Domains(l, there)
	if err != nil || c.Prior["host"] != c.Plan["host"] || !there(domains) {
		return err
	}
	d, err := observe.Find(l, c.Prior)
	if err != nil {
		return err
	}
	snapshots, err := snapshot.Unmanaged(l, d)
	if err == nil && len(snapshots) > 0 {
		c.Add("name", "'name' must not change while the domain has snapshots, because libvirt cannot rename it then; destroy these first: %s",
			strings.Join(snapshots, ", "))
	}
	if err != nil {
		return err
	}
	checkpoints, err := snapshot.Checkpoints(l, d)
	if err == nil && len(checkpoints) > 0 {
		var list []string
		for _, it := range checkpoints {
			list = append(list, it.Name)
		}
		c.Add("name", "'name' must not change while the domain has checkpoints of a backup, because libvirt forgets them then; delete these first "+
			"('virsh checkpoint-delete'): %s", strings.Join(list, ", "))
	}
	return err
}
