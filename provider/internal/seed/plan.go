package seed

import (
	"context"
	"fmt"
	"regexp"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Plan also says what the guest does with new content.
func (k Resource) Plan(ctx context.Context, fleet *conn.Fleet, prior, config, plan table.Model) engine.Advice {
	a := k.InPool.Plan(ctx, fleet, prior, config, plan)
	a.Problems = append(a.Problems, storage.PlanPermissions(ctx, fleet, prior, plan)...)
	plan["digest"] = digest(plan)
	if plan["digest"] != prior["digest"] {
		a.Warnings = append(a.Warnings, fmt.Sprintf("Seed %q gets new content\nA guest that uses it reads it when it next starts. %s",
			plan.Str("name"), effect(prior, plan)))
	}
	return a
}

// Preflight warns about a new seed that guests may be unable to open.
func (Resource) Preflight(ctx context.Context, fleet *conn.Fleet, plan table.Model) engine.Advice {
	return engine.Advice{Warnings: engine.CheckHost(ctx, fleet, nil, plan, false, storage.WarnSquashed).Warnings("seed is created")}
}

// effect says what a guest does with new content that it reads.
func effect(prior, plan table.Model) string {
	l := layoutOf(plan)
	if l == nil {
		return "What it does with it then is up to the guest."
	}
	switch l.row {
	case "cloud_init":
		return rerun("instance-id", instanceID, prior.Group(l.row), plan.Group(l.row))
	case "config_drive":
		return rerun("uuid", uuid, prior.Group(l.row), plan.Group(l.row))
	default:
		return "It uses the seed only at its first boot, so a guest that has booted before does not change. To apply the new content, replace " +
			"the machine with its root disk (replace_triggered_by its digest)."
	}
}

// The instance in meta data: one line of YAML, or a member of a JSON object.
var (
	instanceID = regexp.MustCompile(`(?m)^[{\s]*"?instance[-_]id"?\s*:\s*"?([^\s",}]+)`)
	uuid       = regexp.MustCompile(`"uuid"\s*:\s*"([^"]+)"`)
)

// rerun says whether cloud-init runs again, which depends on the instance in the meta data.
func rerun(name string, pattern *regexp.Regexp, prior, plan table.Model) string {
	find := func(m table.Model) string {
		if found := pattern.FindStringSubmatch(m.Str("meta_data")); found != nil {
			return found[1]
		}
		return ""
	}
	was, is := find(prior), find(plan)
	if plan["meta_data"] == table.Unknown {
		return fmt.Sprintf("cloud-init runs again as at the first boot if its %s changes, which is not known yet.", name)
	}
	if was != is {
		return fmt.Sprintf("Its %s changes from %q to %q, so cloud-init runs again as at the first boot: it sets up users, files, packages, "+
			"commands and the network, and creates new SSH host keys.", name, was, is)
	}
	return fmt.Sprintf("Its %s stays %q, so cloud-init does not do again what it did at the first boot (users, files, packages, commands, the "+
		"network). To have it run again, change the %s; to start over, replace the machine with its root disk.", name, was, name)
}
