package rawxml

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// A row that reads a value which it does not have cannot set it. Of a domain, rows that are unset are not managed: then an entry of `xml` may
// set such a value.

// lacks reports whether a change is to a word that its row does not have.
func lacks(c *table.Change) bool {
	word, is := c.Value.Is.(string)
	return is && len(c.Attr.Enum) > 0 && !slices.Contains(c.Attr.Enum, word)
}

// canBeUnset reports whether a row is not managed if it is unset.
func canBeUnset(a *table.Attr) bool {
	return a.Mode == table.Optional && !a.HasDefault() && !a.ReadUnset
}

// notFree returns the changes to rows that may not change: all but those of a row, or of a group, that the configuration leaves unset and that has no
// such value.
func (f *Format) notFree(changes []table.Change, config table.Model) []table.Change {
	if f.Whole || config == nil {
		return changes
	}
	var free [][]tftypes.AttributePathStep
	for i := range changes {
		if c := &changes[i]; lacks(c) {
			if unset := unsetAbove(c, config); unset != nil {
				free = append(free, unset)
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(changes), func(c table.Change) bool {
		return slices.ContainsFunc(free, func(unset []tftypes.AttributePathStep) bool {
			steps := c.Path.Steps()
			return len(steps) >= len(unset) && slices.EqualFunc(steps[:len(unset)], unset, tftypes.AttributePathStep.Equal)
		})
	})
}

// unsetAbove returns the path of the row that a configuration leaves unset, on the way to a change; nil if there is none, or if it is managed all
// the same.
func unsetAbove(c *table.Change, config table.Model) []tftypes.AttributePathStep {
	steps, row := c.Path.Steps(), -1
	for i, step := range steps {
		_, isKey := step.(tftypes.ElementKeyString)
		if !isKey {
			row++
		}
		if table.ValueAt(config, steps[:i+1]) == nil {
			if isKey || !canBeUnset(c.Rows[row]) {
				return nil
			}
			return steps[:i+1]
		}
	}
	return nil
}
