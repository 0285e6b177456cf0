package engine

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// crowded is a resource on hosts that have objects: by their import IDs. If renames is set, an object is renamed in place.
type crowded struct {
	thing
	there   []string
	renames bool
}

func (k *crowded) Existing(_ context.Context, host *conn.Host, plan table.Model) ([]Existing, error) {
	id := host.Name + "/" + plan.Str("name")
	if !slices.Contains(k.there, id) {
		return nil, nil
	}
	return []Existing{{ID: id, What: "a thing " + plan.Str("name")}}, nil
}

// Keys returns the title: two things cannot have one.
func (k *crowded) Keys(_ context.Context, m table.Model) []Key {
	if m.Str("title") == "" {
		return nil
	}
	return []Key{{What: "title", Row: "title", Value: m.Str("title")}}
}

func (k *crowded) Table() *table.Table {
	if !k.renames {
		return thingTable
	}
	return renamedTable
}

var renamedTable = func() *table.Table {
	t := *thingTable
	t.Attrs = slices.Clone(t.Attrs)
	for i := range t.Attrs {
		t.Attrs[i].Change = table.Live
	}
	return &t
}()

// terraform plans addresses as Terraform does: an address is a sequence of calls, and the calls of several addresses come in any order.
type terraform struct {
	t    *testing.T
	s    *Server
	says []string
}

func (tf *terraform) plan(prior, config m, private []byte) *tfprotov6.PlanResourceChangeResponse {
	tf.t.Helper()
	resp, err := tf.s.PlanResourceChange(tf.t.Context(), &tfprotov6.PlanResourceChangeRequest{TypeName: "libvirt_thing",
		PriorState: value(tf.t, prior), Config: value(tf.t, config), ProposedNewState: value(tf.t, config), PriorPrivate: private})
	if err != nil {
		tf.t.Fatal(err)
	}
	if text := said(resp.Diagnostics); text != "" {
		tf.says = append(tf.says, text)
	}
	return resp
}

func (tf *terraform) load(state m) {
	tf.t.Helper()
	text, err := json.Marshal(state)
	if err != nil {
		tf.t.Fatal(err)
	}
	if _, err := tf.s.UpgradeResourceState(tf.t.Context(), &tfprotov6.UpgradeResourceStateRequest{TypeName: "libvirt_thing", RawState: &tfprotov6.RawState{JSON: text}}); err != nil {
		tf.t.Fatal(err)
	}
}

func object(name string, more ...string) m {
	x := m{"id": "alpha/" + name, "host": "alpha", "name": name, "on": true, "machine": "q35-7.2"}
	if len(more) > 0 {
		x["title"] = more[0]
	}
	return x
}

func wanted(name string, more ...string) m {
	x := object(name, more...)
	delete(x, "id")
	delete(x, "machine")
	return x
}

type calls []func(tf *terraform)

func destroy(x m) func() calls {
	return func() calls {
		return calls{func(tf *terraform) { tf.load(x) }, func(tf *terraform) { tf.plan(x, nil, nil) }}
	}
}

func create(x m) func() calls {
	return func() calls { return calls{func(tf *terraform) { tf.plan(nil, x, nil) }} }
}

func tainted(x, is m) func() calls {
	return func() calls {
		return calls{func(tf *terraform) { tf.load(x) }, func(tf *terraform) { tf.plan(nil, is, nil) }}
	}
}

// change plans again without the present object if the object has to be replaced, or if a person asked for it.
func change(x, is m, replace bool) func() calls {
	return func() calls {
		var first *tfprotov6.PlanResourceChangeResponse
		return calls{func(tf *terraform) { tf.load(x) }, func(tf *terraform) { first = tf.plan(x, is, nil) }, func(tf *terraform) {
			if len(first.Diagnostics) == 0 && (replace || len(first.RequiresReplace) > 0) {
				tf.plan(nil, is, first.PlannedPrivate)
			}
		}}
	}
}

// orders returns every order in which sequences of these lengths can be merged.
func orders(lengths []int) [][]int {
	done := true
	var all [][]int
	for i, n := range lengths {
		if n == 0 {
			continue
		}
		done = false
		rest := slices.Clone(lengths)
		rest[i]--
		for _, order := range orders(rest) {
			all = append(all, append([]int{i}, order...))
		}
	}
	if done {
		return [][]int{{}}
	}
	return all
}

