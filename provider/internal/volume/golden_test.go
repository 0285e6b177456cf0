package volume

import (
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/goldentest"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

func TestVolumeDefine(t *testing.T) {
	goldentest.Define(t, Table.Attrs, Resource{}.Validate, func(plan table.Model) (string, error) { return volumeXML(plan, "dir") })
}
