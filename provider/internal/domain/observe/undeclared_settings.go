package observe

import (
	"fmt"
	"slices"
	"strings"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// undeclaredSettings lists the settings of a definition, outside of its devices and in the devices that are declared, for which the known
// model m has no attribute. It leaves out what libvirt writes by itself.
func undeclaredSettings(m, seen table.Model, defined *etree.Element) []string {
	list := settingsIn(schema.Table.Attrs, place{el: defined, m: m, seen: seen, isDeclared: true})
	return append(list, schema.UnknownSettings(defined)...)
}

// place is a group of rows: in the definition, in the known model, and in what was read.
type place struct {
	el         *etree.Element
	m, seen    table.Model
	isDeclared bool // the known model has the group
	at         string
}

func settingsIn(attrs []table.Attr, in place) (list []string) {
	for i := range attrs {
		a := &attrs[i]
		v, isDeclared := in.seen[a.Name], in.m[a.Name] != nil
		if v == nil || a.ReadUnset || a.IsAssigned(v) || !isDeclared && a.Implied != nil && a.Implied(v) {
			continue
		}
		switch a.Type {
		case table.Object:
			el := in.el
			if a.Group != nil {
				el = a.Group.Find(el)
			}
			if el != nil && (isDeclared || el.Tag != "devices" && !isDevice(el)) {
				list = append(list, settingsIn(a.Attrs, place{el, in.m.Group(a.Name), in.seen.Group(a.Name), isDeclared, in.at + a.Name + "."})...)
			}
		case table.Map:
			list = append(list, settingsInEntries(a, in)...)
		default:
			if !isDeclared && !isOwn(a, v, in.isDeclared) {
				list = append(list, in.at+a.Name+valueText(a, v))
			}
		}
	}
	return list
}

// settingsInEntries lists the undeclared settings of a map. The entries of a declared map are declared, or are a change of the plan.
func settingsInEntries(a *table.Attr, in place) (list []string) {
	if a.Entries == nil {
		return nil
	}
	known := in.m.Group(a.Name)
	keys, elements := a.Entries.Elements(in.el)
	for i, key := range keys {
		at := fmt.Sprintf("%s%s[%q]", in.at, a.Name, key)
		entry := known.Group(key)
		switch {
		case entry != nil:
			list = append(list, settingsIn(a.Attrs, place{elements[i], entry, in.seen.Group(a.Name).Group(key), true, at + "."})...)
		case in.m[a.Name] == nil && !isDevice(elements[i]):
			list = append(list, at)
		}
	}
	return list
}

func isDevice(el *etree.Element) bool { return el.Parent() != nil && el.Parent().Tag == "devices" }

// isOwn reports whether a value is no person's setting: the plan manages it, the host chose it, or it is the default.
func isOwn(a *table.Attr, v any, groupIsDeclared bool) bool {
	switch a.Mode {
	case table.Computed, table.OptionalComputed:
		return true
	case table.Required:
		return groupIsDeclared
	default:
		return a.HasDefault() && (groupIsDeclared || table.Equal(v, a.Default))
	}
}

// settingsOfGuest lists the settings that only the running guest has, and that no attribute of m declares.
func (c comparison) settingsOfGuest(m table.Model) (list []string) {
	for _, change := range c.changes {
		now := change.Value.Was
		if change.Cost != table.Live || now == nil || !drifts(change) || change.Attr.ReadUnset || table.ValueAt(m, change.Path.Steps()) != nil {
			continue
		}
		if change.Attr.Type != table.Map {
			list = append(list, table.PathString(change.Path)+valueText(change.Attr, now)+onlyRunning)
		} else if group := change.Path.Steps(); table.ValueAt(m, group[:len(group)-1]) == nil {
			list = append(list, table.PathString(change.Path)+onlyRunning)
		}
	}
	return list
}

const longestValue = 120

// valueText returns a value for the list; "" if it is secret, or too long for a list.
func valueText(a *table.Attr, v any) string {
	text := fmt.Sprint(v)
	if a.Type == table.String {
		text = fmt.Sprintf("%q", v)
	}
	if a.Sensitive || a.Type == table.Strings || len(text) > longestValue || strings.Contains(text, deviceSeparator) {
		return ""
	}
	return " = " + text
}

// undeclared returns the list of the attribute of that name; nil if there is nothing.
func undeclared(devices, settings []string) any {
	slices.Sort(devices)
	slices.Sort(settings)
	list := slices.Concat(devices, slices.Compact(settings))
	if len(list) == 0 {
		return nil
	}
	return strings.Join(list, deviceSeparator)
}
