// Package diag is an error that knows what was being done to which object, and ends as what a person reads.
package diag

import (
	"errors"
	"fmt"
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
)

// Error is what went wrong while doing something.
type Error struct {
	Verb   string // "define", "start"
	Remedy string // what to do about it; "" where the kind of error says it
	Err    error
}

// The verb is not part of it: it goes into the summary.
func (f *Error) Error() string { return f.Err.Error() }

func (f *Error) Unwrap() error { return f.Err }

// Wrap says what was being done; nil stays nil.
func Wrap(verb string, err error) error {
	var f *Error
	if err == nil || errors.As(err, &f) {
		return err // the one who was nearest knows best what was being done
	}
	return &Error{Verb: verb, Err: err}
}

// New is a fault that no call gave.
func New(verb, next, format string, args ...any) error {
	return &Error{Verb: verb, Remedy: next, Err: fmt.Errorf(format, args...)}
}

// Format gives the two parts of a diagnostic: 'Unable to define domain "web-1"', and libvirt's words with what to do next.
func Format(err error, kind, name, importID string) (summary, detail string) {
	verb, next := "manage", ""
	var f *Error
	if errors.As(err, &f) {
		verb, next = f.Verb, f.Remedy
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

// IgnoreNotFound is In for a removal: that the object is not there is what was wanted.
func IgnoreNotFound(verb string, err error) error {
	if errors.Is(err, conn.ErrNotFound) {
		return nil
	}
	return Wrap(verb, err)
}
