package volume

import (
	"context"
	"fmt"
	"slices"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Plan also refuses to shrink the volume, and replaces its content if that changes.
func (k Resource) Plan(ctx context.Context, fleet *conn.Fleet, prior, config, plan table.Model) engine.Advice {
	a := k.InPool.Plan(ctx, fleet, prior, config, plan)
	if rows := newContent(prior, plan); len(rows) > 0 && len(a.Problems) == 0 && len(a.InPlace) == 0 {
		content := planContent(ctx, fleet, prior, config, plan, rows)
		content.Warnings = slices.Concat(a.Warnings, content.Warnings)
		return content
	}
	problems := table.NewProblems()
	problems.Concat(a.Problems)
	problems.Concat(storage.PlanPermissions(ctx, fleet, prior, plan))
	if is, ok := plan["capacity"].(int64); ok && is < prior.Int("capacity") {
		problems.Must("capacity", "be at least the present %d bytes, got %d: shrinking would lose data; create a new, smaller volume and "+
			"copy the data",
			prior.Int("capacity"), is)
	}
	a.Problems = problems.List()
	a.Warnings = append(a.Warnings, recordedOnly(prior, plan)...)
	return a
}

// recordedOnly warns about changes that are only recorded in the state, since the volume exists.
func recordedOnly(prior, plan table.Model) []string {
	var all []string
	note := func(what, why string, args ...any) {
		all = append(all, fmt.Sprintf("Volume %q keeps its %s\n%s", plan.Str("name"), what, fmt.Sprintf(why, args...)))
	}
	if prior["source"] == nil && plan["source"] != nil {
		note("content", "The volume exists, so %v is only recorded as its source and not uploaded. To upload it, replace the volume (-replace).",
			plan["source"])
	}
	if prior["clone_from"] == nil && plan["clone_from"] != nil {
		note("content", "The volume exists, so %v is only recorded as its original and not copied. To copy it, replace the volume (-replace).",
			plan["clone_from"])
	}
	if is := plan["preallocation"]; is != nil && is != prior["preallocation"] && !allocates(plan) {
		note("layout", "The volume exists, and libvirt cannot allocate more of a qcow2 image, so its allocation does not change. To create it "+
			"again, replace the volume (-replace).")
	}
	if is := plan["xml"]; is != nil && !table.Equal(prior["xml"], is) {
		note("header", "The volume exists, so 'xml' is only recorded. To create the volume again with it, replace the volume (-replace).")
	}
	was, is := prior.Group("encryption")["secret_uuid"], plan.Group("encryption")["secret_uuid"]
	if was != nil && is != nil && was != is {
		note("passphrase", "libvirt cannot change the passphrase: the volume keeps the one that secret %v had when it was created. Give the new "+
			"secret the same passphrase, or replace the volume (-replace).", was)
	}
	return all
}

// allocates reports whether an existing volume can be allocated completely.
func allocates(plan table.Model) bool {
	return plan["preallocation"] == "full" && plan["format"] == "raw" && plan["encryption"] == nil
}
