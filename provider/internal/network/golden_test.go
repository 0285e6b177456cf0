package network

import (
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/goldentest"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

func TestNetworkDefine(t *testing.T) {
	goldentest.Define(t, Table.Attrs, Resource{}.Validate, func(plan table.Model) (string, error) { return RawXML.New(withBridge(plan)) })
}

func TestNetworkRead(t *testing.T) { goldentest.Read(t, Table.Attrs) }
