package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/journal"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// WithJournal has the server keep in mind what it is making, for the case that it is killed.
func (s *Server) WithJournal(j *journal.Journal) *Server {
	s.journal = j
	return s
}

// object names what is being made in the journal.
func object(k Resource, plan table.Model) string {
	parts := []string{k.Table().TypeName()}
	for _, name := range []string{"host", "pool", "usage", "name"} {
		parts = append(parts, plan.Str(name))
	}
	return strings.Join(parts, "\n")
}

// create makes an object, or takes over what an earlier provider that was killed, or was not heard, has made of it: what it had not come to the
// end of is made anew, and so is what is wanted otherwise now.
func (s *Server) create(ctx context.Context, k Resource, host *conn.Host, plan table.Model) (begun bool, err error) {
	entry, err := s.journal.Begin(object(k, plan))
	if err != nil {
		return false, err
	}
	asked, err := digest(k.Table().Attrs, plan)
	if err != nil {
		return false, err
	}
	if entry != nil && entry.Left != "" {
		there, err := leftOf(ctx, k, host, plan, entry.Left)
		switch {
		case err != nil:
			return false, err // the entry stays
		case there != nil && entry.Made == asked:
			if _, has := plan["uuid"]; has {
				plan["uuid"] = entry.Left
			}
			entry.Done()
			return true, nil
		case there != nil:
			if err := diag.Wrap("remove what is left of", k.Delete(ctx, host, there)); err != nil {
				return false, err
			}
		}
	}
	begun, err = k.Create(journal.With(ctx, entry), host, plan)
	if err == nil {
		entry.Finish(asked)
	}
	entry.Done()
	return begun, err
}

// leftOf names what was left of an object that is not in any state; nil where nothing is. Something else of its name stays.
func leftOf(ctx context.Context, k Resource, host *conn.Host, plan table.Model, left string) (table.Model, error) {
	named := plan.Clone()
	if _, has := plan["uuid"]; has {
		named["uuid"] = left
	}
	seen, err := k.Read(ctx, host, named)
	switch {
	case errors.Is(err, conn.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, diag.Wrap("look for what is left of", err)
	case !isLeft(seen, plan, left):
		return nil, nil
	}
	if named.Bool("delete_data") {
		named["delete_data"] = false // nobody knows any more whether it is this object's
	}
	return named, nil
}

// digest stands for all that a plan asks for, but what is written down nowhere.
func digest(attrs []table.Attr, plan table.Model) (string, error) {
	kept, err := table.FromTF(table.ToTF(attrs, plan)) // nothing that is write-only
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(fmt.Append(nil, kept)) // which prints maps in order
	return hex.EncodeToString(sum[:]), nil
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
