package engine

import (
	"fmt"
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Nothing on a host says which write-only value it has, or from which source a content comes. If this process or Terraform is killed after an update
// has changed that, the state has the former value, and a configuration that takes the change back would be equal to the state. So the journal has
// what an update is about to write, until the state has the same.

// recordUnobserved records the unobserved values of an update: before it begins for write-only values, which can be written twice, and otherwise
// when the resource calls journal.Replacing.
func (s *Server) recordUnobserved(k Resource, prior, plan table.Model) error {
	attrs := k.Table().Attrs
	is := unobserved(attrs, plan)
	if is == unobserved(attrs, prior) {
		return nil
	}
	return s.journal.Note(unobservedKey(k, plan), is)
}

// correctUnobserved replaces the record by the state after an update that failed.
func (s *Server) correctUnobserved(k Resource, after table.Model) {
	if key := unobservedKey(k, after); s.journal.Leftover(key) != "" {
		_ = s.journal.Note(key, unobserved(k.Table().Attrs, after)) // at worst, the next plan writes again what is there
	}
}

// uncertain returns the state without the unobserved values if an interrupted update may have changed them. The next plan then writes them again.
func (s *Server) uncertain(k Resource, state table.Model) table.Model {
	attrs := k.Table().Attrs
	switch s.journal.Leftover(unobservedKey(k, state)) {
	case "":
		return state
	case unobserved(attrs, state):
		s.journal.Forget(unobservedKey(k, state))
		return state
	}
	after := state.Clone()
	forgetVersions(attrs, nil, state, after)
	table.MarkIncomplete(attrs, after)
	return after
}

func unobservedKey(k Resource, m table.Model) string { return journalKey(k, m) + "\nunobserved" }

// unobserved prints the unobserved values, and the versions of the write-only ones, in one line; "" if the resource has none.
func unobserved(attrs []table.Attr, m table.Model) string {
	var all []string
	for i := range attrs {
		a := &attrs[i]
		switch {
		case a.WriteOnly:
			all = append(all, fmt.Sprintf("%s=%v", a.Version(), m[a.Version()]))
		case a.Unobserved:
			all = append(all, fmt.Sprintf("%s=%q", a.Name, fmt.Sprint(m[a.Name])))
		case a.Type == table.Object:
			if inner := unobserved(a.Attrs, m.Group(a.Name)); inner != "" {
				all = append(all, a.Name+"("+inner+")")
			}
		case a.Type == table.Map:
			for _, key := range table.Keys(m.Group(a.Name)) {
				if inner := unobserved(a.Attrs, m.Group(a.Name).Group(key)); inner != "" {
					all = append(all, fmt.Sprintf("%s[%q](%s)", a.Name, key, inner))
				}
			}
		}
	}
	return strings.Join(all, " ")
}
