package secret

import (
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/goldentest"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

func TestSecretDefine(t *testing.T) {
	goldentest.Define(t, Table.Attrs, Resource{}.Validate, func(plan table.Model) (string, error) { return xmlmodel.Text(definition(plan)) })
}
