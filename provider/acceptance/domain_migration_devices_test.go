//go:build acceptance

package acceptance

import (
	"os"
	"testing"
)

// tpmOf returns the directory in which a host keeps the state of an emulated TPM.
func tpmOf(h *labHost, uuid string) string { return h.path("/var/lib/libvirt/swtpm/" + uuid) }
func TestDomainMigrationDevices(t *testing.T) {
	t.Parallel()
	t.Run("the state of a TPM moves with a running guest only", testMigrationTPM)
}

func testMigrationTPM(t *testing.T) {
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
	s.planFails(g.on(alpha()), g.name()+" cannot move from beta to alpha:", "the state of its TPM is on this host and moves only with a running guest; start it to move it, or remove 'devices.tpm' first")
	s.write(g.on(beta()), nil)
	s.destroy()
	holds(beta(), false)
}
func TestDomainDevices(t *testing.T) {
	t.Parallel()
	t.Run("guest and host share a directory", testSharedDirectory)
}

// testSharedDirectory mounts a directory of the host in a running guest; each side sees what the other writes.
func testSharedDirectory(t *testing.T) {
	t.Parallel()
	g, s := newLinux(t), newStack(t)
	shared := directory(t)
	if err := os.MkdirAll(alpha().path(shared), 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(alpha().path(shared)+"/"+name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	a := g.a.with(attrs{"memory_backing": attrs{"source": "memfd", "access": "shared"}})
	with := config{aDomain: a.with(attrs{"devices": attrs{"filesystems": attrs{"data": attrs{"source": shared}}}})}
	write("hello", "from the host")
	s.apply(config{aDomain: a})
	g.says(`count \d+`)
	run := alpha().virsh(t, "domid", g.name())

	if o := s.plan(with); o.warnings() != "" {
		t.Errorf("a live change warns: %s", o.warnings())
	}
	s.apply(with)
	s.settled()
	g.runs("mkdir", "/shared")
	g.runs("mount", "-t", "virtiofs", "data", "/shared")
	expect(t, "what the guest reads", g.runs("cat", "/shared/hello"), "from the host")
	write("hello", "once more")
	expect(t, "what the guest reads then", g.runs("cat", "/shared/hello"), "once more")
	g.runs("cp", "/shared/hello", "/shared/back")
	text, err := os.ReadFile(alpha().path(shared) + "/back")
	if err != nil || string(text) != "once more" {
		t.Errorf("what the guest wrote is %q: %v", text, err)
	}
	s.planFails(config{aDomain: with[aDomain].with(attrs{"host": beta().Name})}, "it shares a directory with its host ("+shared+"); remove the file system, or stop the guest to move it")

	g.runs("umount", "/shared")
	s.apply(config{aDomain: a})
	s.settled()
	expect(t, "the directory that is shared", at(alpha().xml(t, "dumpxml", g.name()), "devices/filesystem?"), "false")
	expect(t, "the run", alpha().virsh(t, "domid", g.name()), run)
	g.uninterrupted()
	s.destroy()
}
