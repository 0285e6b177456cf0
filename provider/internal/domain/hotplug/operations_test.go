package hotplug

import (
	"testing"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
)

func TestOperations(t *testing.T) {
	for op := schema.ChangeTitle; op < schema.EndOfOperations; op++ {
		if operations[op] == nil {
			t.Errorf("nothing does operation %d", op)
		}
	}
}

// The schema imports no client of libvirt, and names one of its constants.
func TestParametersUnset(t *testing.T) {
	if got := schema.Row("memtune", "hard_limit").Running.Parameter.Unset; got != libvirt.DomainMemoryParamUnlimited {
		t.Errorf("no limit is %d, and libvirt's is %d", got, libvirt.DomainMemoryParamUnlimited)
	}
}
