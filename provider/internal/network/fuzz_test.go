package network

import (
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/patchtest"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// FuzzPatch: 'go test -fuzz FuzzPatch ./internal/network' looks for more; what it has found is in testdata/fuzz.
func FuzzPatch(f *testing.F) {
	patchtest.Fuzz(f, patchtest.Subject{
		Rows: Table.Attrs, Rules: Resource{}.Validate, Seeds: patchtest.Seeds(f, "testdata"),
		Patch: func(xml string, prior, plan table.Model) (string, error) {
			root, err := xmlmodel.Parse(xml)
			if err != nil {
				return "", err
			}
			xmlmodel.Patch(Table.Attrs, root, prior, plan)
			return xmlmodel.Text(root)
		},
		Fixed:    []string{"name", "uuid", "xml"},
		Sweeping: []string{"isolated", "bridge", "portgroups.default", "vlan.tags", "portgroups.vlan.tags"},
	})
}
