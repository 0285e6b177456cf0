//go:build acceptance

package acceptance

import (
	"fmt"
	"os"
	"testing"
)

// definedOn defines a domain with a file as its disk, and with metadata that names the volumes it brought along.
func definedOn(t *testing.T, h *labHost, file, volumes string) (name string) {
	t.Helper()
	name = unique(t)
	h.define(t, "define", fmt.Sprintf(`<domain type='qemu'><name>%s</name><memory unit='MiB'>16</memory><vcpu>1</vcpu><os><type>hvm</type></os>
		<metadata>%s</metadata><devices><disk type='file'><driver name='qemu' type='qcow2'/><source file='%s'/><target dev='vda' bus='virtio'/></disk></devices></domain>`,
		name, volumes, file))
	return name
}

func broughtAlong(from, pool, name string) string {
	return fmt.Sprintf(`<volumes xmlns='https://kvm-fleet.dev/xmlns/volumes/1'><volume from='%s' pool='%s' name='%s'/></volumes>`, from, pool, name)
}

// moveFile does to a disk what a migration does.
func moveFile(t *testing.T, from *labHost, source string, to *labHost, target string) {
	t.Helper()
	content, err := os.ReadFile(from.path(source))
	if err == nil {
		err = os.WriteFile(to.path(target), content, 0o600)
	}
	if err == nil {
		err = os.Remove(from.path(source))
	}
	if err != nil {
		t.Fatal(err)
	}
}

func testVolumeFollowsDomain(t *testing.T) {
	t.Parallel()
	pool, dir := poolEverywhere(t)
	other, otherDir := poolEverywhere(t)
	before := attrs{"host": alpha().Name, "pool": pool, "name": "it", "capacity": mib}
	after := before.with(attrs{"host": beta().Name, "pool": other})
	s := newStack(t)
	s.apply(config{aVolume: before})
	machine := definedOn(t, alpha(), dir+"/it", "")
	o := s.plan(config{aVolume: after})
	if o.code != 0 {
		t.Errorf("expected an empty plan, got %s%s", o.errors(), s.planned())
	}
	expect(t, "the warnings", o.warnings(), "")
	// Other changes are made where the volume is.
	s.shows(config{aVolume: after.with(attrs{"capacity": 2 * mib})}, "~ capacity = 1048576 -> 2097152", "0 to add, 1 to change, 0 to destroy")
	s.apply(config{aVolume: after.with(attrs{"capacity": 2 * mib})})
	expect(t, "capacity", volXML("capacity")(t, before), fmt.Sprint(2*mib))
	after["capacity"] = 2 * mib

	// The domain moves: its disk is on the other host, and its metadata says so.
	alpha().virsh(t, "undefine", machine)
	moveFile(t, alpha(), dir+"/it", beta(), otherDir+"/it")
	arrived := definedOn(t, beta(), otherDir+"/it", broughtAlong("alpha/"+pool+"/it", other, "it"))
	s.last = config{aVolume: after}
	s.settled()
	s.apply(config{aVolume: after})
	for name, want := range map[string]string{"host": "beta", "pool": other, "id": "beta/" + other + "/it", "path": otherDir + "/it"} {
		expect(t, name, s.state(aVolume)[name].(string), want)
	}
	// No domain uses the volume any more: on another host it is another volume.
	beta().virsh(t, "undefine", arrived)
	s.shows(config{aVolume: before.with(attrs{"capacity": 2 * mib})}, "1 to add, 0 to change, 1 to destroy")
	s.destroy()
}

func testVolumeWhileHostSilent(t *testing.T) {
	t.Parallel()
	pool, dir := alpha().pool(t)
	a := attrs{"host": alpha().Name, "pool": pool, "name": "it", "capacity": mib}
	s := newStack(t)
	s.apply(config{aVolume: a})
	if err := os.Remove(alpha().path(dir + "/it")); err != nil {
		t.Fatal(err)
	}
	s.hosts[beta().Name] = "qemu+unix:///system?socket=/nonexistent"
	s.planFails(config{aVolume: a}, `Unable to look for volume "it"`, "on beta (qemu+unix:///system?socket=/nonexistent)",
		"The volume is not on its host, and may have moved with its machine to a host that cannot be reached. Nothing was removed from the state.")
	delete(s.hosts, beta().Name)
	s.shows(config{aVolume: a}, "1 to add, 0 to change, 0 to destroy")
}

