package engine

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Exclusive is implemented by resources whose objects exclude others of their host.
type Exclusive interface {
	// Existing returns the objects of a host that are in the way of the planned one: they have its name, or another value that only one
	// object can have. A plan may have a thousand new objects: a list of the host's objects, which is cached, comes before any other call.
	Existing(ctx context.Context, host *conn.Host, plan table.Model) ([]Existing, error)
}

// Existing is an object of a host that is in the way of a planned one.
type Existing struct {
	ID     string // its import ID
	What   string // what the host has: `a domain "web-1"`
	Row    string // the row whose value is taken; "": the name
	UUID   string // its UUID, if libvirt knows it by one
	Remedy string // what to do, if it can be neither imported nor moved
}

// checkFree returns a problem for each object of the host that is in the way of the planned one. A host that cannot be asked refuses nothing.
func (s *Server) checkFree(ctx context.Context, k Resource, n *node, plan table.Model) []table.Problem {
	e, ok := k.(Exclusive)
	name, known := plan["host"].(string)
	if !ok || !known {
		return nil
	}
	host, err := s.hosts().Host(name)
	if err != nil {
		return nil // not known yet
	}
	found, err := e.Existing(ctx, host, plan)
	if err != nil {
		return nil
	}
	problems := table.NewProblems()
	for _, x := range found {
		itself := n.prior != nil && (x.ID == n.id || x.UUID != "" && x.UUID == n.prior.Str("uuid"))
		if itself || n.prior == nil && s.tracker.hasState(k, x.ID) { // or it is a tainted object that the new one replaces
			continue
		}
		problems.Add(cmp.Or(x.Row, "name"), "%s already has %s%s", host.Name, x.What, remedyFor(k, x, n.prior == nil))
	}
	return problems.List()
}

// remedyFor returns the end of the sentence that says that an object exists.
func remedyFor(k Resource, x Existing, isNew bool) string {
	switch {
	case x.Remedy != "":
		return ". " + x.Remedy
	case isNew:
		return fmt.Sprintf("; choose another, or import that one: terraform import ADDRESS %s (ADDRESS is the resource's address in the plan, "+
			"%s.NAME). If it is in the state at another address, because the resource was renamed or moved in the configuration, keep it, with its "+
			"data, by a block that names both addresses:\n\n%s", x.ID, k.Table().TypeName(), movedBlock(k))
	default:
		return "; choose another, or first apply what removes or renames that one, and then this change"
	}
}

// movedBlock is a block that tells Terraform that an object has another address.
func movedBlock(k Resource) string {
	return fmt.Sprintf("  moved {\n    from = %s.OLD_NAME\n    to   = %[1]s.NEW_NAME\n  }", k.Table().TypeName())
}

// idOf returns the import ID of an object; "" while a part of it is not known.
func idOf(k Resource, m table.Model) string {
	for part := range strings.SplitSeq(k.Table().Import, "/") {
		if m.Str(part) == "" {
			return ""
		}
	}
	return k.ImportID(m)
}
