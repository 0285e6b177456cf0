package engine

import "errors"

// ErrWaitTimeout is part of an error of Create or Update that has done all it was to do, and has waited in vain for what was to come of it. The object
// is what was planned. Where it is new, it is a warning: Terraform would replace an object whose creation failed.
var ErrWaitTimeout = errors.New("waited in vain")
