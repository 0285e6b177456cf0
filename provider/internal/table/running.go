package table

import "github.com/beevik/etree"

// Running is what is known of a row for a guest that runs.
type Running struct {
	// Operation is how a running guest takes over a change of the row, or of what is in its group or map.
	Operation Operation
	// Step is the part of an Operation that libvirt does as a whole: rows of one step change together or not at all.
	Step Step
	// Parameter is what libvirt's calls for tuning a running guest call the row.
	Parameter *Parameter
	// Drifts says whether somebody can change the value in the running guest alone, so that it differs from what is declared. What the guest
	// itself does to its memory and its processors is no drift. It counts for a whole group or map.
	Drifts func(c ValueChange) bool
	// Unpredictable says that a plan can't tell whether a change waits for the guest's next start.
	Unpredictable bool

	// UndoStart undoes in the definition of a running guest what libvirt and QEMU made of it at the start, where the row would show that.
	UndoStart func(live, defined *etree.Element)
	// Compared corrects the models of the running guest and of its definition where they are compared.
	Compared func(now, next Model, live, defined *etree.Element)
	// Observed corrects what was read of the definition by what was asked for, where the definition alone does not tell.
	Observed func(seen, asked Model, defined *etree.Element)
}

// Operation is one way in which a running guest changes; the zero value is none.
type Operation int

// Step is a part of an operation; the zero value is none.
type Step int

// Parameter is a value of libvirt's calls for tuning.
type Parameter struct {
	Field string
	Type  ParameterType
	Unset int64 // what stands for no value: libvirt has no call that takes one away
}

// ParameterType is how libvirt's calls take a parameter.
type ParameterType int

// The types of parameters.
const (
	UnsignedInt ParameterType = iota
	UnsignedLong
	SignedLong
)
