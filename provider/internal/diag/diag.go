// Package diag formats errors for people: what failed for which object, libvirt's message, and what to do next.
package diag

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
)

// Kept is what is true of every failure: only a host that answers 'not found' removes something from the state.
const Kept = "Nothing was removed from the state."

// Error is an error with the operation that failed.
type Error struct {
	Verb   string // the operation: "define", "start"
	Remedy string // what to do next; "" if the kind of error tells it
	Err    error
}

// Error returns the message without the verb, which is part of the summary.
func (e *Error) Error() string { return e.Err.Error() }

func (e *Error) Unwrap() error { return e.Err }

// Wrap adds the operation that failed to an error. It returns nil for nil.
func Wrap(verb string, err error) error {
	var e *Error
	if err == nil || errors.As(err, &e) {
		return err // the innermost caller knows best which operation failed
	}
	return &Error{Verb: verb, Err: err}
}

// New returns an error that no call returned.
func New(verb, remedy, format string, args ...any) error {
	return &Error{Verb: verb, Remedy: remedy, Err: fmt.Errorf(format, args...)}
}

// Format returns the two parts of a diagnostic: the summary 'Unable to define domain "web-1"', and the detail: the
// error, then what to do next.
func Format(err error, kind, name, importID string) (summary, detail string) {
	verb, remedy := "manage", ""
	var e *Error
	if errors.As(err, &e) {
		verb, remedy = e.Verb, e.Remedy
	}
	if remedy == "" {
		remedy = defaultRemedy(err, kind, importID)
	}
	lines := []string{err.Error()}
	if remedy != "" {
		lines = append(lines, remedy)
	}
	return Shorten(fmt.Sprintf("Unable to %s %s %q", verb, strings.ReplaceAll(kind, "_", " "), name)), Shorten(strings.Join(lines, "\n\n"))
}

// A message shows the beginning of a long value.
const longest, shown = 300, 100

var longWord = regexp.MustCompile(fmt.Sprintf(`\S{%d,}`, longest))

// Shorten returns a message in which long words are cut.
func Shorten(message string) string {
	return longWord.ReplaceAllStringFunc(message, func(word string) string {
		all := []rune(word)
		return fmt.Sprintf("%s... (%d more characters)", string(all[:shown]), len(all)-shown)
	})
}

// defaultRemedy returns what to do next about an error whose caller does not say so.
func defaultRemedy(err error, kind, importID string) string {
	switch {
	case errors.Is(err, conn.ErrUnreachable):
		return Kept + " Check that the host is up and that its uri is correct, then run the command again."
	case errors.Is(err, context.Canceled):
		return Kept + " The command was interrupted. Run it again to finish the change."
	case errors.Is(err, conn.ErrExists):
		return fmt.Sprintf("Choose another name, or import the existing one: terraform import ADDRESS %s (ADDRESS is "+
			"the resource's address in the plan, libvirt_%s.NAME)", importID, kind)
	default:
		return conn.Advice(err)
	}
}

// IgnoreNotFound is Wrap for a removal: an object that is already gone is not an error.
func IgnoreNotFound(verb string, err error) error {
	if errors.Is(err, conn.ErrNotFound) {
		return nil
	}
	return Wrap(verb, err)
}
