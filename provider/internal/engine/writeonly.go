package engine

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// told adds to a plan the write-only values that have to be written now, from the configuration: Terraform keeps them nowhere else. Where one
// was written before, prior says that there was one.
func told(attrs []table.Attr, config, prior, plan table.Model) (from, to table.Model) {
	if plan == nil || !hasWriteOnly(attrs) {
		return prior, plan
	}
	from, to = prior.Clone(), plan.Clone()
	tell(attrs, config, from, to)
	return from, to
}

func tell(attrs []table.Attr, config, prior, plan table.Model) {
	for i := range attrs {
		a := &attrs[i]
		switch {
		case a.WriteOnly && (prior == nil || prior[a.Version()] != plan[a.Version()]):
			plan[a.Name] = config[a.Name]
			if prior[a.Version()] != nil {
				prior[a.Name] = ""
			}
		case a.Type == table.Object && plan.Group(a.Name) != nil:
			tell(a.Attrs, config.Group(a.Name), prior.Group(a.Name), plan.Group(a.Name))
		case a.Type == table.Map:
			for k := range plan.Group(a.Name) {
				if entry := plan.Group(a.Name).Group(k); entry != nil {
					tell(a.Attrs, config.Group(a.Name).Group(k), prior.Group(a.Name).Group(k), entry)
				}
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

// needsNewer are the write-only values in a configuration for a Terraform that does not know of such.
func needsNewer(attrs []table.Attr, config table.Model, at *tftypes.AttributePath) []table.Problem {
	var out []table.Problem
	for i := range attrs {
		a := &attrs[i]
		path := at.WithAttributeName(a.Name)
		switch {
		case a.WriteOnly && config[a.Name] != nil:
			out = append(out, table.Problem{Path: path, Text: fmt.Sprintf("'%s' is write-only, which takes Terraform 1.11 or OpenTofu 1.11; upgrade, or leave it out", a.Name)})
		case a.Type == table.Object:
			out = append(out, needsNewer(a.Attrs, config.Group(a.Name), path)...)
		case a.Type == table.Map:
			for _, k := range table.Keys(config.Group(a.Name)) {
				out = append(out, needsNewer(a.Attrs, config.Group(a.Name).Group(k), path.WithElementKeyString(k))...)
			}
		}
	}
	return out
}