func TestPlanOfNamesThatChangeHands(t *testing.T) {
	const moved, twoApplies = "  moved {\n    from = libvirt_thing.OLD_NAME\n    to   = libvirt_thing.NEW_NAME\n  }", "Terraform may do both in any order"
	const unique, exists = "must be unique", "alpha already has a thing "
	based := func(x m) m { x = x.Clone(); x["base"] = m{"path": "/b"}; return x }
	type addresses []func() calls
	for name, c := range map[string]struct {
		there   string
		renames bool
		plan    addresses
		says    string // part of what is said; "": nothing
	}{
		"another address for an object":                        {"a", false, addresses{destroy(object("a")), create(wanted("a"))}, moved},
		"another address for an object in a large plan":        {"a b", false, addresses{destroy(object("a")), create(wanted("a")), change(object("b"), wanted("b"), false)}, moved},
		"a new object and one that goes":                       {"a", false, addresses{destroy(object("a")), create(wanted("c"))}, ""},
		"two new objects of one name":                          {"", false, addresses{create(wanted("a")), create(wanted("a"))}, unique},
		"a second address for an object that stays":            {"a", false, addresses{change(object("a"), wanted("a"), false), create(wanted("a"))}, unique},
		"an object of the host that is in no state":            {"a", false, addresses{create(wanted("a"))}, exists + "a; choose another, or import that one: terraform import ADDRESS alpha/a "},
		"a replacement":                                        {"a", false, addresses{change(object("a"), based(wanted("a")), false)}, ""},
		"a replacement on request":                             {"a", false, addresses{change(object("a"), wanted("a"), true)}, ""},
		"a tainted object":                                     {"a", false, addresses{tainted(object("a"), wanted("a"))}, ""},
		"tainted objects":                                      {"a b", false, addresses{tainted(object("a"), wanted("a")), tainted(object("b"), wanted("b"))}, ""},
		"a tainted object and another address for it":          {"a", false, addresses{tainted(object("a"), wanted("a")), create(wanted("a"))}, unique},
		"a replacement under another name":                     {"a", false, addresses{change(object("a"), wanted("c"), false)}, ""},
		"a replacement under the name of another object":       {"a b", false, addresses{change(object("a"), wanted("b"), false)}, exists + "b; choose another, or first apply "},
		"a replacement that frees a name":                      {"a", false, addresses{change(object("a"), wanted("c"), false), create(wanted("a"))}, twoApplies},
		"two replacements that swap names":                     {"a b", false, addresses{change(object("a"), wanted("b"), false), change(object("b"), wanted("a"), false)}, ""},
		"a rename":                                             {"a", true, addresses{change(object("a"), wanted("c"), false)}, ""},
		"a rename to the name of another object":               {"a b", true, addresses{change(object("a"), wanted("b"), false)}, exists + "b; choose another, or first apply "},
		"a rename that frees a name":                           {"a", true, addresses{change(object("a"), wanted("c"), false), create(wanted("a"))}, twoApplies},
		"a rename to a name that another frees":                {"a b", true, addresses{change(object("a"), wanted("b"), false), change(object("b"), wanted("c"), false)}, "b"},
		"a rename to the name of an object that goes":          {"a b", true, addresses{change(object("a"), wanted("b"), false), destroy(object("b"))}, "b"},
		"two renames that swap names":                          {"a b", true, addresses{change(object("a"), wanted("b"), false), change(object("b"), wanted("a"), false)}, "b"},
		"two renames to one name":                              {"a b", true, addresses{change(object("a"), wanted("c"), false), change(object("b"), wanted("c"), false)}, unique},
		"an object at two addresses, one of which goes":        {"a", false, addresses{change(object("a"), wanted("a"), false), destroy(object("a"))}, "terraform state rm ADDRESS"},
		"an object at two addresses that stay":                 {"a", false, addresses{change(object("a"), wanted("a"), false), change(object("a"), wanted("a"), false)}, ""},
		"an object at two addresses that go":                   {"a", false, addresses{destroy(object("a")), destroy(object("a"))}, ""},
		"a value that goes with an object and comes with one":  {"a", false, addresses{destroy(object("a", "t")), create(wanted("c", "t"))}, twoApplies},
		"a value that changes hands in place":                  {"a b", false, addresses{change(object("a", "t"), wanted("a"), false), change(object("b"), wanted("b", "t"), false)}, twoApplies},
		"a value that two have":                                {"a", false, addresses{change(object("a", "t"), wanted("a", "t"), false), create(wanted("c", "t"))}, unique},
		"a value that is there twice, and goes once":           {"a b", false, addresses{change(object("a", "t"), wanted("a", "t"), false), destroy(object("b", "t"))}, ""},
		"a replacement that keeps its value":                   {"a", false, addresses{change(object("a", "t"), based(wanted("a", "t")), false)}, ""},
		"objects that stay beside one that goes and a new one": {"a b", false, addresses{change(object("a"), wanted("a"), false), destroy(object("b")), create(wanted("c"))}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var lengths []int
			for _, address := range c.plan {
				lengths = append(lengths, len(address()))
			}
			k := &crowded{renames: c.renames}
			for there := range strings.FieldsSeq(c.there) {
				k.there = append(k.there, "alpha/"+there)
			}
			for _, order := range orders(lengths) {
				tf := &terraform{t: t, s: NewServer([]Resource{k})}
				tf.s.fleet = conn.NewFleet(map[string]*conn.URI{"alpha": {}})
				var sequences []calls
				for _, address := range c.plan {
					sequences = append(sequences, address())
				}
				for _, i := range order {
					sequences[i][0](tf)
					sequences[i] = sequences[i][1:]
				}
				text := strings.Join(tf.says, "\n")
				if name == "two replacements that swap names" {
					if text == "" {
						t.Errorf("in the order %v, nothing is said", order)
					}
					continue
				}
				if c.says == "" && text != "" || !strings.Contains(text, c.says) {
					t.Errorf("in the order %v, the plan says\n%s\nwant\n%s", order, text, c.says)
				}
			}
		})
	}
}

