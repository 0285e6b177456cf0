//go:build acceptance

package acceptance

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
)

// permitted returns the permissions of a pool, a volume or a seed.
func permitted(a attrs) attrs { return attrs{"permissions": a} }

// ownership returns the owner, the group and the mode of a file of a host, as the host itself sees them.
func ownership(t *testing.T, h *labHost, file string) string {
	t.Helper()
	info, err := os.Stat(h.path(file))
	if err != nil {
		t.Fatal(err)
	}
	s := info.Sys().(*syscall.Stat_t)
	return fmt.Sprintf("%d:%d %04o", s.Uid, s.Gid, info.Mode().Perm())
}

func TestPermissions(t *testing.T) {
	t.Parallel()
	t.Run("files have them from the start, however they are created, and change in place", testPermissionsInPlace)
	t.Run("a running guest keeps its disk", testPermissionsInUse)
	t.Run("a file system has them, and not its mount point", testPermissionsMounted)
	t.Run("volumes that are partitions have none", testPermissionsUnsupported)
}

func testPermissionsInPlace(t *testing.T) {
	t.Parallel()
	h, s, p := alpha(), newStack(t), poolAttrs(t, alpha())
	source, _ := image(t, "raw", mib)
	dir := p["path"].(string)
	on := func(name string, a attrs) attrs {
		return attrs{"host": h.Name, "pool": "${" + aPool + ".name}", "name": name}.with(a)
	}
	owned := permitted(attrs{"owner": 1001, "group": 1002, "mode": "0640"})
	c := config{
		aPool:                     p.with(permitted(attrs{"owner": 1003, "group": 1004, "mode": "0751"})),
		"libvirt_volume.empty":    on("empty", attrs{"capacity": mib}.with(owned)),
		"libvirt_volume.uploaded": on("uploaded", attrs{"format": "raw", "source": source}.with(owned)),
		"libvirt_volume.copied":   on("copied", attrs{"clone_from": "${libvirt_volume.uploaded.path}"}.with(owned)),
		aSeed:                     on("seed", attrs{"content": "text"}.with(owned)),
	}
	s.apply(c)
	s.settled()
	expect(t, "the directory", ownership(t, h, dir), "1003:1004 0751")
	files := []string{"empty", "uploaded", "copied", "seed"}
	for _, file := range files {
		expect(t, file, ownership(t, h, dir+"/"+file), "1001:1002 0640")
	}

	// Someone changes them on the host.
	for _, file := range files {
		if err := os.Chown(h.path(dir+"/"+file), 7, 7); err != nil {
			t.Fatal(err)
		}
	}
	s.shows(c, "~ owner = 7 -> 1001", "0 to add, 4 to change, 0 to destroy")
	content := string(read(t, h.path(dir+"/uploaded")))
	s.apply(c)
	s.settled()
	for _, file := range files {
		expect(t, file+" after the repair", ownership(t, h, dir+"/"+file), "1001:1002 0640")
	}
	if string(read(t, h.path(dir+"/uploaded"))) != content {
		t.Error("the content has changed")
	}

	// New content has them too, and a stopped pool takes them for its directory.
	c["libvirt_volume.copied"]["clone_from"] = "${libvirt_volume.empty.path}"
	s.apply(c)
	expect(t, "new content", ownership(t, h, dir+"/copied"), "1001:1002 0640")
	s.settled()

	for _, address := range []string{"libvirt_volume.empty", "libvirt_volume.uploaded", "libvirt_volume.copied", aSeed} {
		delete(c, address)
	}
	c[aPool] = c[aPool].with(attrs{"active": false}).with(permitted(attrs{"mode": "0700"}))
	s.apply(c)
	expect(t, "the directory of the stopped pool", ownership(t, h, dir), "1003:1004 0700")
	c[aPool] = c[aPool].with(permitted(attrs{"mode": "0711"}))
	s.apply(c)
	expect(t, "the directory of the stopped pool", ownership(t, h, dir), "1003:1004 0711")
	s.settled()
	if pools := h.virsh(t, "pool-list", "--all", "--name"); strings.Contains(pools, "kvm-fleet-files-for-"+p["name"].(string)) {
		t.Errorf("a temporary pool was left:\n%s", pools)
	}
	s.destroy()
}

func testPermissionsInUse(t *testing.T) {
	t.Parallel()
	h, s := alpha(), newStack(t)
	pool, dir := h.pool(t)
	disk := attrs{"host": h.Name, "pool": pool, "name": "disk", "capacity": mib}
	guest := withDisk(t, h, "${"+aVolume+".path}", "qcow2")
	with := func(permissions attrs, state string) config {
		return config{aVolume: disk.with(permitted(permissions)), "libvirt_domain.it": guest.with(attrs{"state": state})}
	}
	one, two := attrs{"owner": 1001, "mode": "0640"}, attrs{"owner": 1002, "mode": "0640"}
	s.apply(with(one, "running"))
	if err := os.Chown(h.path(dir+"/disk"), 64055, 64055); err != nil { // as libvirt does where QEMU runs as another user
		t.Fatal(err)
	}
	s.settled()
	s.planFails(with(two, "running"), "'permissions' cannot change while a running guest uses the volume: \""+guest["name"].(string)+"\"",
		"stop that guest first, or undo the change")
	s.apply(with(one, "stopped"))
	s.apply(with(two, "stopped"))
	expect(t, "the disk", ownership(t, h, dir+"/disk"), "1002:64055 0640")
	s.settled()
	s.destroy()
}

func testPermissionsMounted(t *testing.T) {
	t.Parallel()
	device := loop(t)
	h, s := alpha(), newStack(t)
	p := poolAttrs(t, h).with(attrs{"type": "fs", "source": attrs{"devices": []string{device}, "format": "ext4"}, "build": "new"})
	dir := p["path"].(string)
	s.apply(config{aPool: p.with(permitted(attrs{"owner": 1001, "mode": "0750"}))})
	s.settled()
	expect(t, "the file system", strings.TrimSpace(h.inside(t, "stat", "-c", "%u:%g %a", dir)), "1001:0 750")
	s.apply(config{aPool: p.with(permitted(attrs{"owner": 1002, "mode": "0750"}))})
	expect(t, "the file system", strings.TrimSpace(h.inside(t, "stat", "-c", "%u:%g %a", dir)), "1002:0 750")
	s.settled()
	s.destroy()
}

func testPermissionsUnsupported(t *testing.T) {
	t.Parallel()
	h, s := alpha(), newStack(t)
	pool := unique(t)
	h.define(t, "pool-define", fmt.Sprintf("<pool type='zfs'><name>%s</name><source><name>%s</name></source></pool>", pool, pool))
	t.Cleanup(func() { h.virsh(t, "pool-undefine", pool) })
	s.planFails(config{aVolume: attrs{"host": h.Name, "pool": pool, "name": "it", "format": "raw", "capacity": mib}.with(permitted(attrs{"owner": 1}))},
		fmt.Sprintf("'permissions' is not supported in pool %q of type \"zfs\": libvirt gives its volumes no owner and no mode; remove it", pool))
}
