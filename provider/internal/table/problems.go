package table

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Problems collects the problems of a configuration below one of its paths. Its methods write the sentences that all rules have in
// common, so that they read alike. A method takes the attribute by its name, with dots for groups: the problem of "source.pool" has that
// path and calls the attribute 'pool'.
type Problems struct {
	at   *tftypes.AttributePath
	list *[]Problem
}

// NewProblems returns a collector for a whole configuration.
func NewProblems() Problems { return Problems{tftypes.NewAttributePath(), &[]Problem{}} }

// List returns the problems that were found.
func (p Problems) List() []Problem { return *p.list }

// In returns a collector for a group, which adds to the same list.
func (p Problems) In(group string) Problems { return Problems{p.path(group), p.list} }

// Entry returns a collector for an entry of a map, which adds to the same list.
func (p Problems) Entry(name, key string) Problems {
	return Problems{p.path(name).WithElementKeyString(key), p.list}
}

// Path returns the path of the collector.
func (p Problems) Path() *tftypes.AttributePath { return p.at }

// Concat adds problems that were found elsewhere.
func (p Problems) Concat(found []Problem) { *p.list = append(*p.list, found...) }

// Add adds a problem with its own text.
func (p Problems) Add(name, format string, args ...any) {
	*p.list = append(*p.list, Problem{Path: p.path(name), Text: fmt.Sprintf(format, args...)})
}

// AddAt adds a problem at a full path.
func (p Problems) AddAt(path *tftypes.AttributePath, format string, args ...any) {
	*p.list = append(*p.list, Problem{Path: path, Text: fmt.Sprintf(format, args...)})
}

// Must adds that a value is not allowed: "be at least 1, got 0".
func (p Problems) Must(name, format string, args ...any) {
	p.Add(name, "'%s' must "+format, append([]any{last(name)}, args...)...)
}

// Requires adds that an attribute has no effect without another.
func (p Problems) Requires(name, other string) {
	p.Add(name, "'%s' requires '%s'; set it, or remove '%[1]s'", last(name), other)
}

// RequiresValue adds that an attribute has no effect unless another has one of these values.
func (p Problems) RequiresValue(name, other string, got any, values ...string) {
	text := ""
	if s, is := got.(string); is {
		text = fmt.Sprintf(", got %q", s)
	}
	p.Add(name, "'%s' requires '%s' to be %s%s; change that, or remove '%[1]s'", last(name), other, either(values), text)
}

// RequireEachOther adds that one of two attributes is set without the other.
func (p Problems) RequireEachOther(name, other string) {
	p.Add(name, "'%s' and '%s' require each other; set both or neither", last(name), other)
}

// Conflicts adds that two attributes are set although only one of them may be. The reason may be empty.
func (p Problems) Conflicts(name, other, reason string) {
	p.Add(name, "'%s' cannot be combined with '%s'%s; remove one of them", last(name), other, because(reason))
}

// ConflictsWithValue adds that an attribute is set although the value of another excludes it. The reason may be empty.
func (p Problems) ConflictsWithValue(name, other string, value any, reason string) {
	p.Add(name, "'%s' cannot be combined with '%s' = %s%s; change that, or remove '%[1]s'", last(name), other, hcl(value), because(reason))
}

// Unique adds that a value is used twice, and what uses it already.
func (p Problems) Unique(name string, value any, by string) {
	p.Must(name, "be unique, %v is already used by %s", value, by)
}

// Empty adds that a group sets nothing.
func (p Problems) Empty(group string) {
	p.Add(group, "'%s' must not be empty; set one of its attributes, or remove it", last(group))
}

// Missing adds that an attribute has to be set, and how.
func (p Problems) Missing(name, condition, fix string) {
	if condition != "" {
		condition = " " + condition
	}
	p.Add(name, "'%s' is required%s; %s", last(name), condition, fix)
}

// path returns the path of an attribute; "" is the path of the collector itself.
func (p Problems) path(name string) *tftypes.AttributePath {
	path := p.at
	if name == "" {
		return path
	}
	for part := range strings.SplitSeq(name, ".") {
		path = path.WithAttributeName(part)
	}
	return path
}

// last returns what an attribute is called in a sentence.
func last(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

func either(values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = hcl(v)
	}
	return strings.Join(quoted, " or ")
}

// hcl returns a value in the form of a configuration; "true" and "false" stand for booleans.
func hcl(v any) string {
	if s, is := v.(string); is && s != "true" && s != "false" {
		return fmt.Sprintf("%q", s)
	}
	return fmt.Sprint(v)
}

func because(reason string) string {
	if reason == "" {
		return ""
	}
	return ": " + reason
}
