//go:build acceptance

package acceptance

import (
	"os"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/pool"
)

const aPool = "libvirt_pool.it"

func poolAttrs(t *testing.T, h *labHost) attrs {
	t.Helper()
	return attrs{"host": h.Name, "name": unique(t), "path": directory(t)}
}

func TestPoolUpdates(t *testing.T) {
	t.Parallel()
	target := dump("pool-dumpxml", "target/path")
	one, two := directory(t), directory(t)
	base := func(name string) attrs { return attrs{"host": alpha().Name, "name": name, "path": one + "-" + name} }
	first, second := unique(t), unique(t)
	updates(t, pool.Table, base, map[string]update{
		"host":      {see: info("pool-info", "State"), steps: []step{{nil, "running"}, {attrs{"host": beta().Name}, "running"}}},
		"name":      {see: info("pool-info", "State"), steps: []step{{attrs{"name": first}, "running"}, {attrs{"name": second}, "running"}}},
		"type":      {see: dump("pool-dumpxml", "@type"), steps: []step{{attrs{"type": "dir"}, "dir"}, {nil, "dir"}}},
		"path":      {see: target, steps: []step{{attrs{"path": one}, one}, {attrs{"path": two}, two}}},
		"autostart": {see: info("pool-info", "Autostart"), steps: []step{{nil, "yes"}, {attrs{"autostart": false}, "no"}, {nil, "yes"}}},
		"active":    {see: info("pool-info", "State"), steps: []step{{nil, "running"}, {attrs{"active": false}, "inactive"}, {nil, "running"}}},
	})
	alpha().lacks(t, "pool-info", first)
	alpha().lacks(t, "pool-info", second)
}

func TestPoolAsVirshSeesIt(t *testing.T) {
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

func TestPoolChangedBehindOurBack(t *testing.T) {
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

func TestPoolThatExistsIsNotTakenOver(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), poolAttrs(t, alpha())
	name := a["name"].(string)
	alpha().virsh(t, "pool-define-as", name, "dir", "--target", "/srv/of-someone-else")
	t.Cleanup(func() { alpha().virsh(t, "pool-undefine", name) })
	before := alpha().virsh(t, "pool-dumpxml", name)

	s.applyFails(config{aPool: a}, `Unable to define pool "`+name+`"`, "on alpha ("+alpha().URI+"): exists already",
		"terraform import ADDRESS alpha/"+name+" (ADDRESS is what the plan calls it, libvirt_pool.NAME)")
	expect(t, "the pool that was there", alpha().virsh(t, "pool-dumpxml", name), before)
	if len(s.resources()) != 0 {
		t.Error("it is in the state")
	}
}

func TestPoolWhoseCreationFailsHalfWayIsCleanedUp(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), poolAttrs(t, alpha())
	name, file := a["name"].(string), a["path"].(string)
	// A file where a directory should be: the pool can be defined, but not built.
	if err := os.WriteFile(alpha().path(file), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	a["path"] = file + "/below"
	s.applyFails(config{aPool: a}, `Unable to make the directory of pool "`+name+`"`)
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
