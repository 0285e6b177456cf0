//go:build acceptance

package acceptance

import (
	"os"
	"testing"
)

// tpmOf is where a host keeps what an emulated TPM holds.
func tpmOf(h *labHost, uuid string) string { return h.path("/var/lib/libvirt/swtpm/" + uuid) }

func TestATPMGoesWithItsRunningGuestAlone(t *testing.T) {
	t.Parallel()
	g, s := newTraveller(t), newStack(t)
	g.domain = g.domain.with(attrs{"devices": attrs{"tpm": attrs{"model": "tpm-crb", "persistent_state": true}}})
	s.apply(g.on(alpha()))
	booted(t, g.domain)
	uuid := s.state(aDomain)["uuid"].(string)
	holds := func(h *labHost, want bool) {
		t.Helper()
		if _, err := os.Stat(tpmOf(h, uuid)); (err == nil) != want {
			t.Errorf("%s holds what the TPM does: %v, want %v", h.Name, err == nil, want)
		}
	}
	holds(alpha(), true)

	s.apply(g.on(beta()))
	s.settled()
	expect(t, "state", beta().virsh(t, "domstate", g.name()), "running")
	holds(beta(), true)
	g.more(t, alpha())
	g.more(t, beta())
	g.uninterrupted(t)

	g.domain = g.domain.with(attrs{"state": "stopped", "shutdown": attrs{"timeout": 0}})
	s.apply(g.on(beta()))
	s.planFails(g.on(alpha()), g.name()+" can't go from beta to alpha:", "what its TPM holds is on this host, and only a running guest takes it along; start it to move it, or take 'devices.tpm' out first")
	s.write(g.on(beta()), nil)
	s.destroy()
	holds(beta(), false)
}
