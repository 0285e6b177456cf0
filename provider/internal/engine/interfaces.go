// Package engine implements the Terraform protocol for every resource: schema, validation, plans and state. A resource differs from
// the others by its table and by the few methods of Resource.
package engine

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Resource performs on a host what the engine has planned.
type Resource interface {
	Table() *table.Table
	// ImportID returns the import id of the object that m describes.
	ImportID(m table.Model) string
	// ParseImportID returns the attributes that the parts of an import id name. The engine has taken the first part,
	// the host.
	ParseImportID(parts []string) (table.Model, error)
	// Read returns what the host reports about the object that m names. An attribute that is missing from the result
	// was not observed. The error is conn.ErrNotFound if the host reports that it has no such object.
	Read(ctx context.Context, host *conn.Host, m table.Model) (table.Model, error)
	// Create creates an object that the host does not have; it returns conn.ErrExists if the host has one. If Create
	// fails, begun is true when something was created, or may have been because the connection was lost after the
	// request was sent: then a destroy has to clean up.
	Create(ctx context.Context, host *conn.Host, plan table.Model) (begun bool, err error)
	// Update changes the object from prior, the state last read, to plan. If it fails, the object is as it was before.
	Update(ctx context.Context, host *conn.Host, prior, plan table.Model) error
	// Delete removes the object. An object that is already gone is not an error.
	Delete(ctx context.Context, host *conn.Host, m table.Model) error
}

// Planner is implemented by resources with rules for changes beyond those of their table.
type Planner interface {
	// Plan reports what a change requires. It may ask the hosts, and may correct plan where Terraform allows a
	// provider to do so: computed attributes, and attributes set back to their prior value.
	Plan(ctx context.Context, fleet *conn.Fleet, prior, config, plan table.Model) Advice
}

// Validator is implemented by resources with rules between attributes.
type Validator interface {
	Validate(config table.Model) []table.Problem
}

// Relocatable is implemented by resources whose objects may be on another host than the state says.
type Relocatable interface {
	// FindElsewhere looks for the object on the other hosts. It returns the attributes that say where it is now, or
	// nil if no host has it.
	FindElsewhere(ctx context.Context, fleet *conn.Fleet, m table.Model) (table.Model, error)
}

// Mover is implemented by resources whose objects move to another host in place.
type Mover interface {
	// Move brings the object from prior's host to plan's and changes nothing else of it. The object may have moved
	// even if Move returns an error.
	Move(ctx context.Context, fleet *conn.Fleet, prior, plan table.Model) (Moved, error)
}

// Moved is the state and the plan of an object on its new host, where files that moved with it may have other paths.
// Both are nil if the object did not move.
type Moved struct{ Prior, Plan table.Model }

// MemoryUser is implemented by resources whose changes start or stop guests, and so take memory from a host or give some back.
type MemoryUser interface{ UsesMemory() }

// Advice is what a Planner or a Preflighter adds to a plan.
type Advice struct {
	Replace  []*tftypes.AttributePath
	Problems []table.Problem
	Warnings []string // the first line is the summary
	// InPlace names rows whose change would replace the object but does not this time: the object is already at the
	// other place.
	InPlace []string

	// Changes are what the plan changes, where the planner has listed them already; nil where it has not. Values that the planner itself
	// computes, as what waits for a restart, need not be among them.
	Changes []table.Change

	// AlsoOnReplace keeps Problems and Warnings in a plan that replaces the object.
	AlsoOnReplace bool
}
