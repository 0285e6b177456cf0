// Package diag is an error that knows what was being done to which object, and ends as what a person reads.
package diag

import (
	"errors"
	"fmt"
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
)

// Fault is what went wrong while doing something.
type Fault struct {
	Verb string // "define", "start"
	Next string // what to do about it; "" where the kind of error says it
	Err  error
}

// The verb is not part of it: it goes into the summary.
func (f *Fault) Error() string { return f.Err.Error() }

func (f *Fault) Unwrap() error { return f.Err }

// In says what was being done; nil stays nil.
func In(verb string, err error) error {
	var f *Fault
	if err == nil || errors.As(err, &f) {
		return err // the one who was nearest knows best what was being done
	}
	return &Fault{Verb: verb, Err: err}
}

// New is a fault that no call gave.
func New(verb, next, format string, args ...any) error {
	return &Fault{Verb: verb, Next: next, Err: fmt.Errorf(format, args...)}
}

// Text gives the two parts of a diagnostic: 'Unable to define domain "web-1"', and libvirt's words with what to do next.
func Text(err error, kind, name, importID string) (summary, detail string) {
	verb, next := "manage", ""
	var f *Fault
	if errors.As(err, &f) {
		verb, next = f.Verb, f.Next
	}
	if next == "" {
		next = advice(err, kind, importID)
	}
	lines := []string{err.Error()}
	if next != "" {
		lines = append(lines, next)
	}
	return fmt.Sprintf("Unable to %s %s %q", verb, strings.ReplaceAll(kind, "_", " "), name), strings.Join(lines, "\n\n")
}

func advice(err error, kind, importID string) string {
	switch {
	case errors.Is(err, conn.ErrUnreachable):
		return "The state is kept as it was. Check that the host is up and that its uri is right, then run this again."
	case errors.Is(err, conn.ErrExists):
		return fmt.Sprintf("Nothing was changed. Choose another name, or take the existing one over: terraform import ADDRESS %s (ADDRESS is "+
			"what the plan calls it, libvirt_%s.NAME)", importID, kind)
	default:
		return ""
	}
}

// Gone is In for a removal: that the object is not there is what was wanted.
func Gone(verb string, err error) error {
	if errors.Is(err, conn.ErrNotFound) {
		return nil
	}
	return In(verb, err)
}
