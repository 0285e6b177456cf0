package engine

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// withWriteOnly returns copies of prior and plan with the write-only values that this apply has to write. Terraform stores those values
// only in the configuration. prior has an empty text for a value that was written before.
func withWriteOnly(attrs []table.Attr, config, prior, plan table.Model) (from, to table.Model) {
	if plan == nil || !hasWriteOnly(attrs) {
		return prior, plan
	}
	from, to = prior.Clone(), plan.Clone()
	addWriteOnly(attrs, config, from, to)
	return from, to
}

func addWriteOnly(attrs []table.Attr, config, prior, plan table.Model) {
	for i := range attrs {
		a := &attrs[i]
		switch {
		case a.WriteOnly && (prior == nil || prior[a.Version()] != plan[a.Version()]):
			plan[a.Name] = config[a.Name]
			if prior[a.Version()] != nil {
				prior[a.Name] = ""
			}
		case a.Type == table.Object && plan.Group(a.Name) != nil:
			addWriteOnly(a.Attrs, config.Group(a.Name), prior.Group(a.Name), plan.Group(a.Name))
		case a.Type == table.Map:
			for k := range plan.Group(a.Name) {
				if entry := plan.Group(a.Name).Group(k); entry != nil {
					addWriteOnly(a.Attrs, config.Group(a.Name).Group(k), prior.Group(a.Name).Group(k), entry)
				}
			}
		}
	}
}

// withoutVersions returns a copy of the state after a failed update without the versions of the write-only values that the update may have
// written. The next plan then writes them again.
func withoutVersions(attrs []table.Attr, prior, plan, after table.Model) table.Model {
	if !hasWriteOnly(attrs) {
		return after
	}
	after = after.Clone()
	forgetVersions(attrs, prior, plan, after)
	return after
}

func forgetVersions(attrs []table.Attr, prior, plan, after table.Model) {
	for i := range attrs {
		a := &attrs[i]
		switch {
		case after == nil:
			return
		case a.WriteOnly && prior[a.Version()] != plan[a.Version()]:
			after[a.Version()] = nil
		case a.Type == table.Object:
			forgetVersions(a.Attrs, prior.Group(a.Name), plan.Group(a.Name), after.Group(a.Name))
		case a.Type == table.Map:
			for k := range after.Group(a.Name) {
				forgetVersions(a.Attrs, prior.Group(a.Name).Group(k), plan.Group(a.Name).Group(k), after.Group(a.Name).Group(k))
			}
		}
	}
}

func hasWriteOnly(attrs []table.Attr) bool {
	for i := range attrs {
		if attrs[i].WriteOnly || hasWriteOnly(attrs[i].Attrs) {
			return true
		}
	}
	return false
}

// writeOnlyUnsupported returns a problem for each write-only value in the configuration of a Terraform that does not support them.
func writeOnlyUnsupported(attrs []table.Attr, config table.Model, at *tftypes.AttributePath) []table.Problem {
	var out []table.Problem
	for i := range attrs {
		a := &attrs[i]
		path := at.WithAttributeName(a.Name)
		switch {
		case a.WriteOnly && config[a.Name] != nil:
			out = append(out, table.Problem{Path: path, Text: fmt.Sprintf("'%s' is write-only, which requires Terraform 1.11 or OpenTofu 1.11; "+
				"upgrade, or remove '%[1]s'", a.Name)})
		case a.Type == table.Object:
			out = append(out, writeOnlyUnsupported(a.Attrs, config.Group(a.Name), path)...)
		case a.Type == table.Map:
			for _, k := range table.Keys(config.Group(a.Name)) {
				out = append(out, writeOnlyUnsupported(a.Attrs, config.Group(a.Name).Group(k), path.WithElementKeyString(k))...)
			}
		}
	}
	return out
}
