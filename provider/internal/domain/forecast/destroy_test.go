package forecast

import (
	"slices"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/domaintest"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

func TestThePlanSaysWhatADestructionTakesAlong(t *testing.T) {
	const all = "Domains are destroyed with what belongs to them\n"
	off := domaintest.With(base, "state", "stopped", "firmware", "bios")
	for name, c := range map[string]struct {
		prior table.Model
		want  []string
	}{
		"a stopped one": {off, nil},
		"a saved one": {domaintest.With(off, "state", "saved"), []string{"web-1 loses its saved memory\nIts save image is discarded, and the guest never shut down: what it has " +
			"not written to its disks is lost. To keep it, apply 'state' = \"running\" or \"stopped\" first."}},
		"a running one": {domaintest.With(off, "state", "running", "shutdown", table.Model{"timeout": int64(5)}),
			[]string{all + "web-1: The guest is asked to shut down, and its power is cut where it has not after 5 seconds."}},
		"variables and keys": {domaintest.With(off, "firmware", "efi", "devices", table.Model{"tpm": table.Model{"version": "2.0"}}),
			[]string{all + "web-1: The domain is removed with its UEFI variables and the state of its TPM, with the keys in it; its volumes stay."}},
	} {
		if got := Destroy(c.prior); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestThePlanAttachesWhatIsCutOff(t *testing.T) {
	lan := func(network any) table.Model {
		return table.Model{"lan": table.Model{"network": network, "mac": "52:54:00:00:00:01"}}
	}
	for name, c := range map[string]struct {
		was, is table.Model
		want    []string
	}{
		"connected":       {lan("n"), lan("n"), nil},
		"cut off":         {lan(nil), lan("n"), []string{"lan"}},
		"another network": {lan("m"), lan("n"), nil},
		"a new interface": {nil, lan("n"), nil},
		"from a bridge":   {table.Model{"lan": table.Model{"bridge": "br0"}}, lan("n"), nil},
	} {
		got := CutOff(domaintest.With(base, "interfaces", c.was), domaintest.With(base, "interfaces", c.is))
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
