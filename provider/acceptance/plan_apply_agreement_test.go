//go:build acceptance

package acceptance

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/network"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// attempt is a configuration that an apply makes, unless its plan refuses it.
type attempt struct {
	what string
	want attrs
}

// planAndApplyAgree asserts that an apply does what its plan accepts. It creates objects with the values that the type of each attribute allows,
// and with the values of each case together with those of attributes that others depend on. Then it changes an object to each of these.
func planAndApplyAgree(t *testing.T, rows *table.Table, base func(name string) attrs, cases map[string]update) {
	t.Helper()
	places := map[string]*table.Attr{}
	collect(rows.Attrs, "", places)
	for _, another := range append([]string{"host", "name", "uuid"}, slices.Collect(maps.Keys(keepsFromDestroy))...) {
		delete(places, another)
	}
	others := companions(rows, cases)
	idle := attrs{} // a network is changed while it is stopped, which takes less time; new ones are started
	if rows == network.Table {
		idle["active"] = false
	}
	var done, refused atomic.Int64
	inParallel(t, slices.Sorted(maps.Keys(places)), func(c *core, path string) {
		valid := exemplar(t, place{path, places[path]}, base, cases)
		attempts := append(valuesByType(path, places[path], valid), valuesTogether(path, base(""), cases[path].steps, others)...)
		for _, a := range sample(rows.TypeName()+" "+path, attempts) {
			for _, from := range []attrs{nil, base(unique(t)).with(idle)} {
				want := a.want.with(attrs{"name": unique(t)})
				if from != nil {
					want = want.with(idle)
				}
				accepted, err := c.agrees(rows.TypeName(), from, want)
				if err != nil {
					t.Errorf("%s: %v", a.what, err)
				}
				done.Add(1)
				if !accepted {
					refused.Add(1)
				}
			}
		}
	})
	t.Logf("%d creates and changes, of which the plan refuses %d", done.Load(), refused.Load())
}

// agrees creates an object, or changes one to what is wanted. It reports whether the plan accepts that, and returns an error if the apply then does
// not do it.
func (c *core) agrees(kind string, from, want attrs) (accepted bool, err error) {
	doing := "create"
	if from != nil {
		doing, want = "change", want.with(attrs{"name": from["name"]})
		if err := c.apply(kind, from); err != nil {
			return false, fmt.Errorf("the object to change: %w", err)
		}
	}
	defer func() {
		if destroy := c.apply(kind, nil); destroy != nil && err == nil {
			err = fmt.Errorf("%s: the object cannot be destroyed: %w", doing, destroy)
		}
		delete(c.state, kind)
	}()
	was, err := c.refresh(kind)
	if err != nil {
		return false, err
	}
	planned, replace, err := c.plan(kind, was, want)
	if err != nil || replace { // a replacement is a destroy and a create
		return false, nil
	}
	if err := c.change(kind, was, planned, want); err != nil && clash.MatchString(err.Error()) {
		return true, nil
	} else if err != nil {
		return true, fmt.Errorf("%s: the plan accepts it, and the apply fails: %w", doing, err)
	}
	if err := c.settled(kind, want); err != nil {
		return true, fmt.Errorf("%s: the plan accepts it, and it does not stay: %w", doing, err)
	}
	return true, nil
}

// valuesByType lists an object with each value that the type of an attribute allows. Texts have a test of their own.
func valuesByType(path string, a *table.Attr, valid attrs) (all []attempt) {
	if valid == nil {
		return nil
	}
	var values []any
	switch a.Type {
	case table.Bool:
		values = []any{false, true}
	case table.Int:
		values = []any{0, 1, 3, 4096, 1 << 40}
	case table.String:
		for _, v := range a.Enum {
			values = append(values, v)
		}
	}
	for _, v := range values {
		all = append(all, attempt{fmt.Sprintf("%s = %v", path, v), withValue(valid, path, func(any) any { return v })})
	}
	return all
}

// companions lists the values of the attributes at the top that others depend on: those with few values, and those that are compared with what the
// host's libvirt and QEMU can do.
func companions(rows *table.Table, cases map[string]update) (all []attempt) {
	for i := range rows.Attrs {
		a := &rows.Attrs[i]
		if a.Enum == nil && a.OnHost.Capability == nil {
			continue
		}
		for _, v := range distinct(a.Name, cases[a.Name].steps) {
			all = append(all, attempt{fmt.Sprintf("%s = %v", a.Name, v), attrs{a.Name: v}})
		}
	}
	return all
}

// keepsFromDestroy are attributes whose purpose is that an object, or the data of a stopped one, is not destroyed.
var keepsFromDestroy = map[string]bool{table.ProtectRow("").Name: true, "delete_data": true}

// clash matches the failures of an object that another worker of this test has made since the plan.
var clash = regexp.MustCompile(`Storage source conflict with pool|bridge name '\w+' already in use|is already in use by interface`)

// valuesTogether lists the values of a case, together with each companion.
func valuesTogether(path string, base attrs, steps []step, others []attempt) (all []attempt) {
	for _, s := range steps {
		if lookup(s.set, path) == nil {
			continue
		}
		for _, other := range others {
			all = append(all, attempt{fmt.Sprintf("%s = %v with %s", path, lookup(s.set, path), other.what), base.with(s.set).with(other.want)})
		}
	}
	return all
}

// distinct returns the values that the steps of a case set.
func distinct(path string, steps []step) (values []any) {
	for _, s := range steps {
		v := lookup(s.set, path)
		if v != nil && !slices.ContainsFunc(values, func(seen any) bool { return reflect.DeepEqual(seen, v) }) {
			values = append(values, v)
		}
	}
	return values
}
