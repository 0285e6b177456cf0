package observe

import (
	"testing"

	"github.com/digitalocean/go-libvirt"
)

func TestLabelsOfARunningGuest(t *testing.T) {
	label := func(text string, enforcing int32) libvirt.DomainGetSecurityLabelRet {
		out := make([]int8, 0, len(text)+1)
		for _, c := range []byte(text) {
			out = append(out, int8(c))
		}
		return libvirt.DomainGetSecurityLabelRet{Label: append(out, 0), Enforcing: enforcing}
	}
	for _, c := range []struct {
		models []string
		labels []libvirt.DomainGetSecurityLabelRet
		want   string
	}{
		{[]string{"apparmor", "dac"}, []libvirt.DomainGetSecurityLabelRet{label("libvirt-8d0e", 1), label("+64055:+64055", 0)}, "apparmor: libvirt-8d0e (enforcing)"},
		{[]string{"selinux", "dac"}, []libvirt.DomainGetSecurityLabelRet{label("u:r:svirt_t:s0:c1,c2", 0)}, "selinux: u:r:svirt_t:s0:c1,c2 (permissive)"},
		{[]string{"apparmor", "dac"}, []libvirt.DomainGetSecurityLabelRet{label("", 0), label("+0:+0", 0)}, ""},
		{[]string{"none", "dac"}, []libvirt.DomainGetSecurityLabelRet{label("", 0), label("+0:+0", 0)}, ""},
	} {
		if got := labelsText(c.models, c.labels); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
