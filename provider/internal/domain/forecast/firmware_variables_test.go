package forecast

import (
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

func TestWhatBecomesOfVariables(t *testing.T) {
	type m = table.Model
	guest := func(firmware string, efi m) m { return m{"name": "web", "firmware": firmware, "efi": efi} }
	const open, closed = "/var/lib/libvirt/qemu/nvram/web_VARS.fd", "/var/lib/libvirt/qemu/nvram/web_SECURE_VARS.fd"
	for _, c := range []struct {
		was, is m
		want    string
	}{
		{guest("bios", nil), guest("efi", nil), ""},
		{guest("efi", nil), guest("efi", m{"secure_boot": false}), ""},
		{guest("efi", nil), guest("efi", m{"loader": "/fw/CODE.fd"}), ""},
		{guest("efi", nil), guest("bios", nil), "leaves its UEFI variables behind: They stay in " + open + `, for when it goes back to "efi".`},
		{guest("efi", nil), guest("efi", m{"secure_boot": true}), "gets other UEFI variables: What it boots is decided anew, in " + closed + "; those that it has now stay in " + open + ", for when it goes back."},
		{guest("efi", m{"nvram": "/a"}), guest("efi", m{"nvram": "/b"}), "gets other UEFI variables: What it boots is decided anew, in /b; those that it has now stay in /a, for when it goes back."},
	} {
		got := ""
		if n, changed := (ChangeSummary{prior: c.was, plan: c.is}).variablesNotice(); changed {
			got = n.summary + ": " + n.detail
		}
		if got != c.want {
			t.Errorf("%v to %v: got %q, want %q", c.was, c.is, got, c.want)
		}
	}
}
