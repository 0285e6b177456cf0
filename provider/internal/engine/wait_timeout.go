package engine

import "errors"

// ErrWaitTimeout is wrapped by an error of Create or Update that made every change and then waited too long for a
// condition. The object is as planned. For a new object the engine reports a warning: Terraform would replace an
// object whose creation failed.
var ErrWaitTimeout = errors.New("the condition was not met in time")