// Before a destruction, Terraform plans the configuration to read its objects.
func TestPlanBeforeADestruction(t *testing.T) {
	k := &crowded{there: []string{"alpha/a", "alpha/b"}}
	tf := &terraform{t: t, s: NewServer([]Resource{k}).ForDestroy(true)}
	tf.s.fleet = conn.NewFleet(map[string]*conn.URI{"alpha": {}})
	elsewhere := wanted("a")
	elsewhere["host"] = "omega"
	for _, address := range []func() calls{create(wanted("b")), destroy(object("a")), create(wanted("a")), change(object("c"), wanted("b"), false), create(elsewhere)} {
		for _, call := range address() {
			call(tf)
		}
	}
	if len(tf.says) > 0 {
		t.Errorf("the plan says\n%s", strings.Join(tf.says, "\n"))
	}
}

func TestANameIsFreeAfterItsObjectIsDestroyed(t *testing.T) {
	k := &crowded{there: []string{"alpha/a"}}
	k.on = map[string]m{"alpha": {}}
	tf := &terraform{t: t, s: NewServer([]Resource{k})}
	tf.s.fleet = conn.NewFleet(map[string]*conn.URI{"alpha": {}})
	tf.load(object("a"))
	tf.plan(object("a"), nil, nil)
	resp, err := tf.s.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{TypeName: "libvirt_thing", PriorState: value(t, object("a")), PlannedState: value(t, nil)})
	if err != nil || len(resp.Diagnostics) > 0 {
		t.Fatal(err, said(resp.Diagnostics))
	}
	k.there = nil
	tf.plan(nil, wanted("a"), nil)
	if len(tf.says) > 0 {
		t.Errorf("the plan says\n%s", strings.Join(tf.says, "\n"))
	}
	k.there = []string{"alpha/a"} // a foreign one
	tf.plan(nil, wanted("a"), nil)
	if len(tf.says) != 1 {
		t.Errorf("the plan says %q", tf.says)
	}
}

func TestTheMarkOfAPlanIsNotStored(t *testing.T) {
	k := &crowded{}
	k.on = map[string]m{"alpha": {}}
	tf := &terraform{t: t, s: NewServer([]Resource{k})}
	tf.s.fleet = conn.NewFleet(map[string]*conn.URI{"alpha": {}})
	planned := tf.plan(object("a"), wanted("a", "t"), nil)
	if len(planned.PlannedPrivate) == 0 || len(tf.plan(nil, wanted("c"), nil).PlannedPrivate) > 0 {
		t.Error("a mark is for an object that may be replaced")
	}
	resp, err := tf.s.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{TypeName: "libvirt_thing", PriorState: value(t, object("a")),
		PlannedState: planned.PlannedState, PlannedPrivate: planned.PlannedPrivate})
	if err != nil || len(resp.Private) > 0 {
		t.Errorf("stored %q, %v", resp.Private, err)
	}
}
