// Package domaintest has what the tests of the domain's packages share: recorded definitions, and models with other values.
package domaintest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// ReadDefinition returns a recorded definition. The test has to run in a package beside schema, as all tests of the domain do.
func ReadDefinition(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "schema", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Parse reads XML that has to be well-formed.
func Parse(t *testing.T, xml string) *etree.Element {
	t.Helper()
	root, err := xmlmodel.Parse(xml)
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// Set copies a model with another value at a path, in which keys of maps are steps too: "disks.vda.file". Nil removes the value.
func Set(m table.Model, path string, v any) table.Model {
	m = m.Clone()
	at := m
	names := strings.Split(path, ".")
	for _, n := range names[:len(names)-1] {
		next := at.Group(n)
		if next == nil {
			next = table.Model{}
		}
		at[n] = next
		at = next
	}
	if at[names[len(names)-1]] = v; v == nil {
		delete(at, names[len(names)-1])
	}
	return m
}

// With copies a model with other values: a path and its value, and so on.
func With(m table.Model, values ...any) table.Model {
	m = m.Clone()
	for i := 0; i < len(values); i += 2 {
		m = Set(m, values[i].(string), values[i+1])
	}
	return m
}
