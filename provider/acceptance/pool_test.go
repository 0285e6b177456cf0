//go:build acceptance

package acceptance

import (
	"fmt"
	"maps"
	"os"
	"sync"
	"testing"
)

const aPool = "libvirt_pool.it"

func poolAttrs(t *testing.T, h *labHost) attrs {
	t.Helper()
	return attrs{"host": h.Name, "name": unique(t), "path": directory(t)}
}

var sharedStorage sync.Mutex

// sharedPool returns a pool on the lab's shared storage. Call it before newStack: a host may have only one pool of the same source, so
// tests take turns.
func sharedPool(t *testing.T) attrs {
	t.Helper()
	sharedStorage.Lock()
	t.Cleanup(sharedStorage.Unlock)
	return attrs{"type": "netfs", "source": attrs{"host": theLab.Shared.Host, "dir": theLab.Shared.Volume, "format": "glusterfs"}}
}
func TestPoolCreate(t *testing.T) {
	t.Parallel()
	t.Run("virsh shows what was configured", testPoolCreated)
	t.Run("an existing pool is not taken over", testPoolExisting)
	t.Run("a pool whose creation fails is tainted and replaced", testPoolCreateFails)
}

func testPoolCreated(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), poolAttrs(t, alpha())
	name, dir := a["name"].(string), a["path"].(string)
	s.apply(config{aPool: a})
	s.settled()

	xml := alpha().xml(t, "pool-dumpxml", name)
	expect(t, "type", at(xml, "@type"), "dir")
	expect(t, "path", at(xml, "target/path"), dir)
	expect(t, "uuid", at(xml, "uuid"), s.state(aPool)["uuid"].(string))
	expect(t, "id", s.state(aPool)["id"].(string), "alpha/"+name)
	if info, err := os.Stat(alpha().path(dir)); err != nil || !info.IsDir() {
		t.Errorf("the directory was not made: %v", err)
	}

	s.importable()
	s.destroy()
	alpha().lacks(t, "pool-info", name)
	if _, err := os.Stat(alpha().path(dir)); err != nil {
		t.Errorf("the directory must stay: %v", err)
	}
}
func TestPoolDrift(t *testing.T) {
	t.Parallel()
	t.Run("changes outside Terraform are shown and reverted", testPoolChangedOutside)
}

func testPoolChangedOutside(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), poolAttrs(t, alpha())
	name := a["name"].(string)
	c := config{aPool: a}
	s.apply(c)

	alpha().virsh(t, "pool-destroy", name)
	alpha().virsh(t, "pool-autostart", name, "--disable")
	s.shows(c, "~ active = false -> true", "~ autostart = false -> true", "0 to add, 1 to change, 0 to destroy")
	s.apply(c)
	expect(t, "state", info("pool-info", "State")(t, a), "running")
	expect(t, "autostart", info("pool-info", "Autostart")(t, a), "yes")
	s.settled()

	alpha().virsh(t, "pool-destroy", name)
	alpha().virsh(t, "pool-undefine", name)
	s.shows(c, "1 to add, 0 to change, 0 to destroy")
	s.apply(c)
	s.settled()
}

func testPoolExisting(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), poolAttrs(t, alpha())
	name := a["name"].(string)
	alpha().virsh(t, "pool-define-as", name, "dir", "--target", "/srv/of-someone-else")
	t.Cleanup(func() { alpha().virsh(t, "pool-undefine", name) })
	before := alpha().virsh(t, "pool-dumpxml", name)

	s.applyFails(config{aPool: a}, `Unable to create pool "`+name+`"`, `alpha already has a pool "`+name+`"; choose another, or import that one`,
		"terraform import ADDRESS alpha/"+name+" (ADDRESS is the resource's address in the plan, libvirt_pool.NAME)")
	expect(t, "the pool that was there", alpha().virsh(t, "pool-dumpxml", name), before)
	if len(s.resources()) != 0 {
		t.Error("it is in the state")
	}
}

