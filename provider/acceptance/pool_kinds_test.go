//go:build acceptance

package acceptance

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/pool"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// model converts a configuration to a model of the table.
func model(a attrs) table.Model {
	m := table.Model{}
	for k, v := range a {
		switch v := v.(type) {
		case attrs:
			m[k] = model(v)
		case []string:
			m[k] = table.ListOf(v...)
		case int:
			m[k] = int64(v)
		default:
			m[k] = v
		}
	}
	return m
}

// TestPoolTypes asserts that the XML of each pool type is valid in libvirt's schema and that libvirt accepts it: if libvirt has the driver,
// the pool is defined, read back and imported.
func TestPoolTypes(t *testing.T) {
	t.Parallel()
	chap, ceph := secretOn(t, alpha(), "iscsi", "target"), secretOn(t, alpha(), "ceph", "name")
	login := func(kind, secret string) attrs {
		return attrs{"type": kind, "username": "fleet", "secret_uuid": secret}
	}
	const target, initiator = "iqn.2024-01.test.fleet:all", "iqn.2024-01.test.fleet:alpha"
	all := map[string]attrs{
		"dir":          {"path": directory(t)},
		"fs":           {"path": directory(t), "source": attrs{"devices": []string{"/dev/disk/by-id/a"}, "format": "xfs"}},
		"netfs":        {"path": directory(t), "source": attrs{"host": "nas.test", "dir": "/srv/all", "format": "nfs", "nfs_version": "4"}},
		"logical":      {"source": attrs{"name": "kfall", "devices": []string{"/dev/disk/by-id/b", "/dev/disk/by-id/c"}}},
		"disk":         {"path": "/dev/disk/by-path", "source": attrs{"devices": []string{"/dev/disk/by-id/d"}, "format": "gpt"}},
		"iscsi":        {"path": "/dev/disk/by-path", "source": attrs{"host": "san.test", "port": 3260, "devices": []string{target}, "initiator": initiator, "auth": login("chap", chap)}},
		"iscsi-direct": {"source": attrs{"host": "san.test", "devices": []string{target}, "initiator": initiator, "auth": login("chap", chap)}},
		"scsi":         {"path": "/dev/disk/by-path", "source": attrs{"adapter": attrs{"parent_address": "0000:00:1f.7", "unique_id": 1}}},
		"mpath":        {"path": "/dev/mapper"},
		"gluster":      {"source": attrs{"hosts": []string{"one.test", "two.test:24007"}, "name": "all"}},
		"rbd":          {"source": attrs{"hosts": []string{"one.test", "[2001:db8::1]:6789"}, "name": "all", "auth": login("ceph", ceph)}},
		"zfs":          {"source": attrs{"name": "tank/all", "devices": []string{"/dev/disk/by-id/e"}}},
		"vstorage":     {"path": directory(t), "source": attrs{"name": "all"}},
		"sheepdog":     {"source": attrs{"hosts": []string{"one.test"}, "name": "all"}},
	}
	capabilities := alpha().xml(t, "pool-capabilities")
	c, kinds := config{}, []string{}
	for _, a := range pool.Table.Attrs {
		if a.Name == "type" {
			kinds = a.Enum
		}
	}
	for _, kind := range kinds {
		a := all[kind]
		if a == nil {
			t.Errorf("no case for type %q", kind)
			continue
		}
		a = a.with(attrs{"type": kind, "host": alpha().Name, "name": unique(t), "active": false})
		written := model(a)
		if adapter := written.Group("source").Group("adapter"); adapter != nil {
			adapter["type"] = "scsi_host" // the default, which Terraform would fill in
		}
		text, err := pool.RawXML.New(written)
		if err != nil {
			t.Fatal(err)
		}
		doc := etree.NewDocument()
		if err := doc.ReadFromString(text); err != nil {
			t.Fatal(err)
		}
		validates(t, "storagepool", doc.Root())
		if at(capabilities, "pool[@type='"+kind+"']@supported") == "yes" {
			c["libvirt_pool."+kind] = a
		} else {
			newStack(t).planFails(config{aPool: a}, `'type' must have a driver in libvirt on host "alpha", which has "dir", "fs", "netfs"`, fmt.Sprintf("got %q; install the driver there", kind))
		}
	}
	s := newStack(t)
	s.apply(c)
	s.settled()
	for address, a := range c {
		dumped := alpha().xml(t, "pool-dumpxml", a["name"].(string), "--inactive")
		expect(t, address, at(dumped, "@type"), a["type"].(string))
		validates(t, "storagepool", dumped)
	}
	expect(t, "the path of a volume group", s.state("libvirt_pool.logical")["path"].(string), "/dev/kfall")
	expect(t, "the path of a zpool", s.state("libvirt_pool.zfs")["path"].(string), "/dev/zvol/tank/all")
	s.importable()
	s.destroy()
}
func TestPoolSources(t *testing.T) {
	t.Parallel()
	t.Run("a pool names a secret of its host", testPoolSecret)
	t.Run("a pool on a block device", testPoolDevice)
	t.Run("a pool of partitions", testPoolPartitions)
	t.Run("a pool of an LVM volume group", testPoolVolumeGroup)
	t.Run("a GlusterFS pool that QEMU opens by itself", testPoolGluster)
	t.Run("a pool on storage that hosts share", testPoolShared)
}

