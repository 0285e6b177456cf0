package schema

import (
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/goldentest"
)

func TestDomainDefine(t *testing.T) { goldentest.Define(t, Table.Attrs, Validate, NewXML) }

func TestDomainRead(t *testing.T) { goldentest.Read(t, Table.Attrs) }
