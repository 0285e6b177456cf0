package snapshot

import (
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/goldentest"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// TestSnapshotDefine takes snapshots of a domain with two disks, the first of which has two snapshots already.
func TestSnapshotDefine(t *testing.T) {
	goldentest.Define(t, Table.Attrs, Resource{}.Validate, func(plan table.Model) (string, error) {
		domain, err := xmlmodel.Parse(running2)
		if err != nil {
			return "", err
		}
		snapshot, _, err := document(plan, domain, chain(t))
		if err != nil {
			return "", err
		}
		return xmlmodel.Text(snapshot)
	})
}