func testPoolSecret(t *testing.T) {
	t.Parallel()
	there := secretOn(t, alpha(), "iscsi", "target")
	const missing = "0e1f2a3b-0003-4000-8000-000000000003"
	p := attrs{"host": alpha().Name, "name": unique(t), "type": "iscsi-direct", "active": false, "source": attrs{"host": "san.test", "devices": []string{"iqn.2024-01.test.fleet:" + unique(t)},
		"initiator": "iqn.2024-01.test.fleet:alpha", "auth": attrs{"type": "chap", "username": "fleet", "secret_uuid": missing}}}
	s := newStack(t)
	s.planFails(config{aPool: p}, `'source.auth.secret_uuid' must be the UUID of a secret on host "alpha", got "`+missing+`": it has `, `"`+there+`" (`, "create a libvirt_secret there, or correct the UUID")

	// A secret that the same apply creates exists before the pool.
	known := attrs{"host": alpha().Name, "usage": "iscsi", "name": unique(t), "uuid": missing}
	s.apply(config{aSecret: known, aPool: p.with(attrs{"depends_on": []string{aSecret}})})
	s.settled()
}

// loop creates a loop device of 64 MiB for the test. Its users must have released it before the test ends.
func loop(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "device.img")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(file, 64*mib); err != nil {
		t.Fatal(err)
	}
	device := strings.TrimSpace(program(t, "losetup", "--find", "--show", "--partscan", file))
	t.Cleanup(func() { program(t, "losetup", "--detach", device) })
	return device
}

