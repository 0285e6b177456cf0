//go:build acceptance

package acceptance

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/network"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// update lists the steps that change one attribute.
type update struct {
	see     func(t *testing.T, a attrs) string // what virsh shows for the attribute
	steps   []step
	actions []string // what Terraform plans for the second and later steps; nil: what the table says
	lacking string   // what this machine lacks to test the attribute; "" for nothing
}

// step is a configuration, merged into the test's own, and what virsh must show then. A nil group is unset.
type step struct {
	set  attrs
	want string
}

// updates tests every settable attribute on the hosts: it sets, changes and removes each one, in a resource of its own. All resources of a
// table are in one stack. A row without a case fails the test.
func updates(t *testing.T, rows *table.Table, base func(name string) attrs, cases map[string]update) {
	t.Helper()
	settable := map[string]*table.Attr{}
	collect(rows.Attrs, "", settable)
	for path, a := range settable {
		if c, ok := cases[path]; !ok {
			t.Errorf("no case for %q of %s", path, rows.TypeName())
		} else {
			demand(t, path, a, c)
		}
	}
	for path := range cases {
		if settable[path] == nil {
			t.Errorf("there is a case for %q, which %s does not have", path, rows.TypeName())
		}
	}
	maps.DeleteFunc(cases, func(path string, u update) bool {
		if u.lacking != "" {
			t.Logf("%s is not tried: this machine has no %s", path, u.lacking)
		}
		return u.lacking != ""
	})
	if t.Failed() {
		return
	}
	t.Run("hostile texts are refused in the plan, or kept", func(t *testing.T) { everyText(t, rows, base, cases) })
	t.Run("what a plan accepts, the apply does", func(t *testing.T) { planAndApplyAgree(t, rows, base, cases) })
	t.Run("changes by others are seen and taken back", func(t *testing.T) { changesByOthers(t, rows, base, cases) })
	t.Run("each attribute is set, changed and removed with Terraform", func(t *testing.T) { everyStep(t, rows, base, settable, cases) })
}

// everyStep takes all cases through their steps, in one stack.
func everyStep(t *testing.T, rows *table.Table, base func(name string) attrs, settable map[string]*table.Attr, cases map[string]update) {
	t.Helper()
	s := newStack(t)
	if rows == network.Table { // libvirt starts one network at a time, with dozens of processes for its rules
		cases = maps.Clone(cases)
		taken := sample("each attribute", slices.Sorted(maps.Keys(cases)))
		maps.DeleteFunc(cases, func(path string, _ update) bool { return !slices.Contains(taken, path) })
	}
	names := map[string]string{}
	for path := range cases {
		names[path] = unique(t)
	}
	previous := config{}
	for i := range longest(cases) {
		c := config{}
		for path, u := range cases {
			c[address(rows, path)] = base(names[path]).with(u.at(i).set)
		}
		before := s.resources()
		if i > 0 {
			s.plan(c)
			planned := s.actions()
			for path, u := range cases {
				want := u.action(i, settable[path], lookup(previous[address(rows, path)], path), lookup(c[address(rows, path)], path))
				expect(t, fmt.Sprintf("what is planned for %s in step %d", path, i+1), planned[address(rows, path)], want)
			}
			s.applyPlanned()
		} else {
			s.apply(c)
		}
		s.settled()
		after := s.resources()
		for path, u := range cases {
			where := address(rows, path)
			expect(t, fmt.Sprintf("%s after step %d", path, i+1), u.see(t, c[where]), u.at(i).want)
			if was, is := before[where]["uuid"], after[where]["uuid"]; i > 0 && u.actionIs(i, "update", settable[path]) && was != is {
				t.Errorf("%s: the object was replaced by another", path)
			}
		}
		previous = c
	}
	s.importable("depends_on", "source", "source_sha256", "migration", "shutdown", "wait_for", "rollout", "value", "value_version", "value_encoding", "protect")
	s.destroy()
}

func address(rows *table.Table, path string) string {
	return rows.TypeName() + "." + strings.ReplaceAll(path, ".", "-")
}

func longest(cases map[string]update) int {
	n := 0
	for _, u := range cases {
		n = max(n, len(u.steps))
	}
	return n
}

func (u update) at(i int) step { return u.steps[min(i, len(u.steps)-1)] }

func (u update) action(i int, a *table.Attr, was, is any) string {
	switch {
	case i >= len(u.steps):
		return ""
	case u.actions != nil:
		return u.actions[i-1]
	}
	if a.HasDefault() {
		was, is = orDefault(was, a.Default), orDefault(is, a.Default)
	}
	switch {
	case fmt.Sprint(was) == fmt.Sprint(is), is == nil && a.Mode == table.OptionalComputed:
		return ""
	case a.Change == table.Replace:
		return "replace"
	default:
		return "update"
	}
}

func (u update) actionIs(i int, action string, a *table.Attr) bool {
	return (u.actions != nil && i < len(u.steps) && u.actions[i-1] == action) || (u.actions == nil && a.Change != table.Replace)
}

func orDefault(v, otherwise any) any {
	if v == nil {
		return otherwise
	}
	return v
}

// collect adds the rows that a user can set to found, by path.
func collect(attrs []table.Attr, prefix string, found map[string]*table.Attr) {
	for i := range attrs {
		a := &attrs[i]
		if a.Mode == table.Computed {
			continue
		}
		if a.Type != table.Object && a.Type != table.Map || a.Mode != table.Required {
			found[prefix+a.Name] = a
		}
		collect(a.Attrs, prefix+a.Name+".", found)
	}
}

// demand asserts that a case is about its attribute: its steps change the attribute, and the last step unsets it where that is allowed.
func demand(t *testing.T, path string, a *table.Attr, u update) {
	t.Helper()
	var values []any
	for _, s := range u.steps {
		values = append(values, lookup(s.set, path))
	}
	if a.Mode != table.Required && (len(values) < 2 || values[len(values)-1] != nil) {
		t.Errorf("%s: the last step must leave it unset", path)
	}
	if len(a.Enum) != 1 && !slices.ContainsFunc(values, func(v any) bool { return !reflect.DeepEqual(v, values[0]) }) {
		t.Errorf("%s: no step changes it", path)
	}
}

// lookup returns the value at a path. For a map, it returns the value of the first entry that has one.
func lookup(a attrs, path string) any {
	name, rest, deeper := strings.Cut(path, ".")
	v := a[name]
	if !deeper {
		return v
	}
	inner, ok := v.(attrs)
	if !ok {
		return nil
	}
	next, _, _ := strings.Cut(rest, ".")
	if _, direct := inner[next]; !direct {
		for _, k := range slices.Sorted(maps.Keys(inner)) {
			if entry, ok := inner[k].(attrs); ok {
				if v := lookup(entry, rest); v != nil {
					return v
				}
			}
		}
	}
	return lookup(inner, rest)
}

// actions returns the actions of the last plan by address.
func (s *stack) actions() map[string]string {
	s.t.Helper()
	var plan struct {
		Changes []struct {
			Address string
			Change  struct{ Actions []string }
		} `json:"resource_changes"`
	}
	if err := json.Unmarshal([]byte(s.run("show", "-json", "plan").stdout), &plan); err != nil {
		s.t.Fatal(err)
	}
	found := map[string]string{}
	for _, c := range plan.Changes {
		switch {
		case len(c.Change.Actions) == 2:
			found[c.Address] = "replace"
		case c.Change.Actions[0] != "no-op":
			found[c.Address] = c.Change.Actions[0]
		}
	}
	return found
}
