//go:build acceptance

package acceptance

import (
	"fmt"
	"os"
	"path"
	"strings"
	"testing"
)

// TestDomainRename asserts that a renamed domain stays the same one.
func TestDomainRename(t *testing.T) {
	t.Parallel()
	t.Run("a domain that is off keeps its identity and its UEFI variables", testRenameStopped)
	t.Run("a guest that runs is renamed only by a restart", testRenameRunning)
	t.Run("a saved guest is renamed when it stops", testRenameSaved)
	t.Run("a domain gets its former name back if it does not start", testRenameFailedStart)
	t.Run("a domain with snapshots and a name that is taken are refused", testRenameRefused)
}

func testRenameStopped(t *testing.T) {
	t.Parallel()
	for what, efi := range map[string]attrs{"UEFI": nil, "secure boot": {"secure_boot": true}} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s, a := newStack(t), uefiGuest(t, attrs{"autostart": true, "metadata": attrs{"urn:note": attrs{"prefix": "own", "xml": "<note>1</note>"}}})
			if efi != nil {
				a = a.with(attrs{"efi": efi})
			}
			was := a["name"].(string)
			s.apply(config{aDomain: a})
			variables := at(alpha().xml(t, "dumpxml", was), "os/nvram")
			s.apply(config{aDomain: a.with(attrs{"state": "stopped"})})
			mark := []byte("the variables of this machine")
			if err := os.WriteFile(alpha().path(variables), mark, 0o600); err != nil {
				t.Fatal(err)
			}
			id := s.state(aDomain)["uuid"]

			renamed := a.with(attrs{"name": unique(t), "state": "stopped"})
			is := renamed["name"].(string)
			s.shows(config{aDomain: renamed}, "0 to add, 1 to change, 0 to destroy")
			if o := s.plan(config{aDomain: renamed}); o.warnings() != "" {
				t.Errorf("the plan warns: %s", o.warnings())
			}
			removed := false
			s.hosts[alpha().Name] = newProxy(t, alpha(), func(m message) verdict {
				if !removed && m == (message{procedure(t, "StorageVolLookupByName"), call}) {
					removed = removeTemporaryPool(t, path.Dir(variables))
				}
				return pass
			}).uri
			s.apply(config{aDomain: renamed})
			s.hosts[alpha().Name] = alpha().URI
			expect(t, "another process has removed the pool", fmt.Sprint(removed), "true")
			s.settled()
			alpha().lacks(t, "dominfo", was)
			root := alpha().xml(t, "dumpxml", is)
			expect(t, "the UUID", at(root, "uuid"), id.(string))
			expect(t, "the ID", s.state(aDomain)["id"].(string), "alpha/"+is)
			expect(t, "the note", at(root, "metadata/note"), "1")
			if !strings.Contains(alpha().virsh(t, "dominfo", is), "Autostart:      enable") {
				t.Error("autostart is lost")
			}
			text, err := os.ReadFile(alpha().path(strings.Replace(variables, was, is, 1)))
			if err != nil || string(text) != string(mark) {
				t.Errorf("the variables are %q: %v", text, err)
			}
			if _, err := os.Stat(alpha().path(variables)); err == nil {
				t.Error("the variables are still under the former name, too")
			}
			s.destroy()
		})
	}
}

// removeTemporaryPool removes the pool that the provider has for a directory, as another provider does that has finished there.
func removeTemporaryPool(t *testing.T, dir string) bool {
	t.Helper()
	names, err := alpha().try("pool-list", "--name")
	if err != nil {
		t.Error(err)
	}
	for name := range strings.FieldsSeq(names) {
		xml, err := alpha().try("pool-dumpxml", name)
		if err == nil && strings.HasPrefix(name, "kvm-fleet-files-") && strings.Contains(xml, "<path>"+dir+"</path>") {
			_, err := alpha().try("pool-destroy", name)
			return err == nil
		}
	}
	return false
}

