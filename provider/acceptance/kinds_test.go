//go:build acceptance

package acceptance

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// ofKind returns the first host of a kind, "debian13" for example. It skips a test that needs the kind if the lab has no such host.
func ofKind(t *testing.T, kind string) *labHost {
	t.Helper()
	i := slices.IndexFunc(theLab.Hosts, func(h *labHost) bool { return h.Kind == kind })
	if i < 0 {
		t.Skipf("lab %q has no host of %s; bring one up with it: bin/kvm-fleet lab up --shared --hosts alpha=debian13,beta=debian12", theLab.Name, kind)
	}
	return theLab.Hosts[i]
}

// oneOfEachKind returns the first host of each kind that the lab has.
func oneOfEachKind() []*labHost {
	var found []*labHost
	for _, h := range theLab.Hosts {
		if !slices.ContainsFunc(found, func(other *labHost) bool { return other.Kind == h.Kind }) {
			found = append(found, h)
		}
	}
	return found
}

// TestKindsMigration asserts that a guest moves between hosts with different libvirt and QEMU, and that the plan refuses what the other host
// does not have.
func TestKindsMigration(t *testing.T) {
	t.Parallel()
	older, newer := ofKind(t, "debian12"), ofKind(t, "debian13")
	both := older.versioned(t, "pc-q35")[0]
	for what, more := range map[string]attrs{
		"with BIOS":        nil,
		"with UEFI":        {"firmware": "efi"},
		"with secure boot": {"firmware": "efi", "efi": attrs{"secure_boot": true}},
		"with a TPM":       {"devices": attrs{"tpm": attrs{"model": "tpm-crb"}}},
	} {
		t.Run("a running guest moves to the newer host and back "+what, func(t *testing.T) {
			t.Parallel()
			g, s := newTraveller(t), newStack(t)
			g.domain = g.domain.with(attrs{"machine": both}).with(more)
			s.apply(g.on(older))
			if counts := more["firmware"] == nil; counts { // UEFI does not start the boot sector
				g.migrates(t, s, older, newer)
				s.settled()
				g.migrates(t, s, newer, older)
				g.uninterrupted(t)
			} else {
				// libvirt leaves the variables of a running guest on the host that it has left.
				t.Cleanup(func() {
					for _, suffix := range []string{"_VARS.fd", "_SECURE_VARS.fd"} {
						_ = os.Remove(newer.path("/var/lib/libvirt/qemu/nvram/" + g.name() + suffix))
					}
				})
				s.apply(g.on(newer))
				g.runsOnlyOn(t, newer, older)
				s.settled()
				s.apply(g.on(older))
				g.runsOnlyOn(t, older, newer)
			}
			s.settled()
			s.destroy()
		})
		if more["devices"] != nil {
			continue // the state of a TPM moves only with a running guest
		}
		t.Run("a stopped guest moves to the older host and back "+what, func(t *testing.T) {
			t.Parallel()
			g, s := newTraveller(t), newStack(t)
			g.domain = g.domain.with(attrs{"machine": both, "state": "stopped"}).with(more)
			s.apply(g.on(newer))
			s.apply(g.on(older))
			s.settled()
			s.apply(g.on(newer))
			s.settled()
			older.lacks(t, "dominfo", g.name())
			s.destroy()
		})
	}
	t.Run("a machine type of the newer host is refused in the plan", func(t *testing.T) {
		t.Parallel()
		g, s := newTraveller(t), newStack(t)
		s.apply(g.on(newer))
		only := newer.versioned(t, "pc-q35")[0]
		s.planFails(g.on(older), older.Name+` has no machine type "`+only+`", but `+both)
		s.apply(g.on(newer))
		s.destroy()
	})
}

// TestKindsCPU asserts that the plan refuses to move a running guest to a host whose libvirt does not know its CPU.
func TestKindsCPU(t *testing.T) {
	t.Parallel()
	older, newer := ofKind(t, "debian12"), ofKind(t, "debian13")
	g, s := newTraveller(t), newStack(t)
	g.domain = g.domain.with(attrs{"machine": older.versioned(t, "pc-q35")[0], "cpu": attrs{"mode": "maximum"}})
	s.apply(g.on(newer))
	s.planFails(g.on(older), "cannot run the guest's CPU, which is that of the host where it started (maximum): ")
	s.apply(g.on(newer))
	s.destroy()
}

// TestDomainWatchdog asserts that a watchdog is added to a guest, changed and removed, also where libvirt gives each q35 machine one of its own.
func TestDomainWatchdog(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	a := domainAttrs(t, alpha()).with(attrs{"state": "stopped"})
	watchdogs := func() (models []string) {
		for _, el := range alpha().xml(t, "dumpxml", "--inactive", a["name"].(string)).FindElements("devices/watchdog") {
			models = append(models, el.SelectAttrValue("model", ""))
		}
		slices.Sort(models)
		return models
	}
	s.apply(config{aDomain: a})
	s.settled()
	own := watchdogs()
	s.apply(config{aDomain: a.with(attrs{"devices": attrs{"watchdog": attrs{"model": "i6300esb", "action": "pause"}}})})
	s.settled()
	expect(t, "watchdogs with one of the configuration", strings.Join(watchdogs(), " "), strings.Join(append([]string{"i6300esb"}, own...), " "))
	s.apply(config{aDomain: a.with(attrs{"devices": attrs{"watchdog": attrs{"model": "i6300esb", "action": "reset"}}})})
	s.settled()
	s.importable("shutdown")
	s.apply(config{aDomain: a})
	s.settled()
	expect(t, "watchdogs without it", strings.Join(watchdogs(), " "), strings.Join(own, " "))
	s.apply(config{aDomain: a.with(attrs{"machine": "pc"})})
	s.settled()
	expect(t, "watchdogs of an older machine", strings.Join(watchdogs(), " "), "")
	s.destroy()
}