func program(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

func testPoolDevice(t *testing.T) {
	t.Parallel()
	device := loop(t)
	s := newStack(t)
	a := poolAttrs(t, alpha()).with(attrs{"type": "fs", "source": attrs{"devices": []string{device}, "format": "ext4"}})
	name := a["name"].(string)

	// Nothing is written unless 'build' is set.
	s.applyFails(config{aPool: a}, `Unable to start pool "`+name+`"`)
	if head, err := os.ReadFile(device); err != nil || slices.ContainsFunc(head, func(b byte) bool { return b != 0 }) {
		t.Fatalf("something was written on the device: %v", err)
	}
	disk := attrs{"host": alpha().Name, "pool": "${" + aPool + ".name}", "name": "it.img", "format": "raw", "capacity": mib}
	build := a.with(attrs{"build": "new"})
	s.apply(config{aPool: build, aVolume: disk})
	s.settled()
	if mounts := alpha().inside(t, "cat", "/proc/mounts"); !strings.Contains(mounts, device+" "+a["path"].(string)+" ext4 ") {
		t.Errorf("it is not mounted:\n%s", mounts)
	}
	s.last = config{aPool: build}
	s.importable("build")

	// The content of the device stays when the pool is destroyed, and a later build does not overwrite it. A pool that could not be built is
	// not left behind.
	if o := s.run("state", "rm", aVolume); o.code != 0 {
		t.Fatal(o.errors())
	}
	s.apply(config{})
	s.applyFails(config{aPool: build}, `Unable to build pool "`+name+`"`, "Nothing was written there. To use what is on the devices, remove 'build'")
	alpha().lacks(t, "pool-info", name)
	s.apply(config{aPool: a})
	alpha().virsh(t, "vol-info", "it.img", "--pool", name)
	s.destroy()

	s.apply(config{aPool: a.with(attrs{"build": "overwrite"})})
	alpha().lacks(t, "vol-info", "it.img", "--pool", name)
	s.destroy()
}

func testPoolPartitions(t *testing.T) {
	t.Parallel()
	device := loop(t)
	s := newStack(t)
	a := attrs{"host": alpha().Name, "name": unique(t), "type": "disk", "path": "/dev", "source": attrs{"devices": []string{device}, "format": "gpt"}, "build": "new"}
	s.apply(config{aPool: a})
	s.settled()
	if label := program(t, "parted", "--script", device, "print"); !strings.Contains(label, "Partition Table: gpt") {
		t.Errorf("it was not labeled:\n%s", label)
	}
	s.importable("build")
	// What libvirt recorded about the device stays when the pool is changed.
	s.apply(config{aPool: a.with(attrs{"autostart": false})})
	s.settled()
	s.destroy()
	alpha().lacks(t, "pool-info", a["name"].(string))
}

func testPoolVolumeGroup(t *testing.T) {
	t.Parallel()
	device := loop(t)
	group := "kf-" + theLab.Name + "-" + unique(t)
	s := newStack(t)
	a := attrs{"host": alpha().Name, "name": unique(t), "type": "logical", "source": attrs{"name": group, "devices": []string{device}}, "build": "new"}
	groups := func() string { return program(t, "vgs", "--noheadings", "--options", "vg_name") }
	s.apply(config{aPool: a})
	s.settled()
	expect(t, "its path", s.state(aPool)["path"].(string), "/dev/"+group)
	s.importable("build")
	s.destroy()
	if !strings.Contains(groups(), group) {
		t.Error("it went with the pool")
	}

	// A pool that can't be built because of existing content does not delete that content when it is cleaned up, even with 'delete_data'.
	s.applyFails(config{aPool: a.with(attrs{"delete_data": true})}, "Unable to build pool")
	if len(s.resources()) != 0 {
		t.Error("it is in the state")
	}
	existing := a.with(attrs{"build": nil})
	s.apply(config{aPool: existing})
	s.settled()
	s.apply(config{aPool: existing.with(attrs{"delete_data": true})})
	s.shows(config{aPool: existing.with(attrs{"delete_data": true, "name": unique(t)})}, "-/+ resource")
	s.apply(config{})
	if strings.Contains(groups(), group) {
		t.Error("it is still there")
	}
}
func TestPoolDestroy(t *testing.T) {
	t.Parallel()
	t.Run("an empty directory is deleted with its pool", testPoolDirectoryDeleted)
	t.Run("a pool in use is neither restarted nor destroyed", testPoolInUse)
}

func testPoolDirectoryDeleted(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), poolAttrs(t, alpha())
	name := a["name"].(string)
	a["delete_data"] = true
	disk := attrs{"host": alpha().Name, "pool": "${" + aPool + ".name}", "name": "it.img", "format": "raw", "capacity": mib}
	s.apply(config{aPool: a, aVolume: disk})
	s.settled()
	file := s.state(aVolume)["path"].(string)
	if o := s.run("state", "rm", aVolume); o.code != 0 {
		t.Fatal(o.errors())
	}
	s.applyFails(config{}, `Unable to destroy pool "`+name+`"`, "still has 1 volumes, and libvirt only deletes an empty directory", "Nothing was changed.")
	expect(t, "state", info("pool-info", "State")(t, a), "running")

	// The same protects a disk of a domain that does not run.
	alpha().define(t, "define", fmt.Sprintf("<domain type='qemu'><name>%s</name><memory unit='MiB'>32</memory><os><type>hvm</type></os><devices><disk type='file' device='disk'>"+
		"<source file='%s'/><target dev='vda' bus='virtio'/></disk></devices></domain>", name, file))
	t.Cleanup(func() { _, _ = alpha().try("undefine", name) })
	s.applyFails(config{}, fmt.Sprintf(`pool %q has disks of %q, and 'delete_data' would delete them`, name, name), "Nothing was changed.")
	alpha().virsh(t, "undefine", name)
	alpha().virsh(t, "vol-delete", "it.img", "--pool", name)

	// The content of a stopped pool can't be listed.
	alpha().virsh(t, "pool-destroy", name)
	s.applyFails(config{}, "is stopped, so it is unknown what 'delete_data' would delete")
	alpha().virsh(t, "pool-start", name)
	s.apply(config{})
	alpha().lacks(t, "pool-info", name)
	if _, err := os.Stat(alpha().path(a["path"].(string))); !os.IsNotExist(err) {
		t.Errorf("the directory is still there: %v", err)
	}
}

// testPoolGluster opens a volume only once: each time that libvirt 9.0 opens one, libgfapi takes 10 seconds.
func testPoolGluster(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	p := attrs{"host": alpha().Name, "name": unique(t), "type": "gluster", "source": attrs{"hosts": []string{theLab.Shared.Host}, "name": theLab.Shared.Volume}}
	s.apply(config{aPool: p})
	s.settled()
	expect(t, "state", info("pool-info", "State")(t, p), "running")
	if s.state(aPool)["path"] != nil {
		t.Errorf("it has a path: %v", s.state(aPool)["path"])
	}
	s.importable()
	s.destroy()
}
