//go:build acceptance

package acceptance

import (
	"testing"
)

func TestPoolMount(t *testing.T) {
	t.Parallel()
	t.Run("volumes of a file system that is not mounted are not created again", testPoolUnmounted)
	t.Run("the directory of an existing pool is not created again", testPoolDirectoryMissing)
}

// mounted mounts a file system at a directory of the host, and returns functions that unmount it and mount it again with its content.
func mounted(t *testing.T, dir string) (unmount, mount func()) {
	t.Helper()
	store := dir + "-store"
	alpha().inside(t, "mkdir", "-p", dir, store)
	alpha().inside(t, "mount", "-t", "tmpfs", "-o", "size=48m", "kf-test", store)
	t.Cleanup(func() { alpha().inside(t, "umount", store) })
	unmount = func() { alpha().inside(t, "umount", dir) }
	mount = func() { alpha().inside(t, "mount", "--bind", store, dir) }
	mount()
	t.Cleanup(func() { _, _ = alpha().tryInside("umount", dir) })
	return unmount, mount
}

func testPoolUnmounted(t *testing.T) {
	t.Parallel()
	dir := directory(t)
	unmount, mount := mounted(t, dir)
	p := attrs{"host": alpha().Name, "name": unique(t), "path": dir}
	volume := func(name string) attrs {
		return attrs{"host": alpha().Name, "pool": "${" + aPool + ".name}", "name": name, "capacity": 1 << 20}
	}
	c, s := config{aPool: p, "libvirt_volume.a": volume("a"), "libvirt_volume.b": volume("b")}, newStack(t)
	s.apply(c)
	s.settled()

	unmount()
	text := s.planFails(c, `Unable to find volume "a"`, `Unable to find volume "b"`, `it is not in pool "`+p["name"].(string)+`"`,
		dir+" is another file system than before", "a file system may not be mounted there", "KVM_FLEET_ASSUME_GONE=alpha/"+p["name"].(string))
	seenByPlan(t, "umount", "libvirt_pool", text, "another file system than before")
	expect(t, "files below the mount point", alpha().inside(t, "ls", dir), "")
	mount()
	s.settled()

	// One that is really gone is created again.
	alpha().virsh(t, "vol-delete", "a", "--pool", p["name"].(string))
	s.shows(c, "1 to add, 0 to change, 0 to destroy")
	s.apply(c)
	s.settled()

	// So are all, if the user says that they are gone.
	unmount()
	s.env = append(s.env, "KVM_FLEET_ASSUME_GONE=alpha/"+p["name"].(string))
	s.shows(c, "2 to add, 0 to change, 0 to destroy")
	s.apply(c)
	s.env = nil
	s.settled()
	s.destroy()
}

func testPoolDirectoryMissing(t *testing.T) {
	t.Parallel()
	above := directory(t)
	unmount, mount := mounted(t, above)
	p := attrs{"host": alpha().Name, "name": unique(t), "path": above + "/pool"}
	c := config{aPool: p, "libvirt_volume.a": attrs{"host": alpha().Name, "pool": "${" + aPool + ".name}", "name": "a", "capacity": 1 << 20}}
	s := newStack(t)
	s.apply(c)
	s.settled()
	alpha().virsh(t, "pool-destroy", p["name"].(string)) // as after a start of the host
	unmount()
	s.shows(c, "~ active = false -> true")
	s.applyFails(c, `Unable to start pool "`+p["name"].(string)+`"`, "the directory of an existing pool is missing",
		"If a file system is to be mounted there, mount it, then apply again")
	expect(t, "files below the mount point", alpha().inside(t, "ls", above), "")
	mount()
	s.apply(c)
	s.settled()
	s.destroy()
}
