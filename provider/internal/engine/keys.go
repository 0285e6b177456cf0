package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Keyed is implemented by resources whose objects have more than their import ID that only one object of a host can have.
type Keyed interface {
	// Keys returns these values of an object, as far as they are known.
	Keys(ctx context.Context, m table.Model) []Key
}

// Key is a value that only one object of a host can have.
type Key struct {
	What  string // the kind of value: "bridge". Resources whose objects exclude each other say the same.
	Row   string // the row that has it
	Map   string // the map with the entry that has the row; "": none
	Entry string // the key of that entry
	Value string
	// Names says that the value makes the object what it is: another object with this value would be the same.
	Names bool
}

// use is what an apply does with a key.
type use int

const (
	keeps  use = iota // the object has it before and after the apply
	takes             // only after it
	leaves            // only before it
)

// clashes reports whether two addresses cannot have these uses of a key in one apply: Terraform applies them in any order.
func clashes(names bool, one, other use) bool {
	if one == other {
		return one == takes
	}
	return names || one == takes || other == takes
}

// node is what Terraform plans at one address. It plans a replacement with two calls: one for the present object, one for the new one.
type node struct {
	resource  Resource
	prior     table.Model // the object of the state; nil: none, or one that is tainted
	id        string      // its import ID
	replaced  bool
	destroyed bool
	uses      []keyUse
}

type keyUse struct {
	key Key
	at  objectKey
	use use
}

// planned returns the node of a call, by the mark that an earlier call for the same address has left in its private data.
func (t *planTracker) planned(k Resource, mark []byte, prior table.Model) (n *node, markOf []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if n := t.nodes[string(mark)]; n != nil {
		return n, mark
	}
	n = &node{resource: k, prior: prior}
	if prior == nil {
		return n, nil // the only call for this address
	}
	n.id = idOf(k, prior)
	if t.nodes == nil {
		t.nodes = map[string]*node{}
	}
	mark = fmt.Appendf(nil, "planned %d", len(t.nodes))
	t.nodes[string(mark)] = n
	return n, mark
}

// clash is a key that two addresses use in ways that exclude each other.
type clash struct {
	key          Key
	mine, theirs use
	other        *node
}

// claim records which keys an address has before and after the apply, and returns the first one that another address uses in a way that
// excludes this. Whoever comes second learns of it: Terraform plans addresses in any order.
func (t *planTracker) claim(n *node, before, after []keyUse) *clash {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.release(n)
	n.uses = merged(before, after)
	var found *clash
	for _, u := range n.uses {
		for _, other := range t.users[u.at] {
			theirs := other.uses[slices.IndexFunc(other.uses, func(o keyUse) bool { return o.at == u.at })]
			if found == nil && !sameObject(n, other) && clashes(u.key.Names, u.use, theirs.use) {
				found = &clash{u.key, u.use, theirs.use, other}
			}
		}
		if t.users == nil {
			t.users = map[objectKey][]*node{}
		}
		t.users[u.at] = append(t.users[u.at], n)
	}
	return found
}

// sameObject reports whether two nodes are about one object that the plan does not destroy: the state may have it at two addresses, and
// Terraform may plan one address twice.
func sameObject(one, other *node) bool {
	return one == other || one.id != "" && one.id == other.id && one.resource.Table() == other.resource.Table() && !one.destroyed && !other.destroyed
}

// release forgets the keys of a node.
func (t *planTracker) release(n *node) {
	for _, u := range n.uses {
		t.users[u.at] = slices.DeleteFunc(t.users[u.at], func(other *node) bool { return other == n })
	}
	n.uses = nil
}

// merged returns the use of each key.
func merged(before, after []keyUse) []keyUse {
	var all []keyUse
	for _, u := range after {
		u.use = takes
		if slices.ContainsFunc(before, func(b keyUse) bool { return b.at == u.at }) {
			u.use = keeps
		}
		all = append(all, u)
	}
	for _, u := range before {
		if !slices.ContainsFunc(after, func(a keyUse) bool { return a.at == u.at }) {
			u.use = leaves
			all = append(all, u)
		}
	}
	return all
}

// checkKeys records the keys of a planned object. It returns why the plan is refused if another address of this plan has one of them, or if another
// object of the host has one that the planned object takes.
func (s *Server) checkKeys(ctx context.Context, k Resource, n *node, plan table.Model, askHost bool) []*tfprotov6.Diagnostic {
	verb := "create"
	if n.prior != nil && !n.replaced {
		verb = "change"
	}
	if c := s.tracker.claim(n, keysOf(ctx, k, n.prior), keysOf(ctx, k, plan)); c != nil {
		return refusals(verb, k, plan, c.problems(n))
	}
	if !askHost || !n.takesAny() {
		return nil
	}
	return refusals(verb, k, plan, s.checkFree(ctx, k, n, plan))
}

