package nwfilter

import (
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/goldentest"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

func TestNetworkFilterDefine(t *testing.T) {
	goldentest.Define(t, Table.Attrs, Resource{}.Validate, func(plan table.Model) (string, error) {
		filter := newFilter(plan.Str("name"), "00000000-0000-4000-8000-000000000000")
		rewrite(filter, nil, plan)
		return xmlmodel.Text(filter)
	})
}
