// Package engine is the Terraform side of every resource: schema, validation, plans, state. What differs between the resources is in
// their tables, and in the few calls of a Kind.
package engine

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Resource does to a host what the engine has planned.
type Resource interface {
	Table() *table.Table
	// ImportID is the object's id, made from its model.
	ImportID(m table.Model) string
	// ParseImportID turns the parts of an import id into the attributes that name the object; the first part, the host, is taken already.
	ParseImportID(parts []string) (table.Model, error)
	// Read returns what the host says of the object that m names. An attribute that is not in the answer was not observed. The error
	// is conn.ErrNotFound where the host says that there is no such object.
	Read(ctx context.Context, host *conn.Host, m table.Model) (table.Model, error)
	// Create makes an object that is not there yet; one that is gives conn.ErrExists. Where it fails after something was made, or may have
	// been, because the connection was lost after the host was asked to, begun is true, and destroying must clean it up.
	Create(ctx context.Context, host *conn.Host, plan table.Model) (begun bool, err error)
	// Update changes the object from prior, as last read, to plan. Where it fails, the object is as it was.
	Update(ctx context.Context, host *conn.Host, prior, plan table.Model) error
	// Delete removes the object; that it is gone already is not an error.
	Delete(ctx context.Context, host *conn.Host, m table.Model) error
}

// Planner is a Kind with rules beyond its table.
type Planner interface {
	// Plan says what a change takes. It may ask the hosts where there is one, and may correct plan where Terraform lets a provider: in what
	// is computed, and back to the prior value.
	Plan(ctx context.Context, fleet *conn.Fleet, prior, config, plan table.Model) Advice
}

// Validator is a Kind with rules between attributes.
type Validator interface {
	Validate(config table.Model) []table.Problem
}

// Relocatable is a Kind whose objects may be found on another host than where they were left.
type Relocatable interface {
	// FindElsewhere looks for the object on the other hosts. It returns the attributes that say where it is now, nil where none has it.
	FindElsewhere(ctx context.Context, fleet *conn.Fleet, m table.Model) (table.Model, error)
}

// Mover is a Kind whose objects go to another host in place.
type Mover interface {
	// Move brings the object from prior's host to plan's, and nothing else of it to what the plan says. It may have moved also where there
	// is an error.
	Move(ctx context.Context, fleet *conn.Fleet, prior, plan table.Model) (Moved, error)
}

// Moved is what an object and the plan for it are on its new host, where what moved with it may be in another place. Both are nil where it
// did not move.
type Moved struct{ Prior, Plan table.Model }

// Advice is what a Planner adds to a plan.
type Advice struct {
	Replace  []*tftypes.AttributePath
	Problems []table.Problem
	Warnings []string // the first line is the summary
	// InPlace are rows whose change replaces the object, but not this time: it is at the other place already.
	InPlace []string

	// AlsoOnReplace says that Refuse and Warnings hold where the object is replaced, too.
	AlsoOnReplace bool
}