// takesAny reports whether the node takes a key that it did not have.
func (n *node) takesAny() bool {
	return slices.ContainsFunc(n.uses, func(u keyUse) bool { return u.use == takes })
}

// keysOf returns the keys of an object: its import ID, and what the resource adds.
func keysOf(ctx context.Context, k Resource, m table.Model) []keyUse {
	var keys []keyUse
	host := m.Str("host")
	if m == nil || host == "" {
		return nil
	}
	if id := idOf(k, m); id != "" {
		name := Key{What: k.Table().Name, Row: "name", Value: strings.TrimPrefix(id, host+"/"), Names: true}
		keys = append(keys, keyUse{key: name, at: objectKey{name.What, id}})
	}
	if keyed, ok := k.(Keyed); ok {
		for _, key := range keyed.Keys(ctx, m) {
			keys = append(keys, keyUse{key: key, at: objectKey{key.What, host + "/" + key.Value}})
		}
	}
	return keys
}

// applied forgets the keys that an object no longer has.
func (t *planTracker) applied(ctx context.Context, k Resource, prior, plan table.Model) {
	if prior == nil {
		return
	}
	gone := slices.DeleteFunc(merged(keysOf(ctx, k, prior), keysOf(ctx, k, plan)), func(u keyUse) bool { return u.use != leaves })
	t.mu.Lock()
	for _, u := range gone {
		delete(t.users, u.at)
	}
	t.mu.Unlock()
	if plan == nil || idOf(k, prior) != idOf(k, plan) {
		t.inState.Delete(objectKey{k.Table().Name, idOf(k, prior)})
	}
}

// PlannedValue returns another key of a planned object, given by the name of its table, its import ID and the kind of the key; "" if this plan
// does not have the object, or has not come to it.
func PlannedValue(ctx context.Context, kind, id, what string) string {
	t, there := ctx.Value(planTrackerKey{}).(*planTracker)
	if !there {
		return ""
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, n := range t.users[objectKey{kind, id}] {
		for _, u := range n.uses {
			if u.key.What == what && u.use != leaves {
				return u.key.Value
			}
		}
	}
	return ""
}

// problems returns the clash as a problem of the row that has the key.
func (c *clash) problems(n *node) []table.Problem {
	all := table.NewProblems()
	p := all
	if c.key.Map != "" {
		p = all.Entry(c.key.Map, c.key.Entry)
	}
	p.Add(c.key.Row, "%s", c.text(n))
	return all.List()
}

// text says what two addresses exclude, and what to do.
func (c *clash) text(n *node) string {
	k := n.resource
	what := fmt.Sprintf("%s %q on %s", strings.ReplaceAll(c.key.What, "_", " "), c.key.Value, c.host(n))
	same := c.key.Names && c.other.resource.Table() == k.Table()
	switch {
	case same && c.mine == takes && c.other.destroyed:
		return fmt.Sprintf("this plan destroys %s at another address and creates it here: its data would be lost. If the resource was renamed or "+
			"moved in the configuration, keep the object, with its data, by a block that names both addresses:\n\n%s\n\nFor a new object instead, "+
			"destroy the present one in an apply of its own first.", what, movedBlock(k))
	case same && n.destroyed && c.theirs == takes:
		return fmt.Sprintf("this plan destroys %s here and creates it at another address: its data would be lost. If the resource was renamed or "+
			"moved in the configuration, keep the object, with its data, by a block that names both addresses:\n\n%s\n\nFor a new object instead, "+
			"destroy the present one in an apply of its own first.", what, movedBlock(k))
	case c.mine == leaves && c.theirs == keeps, c.mine == keeps && c.theirs == leaves:
		return fmt.Sprintf("the state has %s at two addresses, and the apply would remove it at one of them; remove it there from the state "+
			"only: terraform state rm ADDRESS", what)
	case c.mine == leaves || c.theirs == leaves:
		return fmt.Sprintf("one resource gives up %s and another takes it, and Terraform may do both in any order; apply what gives it up first, "+
			"and then the rest", what)
	default:
		return fmt.Sprintf("'%s' must be unique, another resource of this plan also has %s; choose another, or remove one of them", c.key.Row, what)
	}
}

func (c *clash) host(n *node) string {
	for _, u := range n.uses {
		if u.key == c.key {
			host, _, _ := strings.Cut(u.at.id, "/")
			return host
		}
	}
	return ""
}
