package schema

import "github.com/kvm-fleet/kvm-fleet/provider/internal/table"

// The ways in which a running guest changes, in the order in which they are done: what makes room comes before what needs it.
const (
	_ table.Operation = iota
	ChangeTitle
	ChangeDescription
	ChangeMetadata
	ChangeVCPUs
	ChangeMemoryDevices
	ChangeMemory
	ChangeScheduling
	ChangeMemoryLimits
	ChangeHostNodes
	ChangeDiskShare
	ChangePassword
	ChangeDisks
	ChangeInterfaces
	ChangeFilesystems
	ChangeHostdevs

	// EndOfOperations is the number of operations.
	EndOfOperations
)

// The parts of a device that libvirt changes as a whole while the guest runs.
const (
	_                   table.Step = iota
	StepMedium                     // of a drive
	StepByteLimits                 // of a disk
	StepOperationLimits            // of a disk
	StepRequest                    // of a memory device
	StepFilter                     // of an interface, as all that follow
	StepBandwidth
	StepConnection
	StepVLAN
	StepIsolation
	StepLink

	endOfSteps
)

// always treats every difference between the running guest and the definition as drift.
func always(table.ValueChange) bool { return true }

// changedAs puts a row into a step.
func changedAs(step table.Step, a table.Attr) table.Attr {
	a.Running.Step = step
	return a
}

// drifting marks a row that can be changed in the running guest alone.
func drifting(a table.Attr) table.Attr {
	a.Running.Drifts = always
	return a
}
