package table

import (
	"maps"
	"slices"
)

// Texts are texts under keys as a Model holds them: two with the same texts under the same keys are equal.
type Texts List

// TextsOf returns the Texts of a map.
func TextsOf(texts map[string]string) Texts {
	var items []string
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		items = append(items, key, texts[key])
	}
	return Texts(ListOf(items...))
}

// Map returns the texts, without those that only the apply will know.
func (t Texts) Map() map[string]string {
	known := t.all()
	maps.DeleteFunc(known, func(_, text string) bool { return text == unknownItem })
	return known
}

// Known reports whether all texts are known before the apply.
func (t Texts) Known() bool { return len(t.Map()) == len(t.all()) }

func (t Texts) all() map[string]string {
	texts := map[string]string{}
	for pair := range slices.Chunk(List(t).all(), 2) {
		texts[pair[0]] = pair[1]
	}
	return texts
}

// Texts returns the texts at name, "" if they are null or unknown.
func (m Model) Texts(name string) Texts { t, _ := m[name].(Texts); return t }
