package snapshot

import (
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

func TestDeniedByAppArmor(t *testing.T) {
	const confining = `<seclabel type="dynamic" model="apparmor" relabel="yes"><label>libvirt-1</label></seclabel>`
	for what, c := range map[string]struct {
		domain, state string
		refused       bool
	}{
		"a machine that was started after its snapshot":        {`<domain id="1">` + confining + `</domain>`, "shutoff", true},
		"a snapshot of a running machine":                      {`<domain id="1">` + confining + `</domain>`, "disk-snapshot", false},
		"a stopped machine":                                    {`<domain>` + confining + `</domain>`, "shutoff", false},
		"a host without AppArmor":                              {`<domain id="1"><seclabel type="dynamic" model="dac"/></domain>`, "shutoff", false},
		"a machine that its configuration says not to confine": {`<domain id="1"><seclabel type="none" model="apparmor"/></domain>`, "shutoff", false},
		"a machine with a profile of its own":                  {`<domain id="1"><seclabel type="static" model="apparmor"/></domain>`, "shutoff", false},
	} {
		domain, err := xmlmodel.Parse(c.domain)
		if err != nil {
			t.Fatal(err)
		}
		err = deniedByAppArmor(domain, &record{name: "before", state: c.state})
		if (err != nil) != c.refused {
			t.Errorf("%s: got %v", what, err)
		}
		if err != nil && !strings.Contains(err.Error(), `after snapshot "before" was created`) {
			t.Errorf("%s: got %v", what, err)
		}
	}
}
