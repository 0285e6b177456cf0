package forecast

import "github.com/kvm-fleet/kvm-fleet/provider/internal/table"

// recomputeDependentDefaults marks as unknown the values that libvirt chose for an attribute which changes now, unless the configuration
// sets them: libvirt chooses new ones.
func recomputeDependentDefaults(attrs []table.Attr, prior, config, plan table.Model) {
	for i := range attrs {
		a := &attrs[i]
		if a.Type == table.Object {
			if was, is := prior.Group(a.Name), plan.Group(a.Name); was != nil && is != nil {
				recomputeDependentDefaults(a.Attrs, was, config.Group(a.Name), is)
			}
			continue
		}
		for _, other := range a.OnHost.ChosenFor {
			if prior[other] != plan[other] && config[a.Name] == nil {
				plan[a.Name] = table.Unknown
			}
		}
	}
}
