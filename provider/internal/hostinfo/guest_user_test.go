package hostinfo

import (
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

func TestGuestUser(t *testing.T) {
	const apparmor = `<secmodel><model>apparmor</model><doi>0</doi></secmodel>`
	for models, want := range map[string]GuestUser{
		apparmor + `<secmodel><model>dac</model><doi>0</doi><baselabel type='kvm'>+64055:+64055</baselabel>` +
			`<baselabel type='qemu'>+64055:+108</baselabel></secmodel>`: {64055, 108}, // Debian 12
		`<secmodel><model>dac</model><baselabel type='qemu'>+0:+0</baselabel></secmodel>`: {},
		apparmor: {},
		`<secmodel><model>dac</model><baselabel type='qemu'>libvirt-qemu:kvm</baselabel></secmodel>`: {},
	} {
		root, err := xmlmodel.Parse("<capabilities><host>" + models + "</host></capabilities>")
		if err != nil {
			t.Fatal(err)
		}
		if got := guestUser(root); got != want || got.IsOrdinary() != (want.User != 0) {
			t.Errorf("%s: got %+v", models, got)
		}
	}
}