func testVolumeFlattened(t *testing.T) {
	t.Parallel()
	pool, dir := alpha().pool(t)
	alpha().virsh(t, "vol-create-as", pool, "base.qcow2", "1M", "--format", "qcow2")
	alpha().virsh(t, "vol-create-as", pool, "other.qcow2", "1M", "--format", "qcow2")
	on := func(base string) attrs {
		return attrs{"host": alpha().Name, "pool": pool, "name": "it", "backing_store": attrs{"path": base}}
	}
	s := newStack(t)
	s.apply(config{aVolume: on(dir + "/base.qcow2")})
	alpha().virsh(t, "vol-delete", "it", "--pool", pool)
	alpha().virsh(t, "vol-create-as", pool, "it", "1M", "--format", "qcow2")
	machine := definedOn(t, alpha(), dir+"/it", "")
	s.settled()
	// The same image under another path, as on another host, does not make it another volume; another image does.
	s.last = config{aVolume: on("/elsewhere/base.qcow2")}
	s.settled()
	s.shows(config{aVolume: on(dir + "/other.qcow2")}, "~ capacity", "0 to add, 1 to change, 0 to destroy")
	alpha().virsh(t, "undefine", machine)
}

func testVolumeShared(t *testing.T) {
	t.Parallel()
	name := unique(t)
	shared := sharedPool(t)
	pools := config{}
	for _, h := range theLab.Hosts {
		pools["libvirt_pool."+h.Name] = shared.with(attrs{"host": h.Name, "name": name, "path": directory(t)})
	}
	on := func(h *labHost) config {
		c := config{aVolume: {"host": h.Name, "pool": "${libvirt_pool." + h.Name + ".name}", "name": name, "capacity": mib}}
		for address, p := range pools {
			c[address] = p
		}
		return c
	}
	s := newStack(t)
	s.apply(on(alpha()))
	path := func(h *labHost) string { return pools["libvirt_pool."+h.Name]["path"].(string) + "/" + name }
	machine := definedOn(t, beta(), path(beta()), "")
	s.shows(on(beta()), `~ host = "alpha" -> "beta"`, "0 to add, 1 to change, 0 to destroy")
	s.apply(on(beta()))
	expect(t, "path", s.state(aVolume)["path"].(string), path(beta()))
	s.settled()
	s.apply(on(alpha()))
	s.settled()
	// A domain on the other host uses the volume.
	s.applyFails(pools, `Unable to delete volume "`+name+`"`, fmt.Sprintf("alpha/%s/%s is used by %q on beta", name, name, machine))
	s.apply(on(alpha()))
	beta().virsh(t, "undefine", machine)
	s.destroy()
}

func testSeedFollowsDomain(t *testing.T) {
	t.Parallel()
	pool, dir := poolEverywhere(t)
	a := attrs{"host": alpha().Name, "pool": pool, "name": "it", "cloud_init": attrs{"user_data": "#cloud-config\n", "meta_data": "{}"}}
	after := config{aSeed: a.with(attrs{"host": beta().Name})}
	s := newStack(t)
	s.apply(config{aSeed: a})
	machine := definedOn(t, alpha(), dir+"/it", "")
	if o := s.plan(after); o.code != 0 {
		t.Errorf("expected an empty plan, got %s%s", o.errors(), s.planned())
	}
	// A medium is copied, and also stays where it was.
	alpha().virsh(t, "undefine", machine)
	content, err := os.ReadFile(alpha().path(dir + "/it"))
	if err == nil {
		err = os.WriteFile(beta().path(dir+"/it"), content, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	arrived := definedOn(t, beta(), dir+"/it", broughtAlong("alpha/"+pool+"/it", pool, "it"))
	s.shows(after, `~ host = "alpha" -> "beta"`, "0 to add, 1 to change, 0 to destroy")
	s.apply(after)
	s.settled()
	expect(t, "host", s.state(aSeed)["host"].(string), "beta")
	alpha().lacks(t, "vol-info", "it", "--pool", pool)
	beta().virsh(t, "undefine", arrived)
}
