//go:build acceptance

package acceptance

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

func TestD5Updates(t *testing.T) {
	base := func(name string) attrs {
		return attrs{"host": alpha().Name, "name": name, "type": theLab.Accelerator, "vcpu": 1, "memory": 32 << 10, "state": "stopped", "shutdown": attrs{"timeout": 0}}
	}
	cases := map[string]update{}
	for _, m := range []map[string]update{deviceCases(), limitCases(), diskCases(), firmwareCases()} {
		maps.Copy(cases, m)
	}
	keep := []string{"disks", "efi", "interfaces"}
	maps.DeleteFunc(cases, func(p string, _ update) bool { return !slices.Contains(keep, strings.Split(p, ".")[0]) })
	short := *domain.Table
	short.Attrs = slices.DeleteFunc(slices.Clone(short.Attrs), func(a table.Attr) bool { return !slices.Contains(keep, a.Name) })
	updates(t, &short, base, cases)
}
