package snapshot

import (
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

func TestMemoryThatCanNotBeKept(t *testing.T) {
	for devices, want := range map[string]string{
		`<hostdev type="pci"/>`: "'memory' is not supported for a guest that has a device of its host (pci)",
		`<filesystem><driver type="virtiofs"/><source dir="/srv"/></filesystem>`:  "'memory' is not supported for a guest that has a directory of its host (/srv)",
		`<tpm><backend type="passthrough"/></tpm>`:                                "'memory' is not supported for a guest that has the TPM of its host",
		`<hostdev type="usb"/><filesystem/><tpm><backend type="emulator"/></tpm>`: "",
	} {
		domain, err := xmlmodel.Parse("<domain><devices>" + devices + "</devices></domain>")
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := checkMemory(domain); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", devices, got, want)
		}
	}
}
