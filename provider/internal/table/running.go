package table

import "github.com/beevik/etree"

// Running is what is known about a row for a running guest.
type Running struct {
	// Operation is how a running guest takes over a change of the row, or of what is in its group or map.
	Operation Operation
	// Step is the part of an Operation that libvirt does as a whole: rows of one step change together or not at all.
	Step Step
	// Parameter is what libvirt's calls for tuning a running guest call the row.
	Parameter *Parameter
	// Drifts reports whether the value can be changed in the running guest alone, from outside this provider, so that it differs from
	// what is declared. What the guest itself does to its memory and its processors is not drift. It applies to a whole group or map.
	Drifts func(c ValueChange) bool
	// Unpredictable says that a plan can't tell whether a change waits for the guest's next start.
	Unpredictable bool

	// UndoStart undoes in the definition of a running guest what libvirt and QEMU changed in it at the start, where the row would show
	// that.
	UndoStart func(live, defined *etree.Element)
	// Compared corrects the models of the running guest and of its definition when they are compared.
	Compared func(now, next Model, live, defined *etree.Element)
	// Observed corrects what was read from the definition by what was asked for, where the definition alone is not enough.
	Observed func(seen, asked Model, defined *etree.Element)
}

// Operation is one way in which a running guest changes; the zero value means none.
type Operation int

// Step is a part of an operation; the zero value means none.
type Step int

// Parameter is a parameter of libvirt's calls for tuning.
type Parameter struct {
	Field string
	Type  ParameterType
	Unset int64 // the value that stands for none: libvirt has no call that removes a value
}

// ParameterType is the type that libvirt's calls use for a parameter.
type ParameterType int

// The types of parameters.
const (
	UnsignedInt ParameterType = iota
	UnsignedLong
	SignedLong
	SignedInt
)
