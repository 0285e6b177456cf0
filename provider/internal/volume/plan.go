package volume

import (
	"context"
	"fmt"
	"path"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Plan also refuses shrinking, and knows when another origin means another content.
func (k Resource) Plan(ctx context.Context, fleet *conn.Fleet, prior, config, plan table.Model) engine.Advice {
	a := k.InPool.Plan(ctx, fleet, prior, config, plan)
	if is, ok := plan["capacity"].(int64); ok && is < prior.Int("capacity") {
		a.Problems = append(a.Problems, table.Problem{Path: root.WithAttributeName("capacity"), Text: fmt.Sprintf(
			"'capacity' must not be less than the present %d bytes, got %d: shrinking would cut data off; make a new, smaller volume and copy", prior.Int("capacity"), is)})
	}
	for _, name := range []string{"source", "clone_from"} {
		if otherContent(name, prior, plan) {
			a.Replace = append(a.Replace, root.WithAttributeName(name))
		}
	}
	a.Warnings = append(a.Warnings, noted(prior, plan)...)
	return a
}

// otherContent says whether another origin brings another content. The same one elsewhere does not: the volume that a copy was made of may
// have gone to another place with its machine.
func otherContent(name string, prior, plan table.Model) bool {
	was, is := prior[name], plan[name]
	switch {
	case was == nil || table.Equal(was, is):
		return false
	case name == "source":
		return plan["source_sha256"] == nil || plan["source_sha256"] != prior["source_sha256"]
	default:
		return is == nil || is != table.Unknown && path.Base(prior.Str(name)) != path.Base(plan.Str(name))
	}
}

// noted tells what is only written down of a volume that exists already.
func noted(prior, plan table.Model) []string {
	var all []string
	note := func(what, why string, args ...any) {
		all = append(all, fmt.Sprintf("Volume %q keeps its %s\n%s", plan.Str("name"), what, fmt.Sprintf(why, args...)))
	}
	if prior["source"] == nil && plan["source"] != nil {
		note("content", "It exists already, so %v is only noted as its source, and not uploaded. To upload it, have the volume replaced (-replace).", plan["source"])
	}
	if prior["clone_from"] == nil && plan["clone_from"] != nil {
		note("content", "It exists already, so %v is only noted as what it is a copy of, and not copied. To copy it, have the volume replaced (-replace).", plan["clone_from"])
	}
	if is := plan["preallocation"]; is != nil && is != prior["preallocation"] && !allocates(plan) {
		note("layout", "It exists already, and libvirt can't allocate more of a qcow2 image: it stays as thin as it is. To have it made anew, have the volume replaced (-replace).")
	}
	was, is := prior.Group("encryption")["secret_uuid"], plan.Group("encryption")["secret_uuid"]
	if was != nil && is != nil && was != is {
		note("passphrase", "libvirt can't give it another: it opens with the one that secret %v had when it was made. See that the new secret has the same, or have the volume replaced (-replace).", was)
	}
	return all
}

// allocates says that a volume which exists can be given all its space.
func allocates(plan table.Model) bool {
	return plan["preallocation"] == "full" && plan["format"] == "raw" && plan["encryption"] == nil
}
