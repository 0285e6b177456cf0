package domain

import (
	"slices"
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// outlook is what an apply means for a guest that has something in its memory.
type outlook struct {
	prior, plan table.Model
	waiting     []string // what the guest can't take over while it runs
	unsure      []string // the part of it whose value only the apply will know: it may not change at all
	defined     []string // all that changes in its definition
	replacing   []string
	moves       bool
	way         notice // how it moves
}

func lookAhead(prior, plan table.Model) outlook {
	o := outlook{prior: prior, plan: plan}
	for _, c := range table.Changes(Table.Attrs, prior, plan) {
		name := table.PathString(c.Path)
		if c.Attr.XML != nil || c.Attr.Group != nil || c.Attr.Entries != nil {
			o.defined = append(o.defined, name)
		}
		switch c.Cost {
		case table.NextBoot:
			o.waiting = append(o.waiting, name)
			if table.ValueAt(plan, c.Path.Steps()) == table.Unknown {
				o.unsure = append(o.unsure, name)
			}
		case table.Migrate:
			o.moves = true
		case table.Replace:
			o.replacing = append(o.replacing, name)
		}
	}
	return o
}

// up says whether a guest in this state has a QEMU in which it can go on.
func up(state string) bool { return state == running || state == paused || state == suspended }

// lives says whether the guest has something in its memory now.
func (o outlook) lives() bool { return up(o.was()) || o.was() == saved }

// goesOn says whether the guest is to go on with what it has in its memory.
func (o outlook) goesOn() bool { return o.lives() && up(o.is()) }

func (o outlook) was() string { return o.prior.Str("state") }
func (o outlook) is() string  { return o.plan.Str("state") }

// restarts says whether the apply restarts the guest.
func (o outlook) restarts() bool {
	return o.goesOn() && o.plan.Str("on_change") == restart && (len(o.waiting) > 0 || len(o.before()) > 0)
}

// before is what waits already.
func (o outlook) before() []string { return unlisted(o.prior["pending_restart"]) }

// pending is what will wait after the apply.
func (o outlook) pending() any {
	switch {
	case o.plan["state"] == table.Unknown:
		return table.Unknown
	case o.restarts() || !o.goesOn():
		return nil
	case o.was() == saved:
		return table.Unknown // the save image may be older than the definition
	case len(o.unsure) > 0 || slices.ContainsFunc(o.waiting, o.waits) || slices.ContainsFunc(o.waiting, untold):
		return table.Unknown // the guest may have this value already
	default:
		return listed(append(o.before(), o.waiting...))
	}
}

// waits says whether a path, or what it is part of, or a part of it, waits already.
func (o outlook) waits(path string) bool {
	return slices.ContainsFunc(o.before(), func(old string) bool { return strings.HasPrefix(old, path) || strings.HasPrefix(path, old) })
}
