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

// WithJournal makes the server record the objects that it is creating, so that the next provider can continue if this
// one is killed.
func (s *Server) WithJournal(j *journal.Journal) *Server {
	s.journal = j
	return s
}

// journalKey returns the name of an object in the journal.
func journalKey(k Resource, plan table.Model) string {
	parts := []string{k.Table().TypeName()}
	for _, name := range []string{"host", "pool", "usage", "name"} {
		parts = append(parts, plan.Str(name))
	}
	return strings.Join(parts, "\n")
}

// create creates an object, or adopts the object that an earlier provider created before it was killed or lost its
// connection to Terraform. It deletes and creates an object again if its creation was not completed or if the plan has
// changed since.
func (s *Server) create(ctx context.Context, k Resource, host *conn.Host, plan table.Model) (begun bool, err error) {
	entry, err := s.journal.Begin(journalKey(k, plan))
	if err != nil {
		return false, err
	}
	wanted, err := digest(k.Table().Attrs, plan)
	if err != nil {
		return false, err
	}
	if entry != nil && entry.Leftover != "" {
		found, err := findLeftover(ctx, k, host, plan, entry.Leftover)
		switch {
		case err != nil:
			return false, err // the entry stays
		case found != nil && entry.Digest == wanted:
			if _, has := plan["uuid"]; has {
				plan["uuid"] = entry.Leftover
			}
			entry.Done()
			return true, nil
		case found != nil:
			if err := diag.Wrap("remove the remains of", k.Delete(ctx, host, found)); err != nil {
				return false, err
			}
		}
	}
	s.journal.Forget(unobservedKey(k, plan)) // of an object that was there before
	begun, err = k.Create(journal.WithEntry(ctx, entry), host, plan)
	if err == nil {
		entry.Finish(wanted)
	}
	entry.Done()
	return begun, err
}

// findLeftover returns the attributes of an object that an interrupted apply left on the host, or nil if there is none. Another object of
// the same name is left alone.
func findLeftover(ctx context.Context, k Resource, host *conn.Host, plan table.Model, left string) (table.Model, error) {
	found := named(plan, left)
	seen, err := k.Read(ctx, host, found)
	switch {
	case errors.Is(err, conn.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, diag.Wrap("look for the remains of", err)
	case !isLeftover(seen, plan, left):
		return nil, nil
	}
	if found.Bool("delete_data") {
		found["delete_data"] = false // the data may belong to another object
	}
	return found, nil
}

// named returns the plan of an object with the UUID that an interrupted apply gave it, if its resource has one.
func named(plan table.Model, left string) table.Model {
	m := plan.Clone()
	if _, has := plan["uuid"]; has {
		m["uuid"] = left
	}
	return m
}

// digest returns a hash of everything that a plan asks for, except write-only values, which are stored nowhere.
func digest(attrs []table.Attr, plan table.Model) (string, error) {
	kept, err := table.FromTF(table.ToTF(attrs, plan)) // drops write-only values
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(fmt.Append(nil, kept)) // prints maps in the order of their keys
	return hex.EncodeToString(sum[:]), nil
}

// isLeftover recognizes an object by its UUID. A volume has none: it did not exist when the request was sent, so a volume of the planned
// format and capacity is the one.
func isLeftover(seen, plan table.Model, left string) bool {
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
