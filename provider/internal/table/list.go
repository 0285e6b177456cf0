package table

import "strings"

// List is a list of texts as a Model holds it: two that say the same are equal.
type List string

const (
	itemEnd     = "\x00" // neither XML nor Terraform has it in a text
	unknownItem = "\x01"
)

// ListOf makes a List.
func ListOf(items ...string) List {
	var b strings.Builder
	for _, item := range items {
		b.WriteString(item + itemEnd)
	}
	return List(b.String())
}

// Items are the list's texts, without those that only the apply will give.
func (l List) Items() []string {
	var known []string
	for _, item := range l.all() {
		if item != unknownItem {
			known = append(known, item)
		}
	}
	return known
}

func (l List) all() []string {
	if l == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(l), itemEnd), itemEnd)
}

// List returns the list at name, "" where it is null or unknown.
func (m Model) List(name string) List { l, _ := m[name].(List); return l }
