package engine

import (
	"context"
	"errors"
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/fault"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/unfinished"
)

// WithJournal has the server keep in mind what it is making, for the case that it is killed.
func (s *Server) WithJournal(j *unfinished.Journal) *Server {
	s.journal = j
	return s
}

// object names what is being made in the journal.
func object(k Kind, plan table.Model) string {
	parts := []string{k.Table().TypeName()}
	for _, name := range []string{"host", "pool", "usage", "name"} {
		parts = append(parts, plan.Str(name))
	}
	return strings.Join(parts, "\n")
}

// create makes an object, in place of what an earlier provider that was killed has left of it.
func (s *Server) create(ctx context.Context, k Kind, host *conn.Host, plan table.Model) (begun bool, err error) {
	entry, err := s.journal.Begin(object(k, plan))
	if err != nil {
		return false, err
	}
	if entry != nil && entry.Left != "" {
		if err := takeBack(ctx, k, host, plan, entry.Left); err != nil {
			return false, err // the entry stays
		}
	}
	begun, err = k.Create(unfinished.With(ctx, entry), host, plan)
	entry.Done()
	return begun, err
}

// takeBack removes what was left of an object that is not in any state. Something else of its name stays.
func takeBack(ctx context.Context, k Kind, host *conn.Host, plan table.Model, left string) error {
	named := plan.Clone()
	if _, has := plan["uuid"]; has {
		named["uuid"] = left
	}
	seen, err := k.Read(ctx, host, named)
	switch {
	case errors.Is(err, conn.ErrNotFound):
		return nil
	case err != nil:
		return fault.In("look for what is left of", err)
	case !isLeft(seen, plan, left):
		return nil
	}
	if named.Bool("delete_data") {
		named["delete_data"] = false // nobody knows any more whether it is this object's
	}
	return fault.In("remove what is left of", k.Delete(ctx, host, named))
}

// isLeft tells an object by its UUID. A volume has none: it was not there when the host was asked for it, so one of that kind and size is it.
func isLeft(seen, plan table.Model, left string) bool {
	if id, has := seen["uuid"]; has {
		return id == left
	}
	for _, name := range []string{"format", "capacity"} {
		if want := plan[name]; want != nil && want != table.Unknown && seen[name] != nil && seen[name] != want {
			return false
		}
	}
	return true
}
