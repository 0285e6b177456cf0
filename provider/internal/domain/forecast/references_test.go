package forecast

import (
	"slices"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

func TestReferences(t *testing.T) {
	named := map[table.HostObject]bool{}
	var collect func(rows []table.Attr)
	collect = func(rows []table.Attr) {
		for i := range rows {
			named[rows[i].OnHost.Names] = true
			collect(rows[i].Attrs)
		}
	}
	collect(schema.Table.Attrs)
	for object := table.NetworkOnHost; object <= table.FileOnHost; object++ {
		checked := object == table.FileOnHost || slices.ContainsFunc(references, func(r hostReference) bool { return r.object == object })
		if !named[object] || !checked {
			t.Errorf("object %d: named by a row: %v, checked: %v", object, named[object], checked)
		}
	}
}
