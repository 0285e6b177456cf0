package drift

import (
	"fmt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// hidden stands for a sensitive value inside a group that is printed.
const hidden = "(sensitive)"

// differences lists what a host has otherwise than the state. Like a plan, it leaves out what the host changes by itself: computed values, except
// those that stand for a change by somebody. isSensitive tells the paths of values that must not be printed, beside the rows that say so.
func differences(rows []table.Attr, was, now table.Model, isSensitive func(path string) bool) []Attribute {
	var found []Attribute
	for _, c := range table.Changes(rows, was, now) {
		if c.Within(byHost) || c.Attr.Name == table.NeedsRepair && c.Value.Is != true {
			continue
		}
		path := table.PathString(c.Path)
		a := Attribute{Path: path, Sensitive: c.Within(isSecret) || isSensitive(path)}
		if !a.Sensitive {
			a.Was, a.Is = printed(c.Attr, path, c.Value.Was, isSensitive), printed(c.Attr, path, c.Value.Is, isSensitive)
		}
		found = append(found, a)
	}
	return found
}

// byHost reports whether a host may change a row by itself. Write-only values are in no state.
func byHost(a *table.Attr) bool {
	return a.WriteOnly || a.Mode == table.Computed && !a.ShowsDrift
}

func isSecret(a *table.Attr) bool { return a.Sensitive }

// printed returns a value as JSON has it: of a group, what is set and not sensitive.
func printed(a *table.Attr, path string, v any, isSensitive func(path string) bool) any {
	switch v := v.(type) {
	case table.List:
		return v.Items()
	case table.Texts:
		return v.Map()
	case table.Model:
		if entry := path[len(path)-1] == ']'; a.Type == table.Map && !entry {
			all := map[string]any{}
			for _, key := range table.Keys(v) {
				all[key] = printedGroup(a.Attrs, fmt.Sprintf("%s[%q]", path, key), v.Group(key), isSensitive)
			}
			return all
		}
		return printedGroup(a.Attrs, path, v, isSensitive)
	default:
		return v
	}
}

func printedGroup(rows []table.Attr, path string, m table.Model, isSensitive func(path string) bool) map[string]any {
	group := map[string]any{}
	for i := range rows {
		a := &rows[i]
		v, at := m[a.Name], path+"."+a.Name
		switch {
		case v == nil, byHost(a):
		case isSecret(a), isSensitive(at):
			group[a.Name] = hidden
		default:
			group[a.Name] = printed(a, at, v, isSensitive)
		}
	}
	return group
}
