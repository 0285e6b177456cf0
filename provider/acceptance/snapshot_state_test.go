//go:build acceptance

package acceptance

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSnapshotState is about state of a machine that is neither in its disks nor in its memory.
func TestSnapshotState(t *testing.T) {
	t.Parallel()
	t.Run("a revert brings back the UEFI variables and the state of the TPM", testRevertState)
	t.Run("a plan says what a revert does not bring back", testStateWithoutCopy)
}

func testRevertState(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), uefiGuest(t, attrs{"shutdown": attrs{"timeout": 0}})
	a["disks"] = attrs{"vda": attrs{"file": alpha().guestDisk(t), "format": "raw"}}
	a["devices"] = attrs{"tpm": attrs{"model": "tpm-crb"}}
	s.apply(config{aDomain: a})
	firmwareSays(t, a, shellStarts) // so that it has written its variables
	id := s.state(aDomain)["uuid"].(string)
	variables := at(alpha().xml(t, "dumpxml", a["name"].(string)), "os/nvram")
	c := config{aDomain: a.with(attrs{"state": "stopped"})}
	s.apply(c)
	c[aSnapshot] = ofDomain("it", nil)
	s.apply(c)
	s.settled()
	kept := map[string][]byte{}
	for _, file := range []string{variables, "/var/lib/libvirt/swtpm/" + id + "/tpm2/tpm2-00.permall"} {
		kept[file] = read(t, alpha().path(file))
		changed := append(bytes.Clone(kept[file]), "and more"...)
		changed[len(changed)/2] ^= 1
		f, err := os.OpenFile(alpha().path(file), os.O_WRONLY, 0)
		if err == nil {
			_, err = f.Write(changed)
		}
		if err != nil {
			t.Fatal(err)
		}
		_ = f.Close()
	}
	owners := func() string {
		all := ""
		for file := range kept {
			all += alpha().inside(t, "stat", "-c", "%u:%g %a", file)
		}
		return all
	}
	before := owners()
	c[aSnapshot] = c[aSnapshot].with(attrs{"revert": "1"})
	if o := s.plan(c); o.code != 2 || strings.Contains(o.warnings(), "keeps the") {
		t.Errorf("exit code %d\n%s%s", o.code, o.errors(), o.warnings())
	}
	s.apply(c)
	for file, content := range kept {
		if got := read(t, alpha().path(file)); !bytes.Equal(got, content) {
			t.Errorf("%s was not brought back: %d bytes, the snapshot had %d", file, len(got), len(content))
		}
	}
	if after := owners(); len(after) != len(before) {
		t.Errorf("owners and modes: got %s, want %s", after, before)
	}
	s.settled()
	s.apply(config{aDomain: a, aSnapshot: c[aSnapshot]})
	expect(t, "state", domainState(t, a), "running")
	s.destroy()
	if left, _ := filepath.Glob(alpha().path(filepath.Dir(diskOf(a)) + "/*.it.*")); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

func testStateWithoutCopy(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), uefiGuest(t, attrs{"state": "stopped"})
	a["disks"] = attrs{"vda": attrs{"file": alpha().guestDisk(t), "format": "raw"}}
	s.apply(config{aDomain: a, aSnapshot: ofDomain("it", nil)})
	name := a["name"].(string)
	if err := os.Remove(alpha().path(filepath.Dir(diskOf(a)) + "/" + name + ".it.nvram")); err != nil {
		t.Fatal(err)
	}
	s.says(s.plan(config{aDomain: a, aSnapshot: ofDomain("it", attrs{"revert": "1"})}).warnings(), []string{name + " keeps the UEFI variables that it has now"})
}
