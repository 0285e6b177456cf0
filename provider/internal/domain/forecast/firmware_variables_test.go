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
		{guest("efi", nil), guest("bios", nil), "leaves its UEFI variables behind: They stay in " + open + `, and are used again when 'firmware' is "efi" again.`},
		{guest("efi", nil), guest("efi", m{"secure_boot": true}), "gets other UEFI variables: Its boot entries start anew in " + closed + ". The present variables stay in " + open + ", and are used again if you revert the change."},
		{guest("efi", m{"nvram": "/a"}), guest("efi", m{"nvram": "/b"}), "gets other UEFI variables: Its boot entries start anew in /b. The present variables stay in /a, and are used again if you revert the change."},
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
