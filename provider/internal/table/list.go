package table

import "strings"

// List is a list of texts as a Model holds it: two lists with the same texts are equal.
type List string

const (
	itemEnd     = "\xff" // not in UTF-8, and so in no text of Terraform
	unknownItem = "\xfe"
)

// ListOf returns a List of the texts.
func ListOf(items ...string) List {
	var b strings.Builder
	for _, item := range items {
		b.WriteString(item + itemEnd)
	}
	return List(b.String())
}

// Items returns the list's texts, without those that only the apply will know.
func (l List) Items() []string {
	var known []string
	for _, item := range l.all() {
		if item != unknownItem {
			known = append(known, item)
		}
	}
	return known
}

// Known reports whether all texts of the list are known before the apply.
func (l List) Known() bool { return len(l.Items()) == len(l.all()) }

func (l List) all() []string {
	if l == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(l), itemEnd), itemEnd)
}

// List returns the list at name, "" if it is null or unknown.
func (m Model) List(name string) List { l, _ := m[name].(List); return l }
