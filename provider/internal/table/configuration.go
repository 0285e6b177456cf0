package table

// Configuration returns what a configuration has to state for a group of attributes to be as m is, as JSON has it: without values that a plan
// fills in, and without sensitive ones.
func Configuration(attrs []Attr, m Model) map[string]any {
	stated := map[string]any{}
	for i := range attrs {
		a := &attrs[i]
		v := m[a.Name]
		if v == nil || a.Mode == Computed || a.WriteOnly || a.Sensitive || a.HasDefault() && Equal(v, a.DefaultFor(m)) {
			continue
		}
		stated[a.Name] = a.configuration(v)
	}
	return stated
}

func (a *Attr) configuration(v any) any {
	switch v := v.(type) {
	case List:
		return v.Items()
	case Model:
		if a.Type != Map {
			return Configuration(a.Attrs, v)
		}
		entries := make(map[string]any, len(v))
		for _, key := range Keys(v) {
			entries[key] = Configuration(a.Attrs, v.Group(key))
		}
		return entries
	default:
		return v
	}
}
