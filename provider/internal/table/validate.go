package table

import (
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Problem is an invalid value: where it is and what to do about it.
type Problem struct {
	Path *tftypes.AttributePath
	Text string
}

// Validate checks a configuration against the rows; unknown values are skipped.
func Validate(attrs []Attr, m Model, at *tftypes.AttributePath) []Problem {
	var out []Problem
	for i := range attrs {
		a := &attrs[i]
		v := m[a.Name]
		if v == nil || v == Unknown {
			continue
		}
		path := at.WithAttributeName(a.Name)
		switch a.Type {
		case Object:
			out = append(out, Validate(a.Attrs, v.(Model), path)...)
		case Map:
			out = append(out, a.validateMap(v.(Model), path)...)
		}
		if list, ok := v.(List); ok {
			for j, item := range list.all() {
				if item != unknownItem {
					out = append(out, a.validateValue(item, path.WithElementKeyInt(j))...)
				}
			}
			continue
		}
		if texts, ok := v.(Texts); ok {
			all := texts.all()
			for _, key := range slices.Sorted(maps.Keys(all)) {
				out = append(out, a.validateText(key, all[key], path.WithElementKeyString(key))...)
			}
			continue
		}
		out = append(out, a.validateValue(v, path)...)
	}
	return out
}

// validateText checks a text under a key. Check is for the key.
func (a *Attr) validateText(key, text string, at *tftypes.AttributePath) []Problem {
	var out []Problem
	if err := a.checkValue(key); err != nil {
		out = append(out, Problem{at, fmt.Sprintf("a key of '%s' %s", a.Name, err)})
	}
	if text == unknownItem {
		return out
	}
	if err := a.Text.check(text, a.Mode); err != nil {
		out = append(out, Problem{at, fmt.Sprintf("'%s[%q]' %s", a.Name, key, err)})
	}
	return out
}

func (a *Attr) validateValue(v any, at *tftypes.AttributePath) []Problem {
	if _, group := v.(Model); group {
		return nil
	}
	var out []Problem
	if s, ok := v.(string); ok && len(a.Enum) > 0 && !slices.Contains(a.Enum, s) {
		out = append(out, Problem{at, fmt.Sprintf("'%s' must be one of %s, got %q", a.Name, quoted(a.Enum), s)})
	}
	if err := a.checkValue(v); err != nil {
		out = append(out, Problem{at, fmt.Sprintf("'%s' %s", a.Name, err)})
	}
	return out
}

// checkValue checks a value, or the key of an entry.
func (a *Attr) checkValue(v any) error {
	var err error
	if a.Check != nil {
		err = a.Check(v)
	}
	s, text := v.(string)
	if err == nil && text && len(a.Enum) == 0 && v != a.Default {
		err = a.Text.check(s, a.Mode)
	}
	return err
}

func (a *Attr) validateMap(m Model, at *tftypes.AttributePath) []Problem {
	var out []Problem
	for _, k := range Keys(m) {
		path := at.WithElementKeyString(k)
		if err := a.checkValue(k); err != nil {
			out = append(out, Problem{path, fmt.Sprintf("a key of '%s' %s", a.Name, err)})
		}
		if g, ok := m[k].(Model); ok {
			out = append(out, Validate(a.Attrs, g, path)...)
		}
	}
	return out
}

// Keys returns a model's keys in order.
func Keys(m Model) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

func quoted(words []string) string {
	return `"` + strings.Join(words, `", "`) + `"`
}
