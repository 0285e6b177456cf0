//go:build acceptance

package acceptance

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// TestWindowsMachine starts a machine with the hardware that the constructs' windows() gives it. The firmware starts, and then nothing that is not
// signed.
func TestWindowsMachine(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "test", "constructs", "machine", "golden", "windows.json"))
	var hardware attrs
	if err == nil {
		err = json.Unmarshal(text, &hardware)
	}
	if err != nil {
		t.Fatal(err)
	}
	// QEMU has the interfaces of Hyper-V with KVM only, and this guest runs in software. TestDomainUpdates sets each of them.
	delete(hardware, "features")
	s, a := newStack(t), uefiGuest(t, hardware).with(attrs{"memory": 256 << 10, "vcpu": 2})
	s.apply(config{aDomain: a})
	s.settled()
	firmwareSays(t, a, shellRefused)
	live := alpha().xml(t, "dumpxml", a["name"].(string))
	expect(t, "the TPM", at(live, "devices/tpm@model"), "tpm-crb")
	s.importable("shutdown", "machine")
}