func testPoolCreateFails(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), poolAttrs(t, alpha())
	name, file := a["name"].(string), a["path"].(string)
	// A file is in place of a directory: the pool can be defined, but not built.
	if err := os.WriteFile(alpha().path(file), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	a["path"] = file + "/below"
	s.applyFails(config{aPool: a}, `Unable to create the directory of pool "`+name+`"`)
	if s.state(aPool)["tainted"] != true {
		t.Error("it is not marked to be made again")
	}
	alpha().virsh(t, "pool-info", name)

	if err := os.Remove(alpha().path(file)); err != nil {
		t.Fatal(err)
	}
	s.apply(config{aPool: a})
	expect(t, "state", info("pool-info", "State")(t, a), "running")
	s.settled()
	s.destroy()
	alpha().lacks(t, "pool-info", name)
}

func testPoolShared(t *testing.T) {
	t.Parallel()
	name, dir := unique(t), directory(t)
	shared := sharedPool(t)
	on := func(h *labHost) attrs { return shared.with(attrs{"host": h.Name, "name": name, "path": dir}) }
	s := newStack(t)
	disk := attrs{"host": alpha().Name, "pool": "${libvirt_pool.alpha.name}", "name": name + ".qcow2", "capacity": mib}
	pools := config{"libvirt_pool.alpha": on(alpha()), "libvirt_pool.beta": on(beta())}
	both := config{aVolume: disk}
	maps.Copy(both, pools)
	s.apply(both)
	s.settled()
	xml := alpha().xml(t, "pool-dumpxml", name)
	expect(t, "type", at(xml, "@type"), "netfs")
	expect(t, "source", at(xml, "source/host@name")+":"+at(xml, "source/dir@path"), theLab.Shared.Host+":"+theLab.Shared.Volume)
	expect(t, "format", at(xml, "source/format@type"), "glusterfs")
	beta().virsh(t, "pool-refresh", name)
	expect(t, "the volume as the other host sees it", at(beta().xml(t, "vol-dumpxml", name+".qcow2", "--pool", name), "capacity"), fmt.Sprint(mib))

	s.last = pools
	s.importable()
	s.last = both
	// Both pools and the volume are destroyed; foreign files in the directory stay.
	alpha().virsh(t, "vol-create-as", name, name+"-kept", "1M")
	s.destroy()
	alpha().lacks(t, "pool-info", name)
	beta().lacks(t, "pool-info", name)
	beta().define(t, "pool-create", `<pool type='netfs'><name>`+name+`</name><source><host name='`+theLab.Shared.Host+`'/><dir path='`+theLab.Shared.Volume+
		`'/><format type='glusterfs'/></source><target><path>`+dir+`</path></target></pool>`)
	beta().virsh(t, "vol-delete", name+"-kept", "--pool", name)
	beta().lacks(t, "vol-info", name+".qcow2", "--pool", name)
	beta().virsh(t, "pool-destroy", name)
}

func testPoolInUse(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), poolAttrs(t, alpha())
	name := a["name"].(string)
	guest := domainAttrs(t, alpha()).with(attrs{"disks": attrs{"vda": attrs{"file": "${" + aVolume + ".path}", "format": "qcow2"}}})
	disk := attrs{"host": alpha().Name, "pool": "${" + aPool + ".name}", "name": "it", "capacity": mib}
	all := func(p attrs) config { return config{aPool: p, aVolume: disk, "libvirt_domain.it": guest} }
	s.apply(all(a))
	before := alpha().virsh(t, "pool-dumpxml", name, "--inactive")
	users := `pool "` + name + `" is used by running guests: "` + guest["name"].(string) + `"`
	s.applyFails(all(a.with(attrs{"path": directory(t)})), `Unable to update pool "`+name+`"`, users, "Nothing was changed: the change requires a restart of the pool")

	// Only the pool is removed from the configuration: otherwise Terraform would destroy the guest first.
	file := s.state(aVolume)["path"].(string)
	o := s.run("state", "rm", aVolume)
	if o.code != 0 {
		t.Fatal(o.errors())
	}
	s.applyFails(config{"libvirt_domain.it": guest.with(attrs{"disks": attrs{"vda": attrs{"file": file, "format": "qcow2"}}})},
		`Unable to destroy pool "`+name+`"`, users, "Nothing was changed. Stop these guests")
	expect(t, "its definition", alpha().virsh(t, "pool-dumpxml", name, "--inactive"), before)
	expect(t, "state", info("pool-info", "State")(t, a), "running")
	s.apply(config{aPool: a})
	s.destroy()
	alpha().lacks(t, "pool-info", name)
}
