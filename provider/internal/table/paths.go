package table

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Path returns the path of an attribute inside groups: "cpu.model". It cannot contain keys of maps.
func Path(name string) *tftypes.AttributePath {
	path := tftypes.NewAttributePath()
	for part := range strings.SplitSeq(name, ".") {
		path = path.WithAttributeName(part)
	}
	return path
}

// PathString returns a path in the form in which a user writes it in HCL: disks["vda"].file
func PathString(path *tftypes.AttributePath) string {
	var b strings.Builder
	for _, s := range path.Steps() {
		switch s := s.(type) {
		case tftypes.AttributeName:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(string(s))
		case tftypes.ElementKeyString:
			fmt.Fprintf(&b, "[%q]", string(s))
		}
	}
	return b.String()
}

// StepName returns the attribute's name or the map's key that a step of a path stands for.
func StepName(s tftypes.AttributePathStep) string {
	switch s := s.(type) {
	case tftypes.AttributeName:
		return string(s)
	case tftypes.ElementKeyString:
		return string(s)
	default:
		return ""
	}
}

// FirstName returns the name of the top-level attribute that a path begins with.
func FirstName(path *tftypes.AttributePath) string { return StepName(path.Steps()[0]) }

// ValueAt returns the value at a path, nil if a group on the way is missing, and Unknown if one is unknown.
func ValueAt(m Model, path []tftypes.AttributePathStep) any {
	v := m[StepName(path[0])]
	if len(path) == 1 || v == Unknown {
		return v
	}
	group, _ := v.(Model)
	return ValueAt(group, path[1:])
}

// CopyValue copies the value at a path from one model to another. If the source has no value there, it deletes the target's own value,
// and the groups that are then empty and that the source does not have either.
func CopyValue(to, from Model, path []tftypes.AttributePathStep) {
	name := StepName(path[0])
	if len(path) == 1 {
		if v, there := from[name]; there {
			to[name] = v
		} else {
			delete(to, name)
		}
		return
	}
	if to.Group(name) == nil {
		to[name] = Model{}
	}
	CopyValue(to.Group(name), from.Group(name), path[1:])
	if from.Group(name) == nil && to.Group(name).IsEmpty() {
		delete(to, name) // libvirt would keep an empty element, or interpret it
	}
}

// Without returns a copy of a model without one attribute.
func (m Model) Without(name string) Model {
	rest := m.Clone()
	delete(rest, name)
	return rest
}
