//go:build acceptance

package acceptance

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

func TestVolumeCreate(t *testing.T) {
	t.Parallel()
	t.Run("a full copy of another volume", testVolumeCopy)
	t.Run("a volume that changes is not copied", testVolumeCopyOfChanging)
	t.Run("an existing volume is not taken over", testVolumeExisting)
}

func testVolumeCopy(t *testing.T) {
	t.Parallel()
	pool, dir := alpha().pool(t)
	other, otherDir := alpha().pool(t)
	from, digest := image(t, "raw", mib)
	on := func(pool, name string, a attrs) attrs {
		return attrs{"host": alpha().Name, "pool": pool, "name": name, "format": "raw"}.with(a)
	}
	copied := attrs{"clone_from": "${libvirt_volume.from.path}"}
	c := config{
		"libvirt_volume.from":    on(pool, "from", attrs{"source": from}),
		"libvirt_volume.beside":  on(pool, "beside", copied),
		"libvirt_volume.other":   on(other, "other", copied),
		"libvirt_volume.larger":  on(other, "larger", copied).with(attrs{"capacity": 3 * mib, "preallocation": "full"}),
		"libvirt_volume.another": on(other, "another", copied).with(attrs{"format": "qcow2", "capacity": 2 * mib, "preallocation": "metadata"}),
	}
	s := newStack(t)
	s.apply(c)
	s.settled()
	for file, size := range map[string]int{dir + "/beside": mib, otherDir + "/other": mib, otherDir + "/larger": 3 * mib} {
		content, err := os.ReadFile(alpha().path(file))
		if err != nil || len(content) != size {
			t.Fatalf("%s has %d bytes: %v", file, len(content), err)
		}
		begin := filepath.Join(t.TempDir(), "begin")
		if err := os.WriteFile(begin, content[:mib], 0o600); err != nil {
			t.Fatal(err)
		}
		expect(t, "content of "+file, sum(t, begin), digest)
	}
	if out, err := exec.Command("qemu-img", "compare", alpha().path(otherDir+"/another"), alpha().path(dir+"/from")).CombinedOutput(); err != nil {
		t.Errorf("another: %v\n%s", err, out)
	}
	expect(t, "capacity", volXML("capacity", "backingStore?")(t, on(other, "another", nil)), fmt.Sprint(2*mib)+" false")
	expect(t, "allocation", volXML("allocation")(t, on(other, "larger", nil)), fmt.Sprint(3*mib))

	// Afterwards, clone and source are independent.
	delete(c, "libvirt_volume.from")
	for _, a := range c {
		a["clone_from"] = dir + "/from"
	}
	s.apply(c)
	s.settled()
	s.destroy()
	expect(t, "what is left", alpha().virsh(t, "vol-list", pool)+alpha().virsh(t, "vol-list", other), "")
}

func testVolumeCopyOfChanging(t *testing.T) {
	t.Parallel()
	pool, dir := alpha().pool(t)
	on := func(name string, a attrs) attrs {
		return attrs{"host": alpha().Name, "pool": pool, "name": name}.with(a)
	}
	source := on("from", attrs{"capacity": 2 * mib})
	guest := withDisk(t, alpha(), "${libvirt_volume.from.path}", "qcow2")
	s := newStack(t)
	there := config{"libvirt_volume.from": source, "libvirt_domain.it": guest}
	s.apply(there)
	with := func(a attrs) config {
		return config{"libvirt_volume.from": source, "libvirt_domain.it": guest, aVolume: on("it", a)}
	}
	s.applyFails(with(attrs{"clone_from": dir + "/from"}), `Unable to copy volume "it"`,
		fmt.Sprintf("'clone_from' must not change while it is copied, and the running machine %q uses it; stop that machine first", guest["name"]))
	guest["state"] = "stopped"
	s.apply(there)
	s.applyFails(with(attrs{"clone_from": dir + "/from", "capacity": mib}), "'capacity' must be at least the capacity of the copied volume, 2097152 bytes, got 1048576; raise it, or remove it")
	s.applyFails(with(attrs{"clone_from": dir + "/nothing"}), "'clone_from' must be the path of a volume in a pool of this host, got \""+dir+"/nothing\"")
	s.apply(with(attrs{"clone_from": dir + "/from"}))
	s.settled()
}
