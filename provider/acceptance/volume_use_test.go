//go:build acceptance

package acceptance

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// withDisk returns a domain whose only disk is a file.
func withDisk(t *testing.T, h *labHost, file, format string) attrs {
	t.Helper()
	return domainAttrs(t, h).with(attrs{"disks": attrs{"vda": attrs{"file": file, "format": format}}})
}

func testVolumeGrows(t *testing.T) {
	t.Parallel()
	pool, _ := alpha().pool(t)
	disk := attrs{"host": alpha().Name, "pool": pool, "name": "it", "capacity": mib}
	guest := withDisk(t, alpha(), "${"+aVolume+".path}", "qcow2")
	name := guest["name"].(string)
	at := func(capacity int) config {
		return config{aVolume: disk.with(attrs{"capacity": capacity}), "libvirt_domain.it": guest}
	}
	seen := func() string {
		for line := range strings.Lines(alpha().virsh(t, "domblkinfo", name, "vda")) {
			if v, ok := strings.CutPrefix(line, "Capacity:"); ok {
				return strings.TrimSpace(v)
			}
		}
		return ""
	}
	s := newStack(t)
	s.apply(at(mib))
	expect(t, "what the guest sees", seen(), fmt.Sprint(mib))
	s.apply(at(3 * mib))
	expect(t, "what the running guest sees", seen(), fmt.Sprint(3*mib))
	expect(t, "capacity", volXML("capacity")(t, disk), fmt.Sprint(3*mib))
	s.settled()
	alpha().virsh(t, "suspend", name)
	s.apply(config{aVolume: disk.with(attrs{"capacity": 4 * mib}), "libvirt_domain.it": guest.with(attrs{"state": "stopped"})})
	s.apply(config{aVolume: disk.with(attrs{"capacity": 5 * mib}), "libvirt_domain.it": guest.with(attrs{"state": "stopped"})})
	expect(t, "capacity of a stopped guest's disk", volXML("capacity")(t, disk), fmt.Sprint(5*mib))
	s.settled()
}
func TestVolumeDestroy(t *testing.T) {
	t.Parallel()
	t.Run("a volume in use is not deleted", testVolumeInUse)
}

func testVolumeInUse(t *testing.T) {
	t.Parallel()
	pool, dir := alpha().pool(t)
	on := func(name string) attrs { return attrs{"host": alpha().Name, "pool": pool, "name": name} }
	s := newStack(t)
	volumes := config{
		"libvirt_volume.base": on("base").with(attrs{"capacity": mib}),
		"libvirt_volume.disk": on("disk").with(attrs{"backing_store": attrs{"path": "${libvirt_volume.base.path}"}}),
		aSeed:                 on("ci").with(attrs{"cloud_init": attrs{"user_data": "#cloud-config\n", "meta_data": "{}"}}),
	}
	s.apply(volumes)
	guest := withDisk(t, alpha(), dir+"/disk", "qcow2")
	guest["disks"].(attrs)["sda"] = attrs{"file": dir + "/ci", "format": "raw", "device": "cdrom", "bus": "sata"}
	name := guest["name"].(string)
	other := newStack(t)
	other.apply(config{"libvirt_domain.it": guest})

	left := func() string { return alpha().virsh(t, "vol-list", pool) }
	before := left()
	used := func(what string) string { return fmt.Sprintf("alpha/%s/%s is used by %q on alpha", pool, what, name) }
	alpha().virsh(t, "metadata", name, "--uri", "https://kvm-fleet.dev/xmlns/written/1", "--remove", "--config", "--live") // a domain of others
	s.planFails(config{}, `Unable to destroy volume "disk"`, used("disk"), used("ci"), "destroy these domains or remove the disk from them first")
	expect(t, "the volumes", left(), before)

	// The backing image is destroyed after its clone, unless the clone was removed from the state.
	if o := s.run("state", "rm", "libvirt_volume.disk", aSeed); o.code != 0 {
		t.Fatal(o.errors())
	}
	s.planFails(config{}, `Unable to destroy volume "base"`, used("base"))
	other.apply(config{"libvirt_domain.it": guest.with(attrs{"state": "stopped"})})
	s.applyFails(config{}, `Unable to delete volume "base"`, "alpha/"+pool+"/base is the backing image of "+dir+"/disk")
	alpha().virsh(t, "vol-delete", "disk", "--pool", pool)
	s.apply(config{})
	if _, err := os.Stat(alpha().path(dir + "/base")); err == nil {
		t.Error("the base is still there")
	}
	other.destroy()
}
