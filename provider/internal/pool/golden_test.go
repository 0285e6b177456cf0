package pool

import (
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/goldentest"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

func TestPoolDefine(t *testing.T) {
	goldentest.Define(t, Table.Attrs, Resource{}.Validate, func(plan table.Model) (string, error) { return RawXML.New(plan) })
}

func TestPoolRead(t *testing.T) { goldentest.Read(t, Table.Attrs) }
