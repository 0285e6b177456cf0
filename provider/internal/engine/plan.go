package engine

import "github.com/kvm-fleet/kvm-fleet/provider/internal/table"

// planGroup returns the planned values of a group: the configuration, defaults for unset attributes, and the host's
// earlier choice where the host chooses.
func planGroup(attrs []table.Attr, config, prior table.Model) table.Model {
	plan := make(table.Model, len(attrs))
	for i := range attrs {
		a := &attrs[i]
		chosen := a.Mode == table.Computed || a.Mode == table.OptionalComputed && config[a.Name] == nil
		if was, there := prior[a.Name]; there && chosen { // null was also the host's choice
			plan[a.Name] = was
			continue
		}
		plan[a.Name] = planValue(a, config[a.Name], prior[a.Name])
	}
	return plan
}

func planValue(a *table.Attr, config, prior any) any {
	if a.WriteOnly {
		return nil
	}
	if config == nil {
		switch {
		case a.HasDefault():
			return a.Default
		case a.Mode != table.Computed && a.Mode != table.OptionalComputed:
			return nil
		case prior != nil:
			return prior
		default:
			return table.Unknown
		}
	}
	group, ok := config.(table.Model)
	if !ok {
		return config
	}
	had, _ := prior.(table.Model)
	if a.Type == table.Object {
		return planGroup(a.Attrs, group, had)
	}
	entries := make(table.Model, len(group))
	for k, v := range group {
		entry, ok := v.(table.Model)
		if !ok {
			entries[k] = v
			continue
		}
		old, _ := had[k].(table.Model)
		entries[k] = planGroup(a.Attrs, entry, old)
	}
	return entries
}

func asGroup(v any) table.Model { m, _ := v.(table.Model); return m }