func testRenameRunning(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), sectorGuest(t, alpha(), tallySector)
	was := a["name"].(string)
	s.apply(config{aDomain: a})
	last := countsOn(t, a, 0)
	id := s.state(aDomain)["uuid"]
	renamed := a.with(attrs{"name": unique(t)})
	s.planFails(config{aDomain: renamed}, "'name' must not change while the guest is running: libvirt renames only a domain that is off")
	s.planFails(config{aDomain: renamed.with(attrs{"on_change": "live-only"})}, "'name' must not change while the guest is running")
	countsOn(t, a, last)

	restarting := config{aDomain: renamed.with(attrs{"on_change": "restart", "title": "renamed"})}
	if o := s.plan(restarting); !strings.Contains(o.warnings(), was+" restarts: name") {
		t.Errorf("the plan says %s", o.warnings())
	}
	s.apply(restarting)
	s.settled()
	alpha().lacks(t, "dominfo", was)
	expect(t, "the UUID", at(alpha().xml(t, "dumpxml", renamed["name"].(string)), "uuid"), id.(string))
	expect(t, "state", domainState(t, renamed), "running")
	countsOn(t, a, 0)
	s.destroy()
}

func testRenameSaved(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), sectorGuest(t, alpha(), tallySector)
	s.apply(config{aDomain: a})
	countsOn(t, a, 0)
	saved := a.with(attrs{"state": "saved"})
	s.apply(config{aDomain: saved})
	name := unique(t)
	s.planFails(config{aDomain: saved.with(attrs{"name": name})}, "'name' must not change while the guest is saved")
	s.planFails(config{aDomain: a.with(attrs{"name": name})}, "'name' must not change while the guest is saved")
	isIn(t, a, "saved")
	renamed := a.with(attrs{"name": name, "state": "stopped"})
	s.apply(config{aDomain: renamed})
	s.settled()
	alpha().lacks(t, "dominfo", a["name"].(string))
	isIn(t, renamed, "stopped")
	s.destroy()
}

func testRenameFailedStart(t *testing.T) {
	t.Parallel()
	suffers(t, "start refused", "a domain that is renamed")
	s, a := newStack(t), uefiGuest(t, attrs{"on_change": "restart"})
	was, renamed := a["name"].(string), unique(t)
	s.apply(config{aDomain: a})
	before := alpha().virsh(t, "dumpxml", "--inactive", was)
	variables := at(alpha().xml(t, "dumpxml", was), "os/nvram")
	s.applyFails(config{aDomain: a.with(attrs{"name": renamed}).with(commandLine("-device", "no-such-device"))}, "no-such-device",
		"The former definition was put back, and the guest was started again as it ran before.")
	alpha().lacks(t, "dominfo", renamed)
	expect(t, "state", domainState(t, a), "running")
	expect(t, "the definition", alpha().virsh(t, "dumpxml", "--inactive", was), before)
	if _, err := os.Stat(alpha().path(strings.Replace(variables, was, renamed, 1))); err == nil {
		t.Error("a copy of the variables is left")
	}
	if o := s.plan(config{aDomain: a}); o.code != 0 {
		t.Errorf("taking the change back is a change:\n%s%s", o.errors(), s.planned())
	}
	s.destroy()
}

func testRenameRefused(t *testing.T) {
	t.Parallel()
	s, a, other := newStack(t), guestAttrs(t, alpha()).with(attrs{"state": "stopped"}), newStack(t)
	taken := domainAttrs(t, alpha()).with(attrs{"state": "stopped"})
	other.apply(config{aDomain: taken})
	s.apply(config{aDomain: a})
	s.planFails(config{aDomain: a.with(attrs{"name": taken["name"]})}, "already")
	alpha().virsh(t, "snapshot-create-as", a["name"].(string), "one", "--disk-only")
	s.planFails(config{aDomain: a.with(attrs{"name": unique(t)})}, "'name' must not change while the domain has snapshots", "one")
	alpha().virsh(t, "snapshot-delete", a["name"].(string), "one", "--metadata")
	other.destroy()

	pool, dir := alpha().pool(t)
	c := config{
		"libvirt_volume.v": {"host": alpha().Name, "pool": pool, "name": "v", "capacity": mib, "format": "qcow2"},
		aDomain: domainAttrs(t, alpha()).with(attrs{"state": "running",
			"disks": attrs{"vda": attrs{"file": dir + "/v", "format": "qcow2"}}, "depends_on": []string{"libvirt_volume.v"}}),
	}
	s = newStack(t)
	s.apply(c)
	alpha().virsh(t, "checkpoint-create-as", c[aDomain]["name"].(string), "monday")
	s.apply(c.changed(aDomain, attrs{"state": "stopped"}))
	s.planFails(c.changed(aDomain, attrs{"state": "stopped", "name": unique(t)}), "while the domain has checkpoints", "monday")
	s.destroy()
}
