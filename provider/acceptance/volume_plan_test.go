//go:build acceptance

package acceptance

import (
	"fmt"
	"os"
	"testing"
)

func TestVolumePreflight(t *testing.T) {
	t.Parallel()
	t.Run("a volume that the host can't have fails the plan", testVolumePreflight)
}

func testVolumePreflight(t *testing.T) {
	t.Parallel()
	pool, dir := alpha().pool(t)
	stopped, logical := unique(t), unique(t)
	alpha().define(t, "pool-define", fmt.Sprintf("<pool type='dir'><name>%s</name><target><path>%s-stopped</path></target></pool>", stopped, dir))
	alpha().define(t, "pool-define", fmt.Sprintf("<pool type='logical'><name>%s</name><source><device path='/dev/null'/></source></pool>", logical))
	t.Cleanup(func() { alpha().virsh(t, "pool-undefine", stopped); alpha().virsh(t, "pool-undefine", logical) })
	alpha().virsh(t, "vol-create-as", pool, "taken", "1M")
	on := func(a attrs) config {
		return config{aVolume: attrs{"host": alpha().Name, "pool": pool, "name": "it", "capacity": mib}.with(a)}
	}
	s := newStack(t)
	s.planFails(on(attrs{"name": "taken"}), fmt.Sprintf("alpha already has a volume \"taken\" in pool %q; choose another, or import that one: terraform import ADDRESS alpha/%s/taken", pool, pool))
	s.planFails(on(attrs{"pool": logical}), fmt.Sprintf(`'format' must be "raw" in pool %q of type "logical", got "qcow2"; its volumes are not files`, logical))
	const uuid = "c7a5fdbd-cdaf-9455-926a-d65c16db1809"
	for _, c := range []struct {
		a    attrs
		says string
	}{
		{attrs{"pool": pool + "s"}, fmt.Sprintf("alpha does not have pool %q (pool), but %s", pool+"s", pool)},
		{attrs{"pool": stopped}, fmt.Sprintf("alpha does not have an active pool %q (pool)", stopped)},
		{attrs{"encryption": attrs{"secret_uuid": uuid}}, fmt.Sprintf("alpha does not have secret %q (encryption.secret_uuid)", uuid)},
		{attrs{"backing_store": attrs{"path": dir + "/base"}}, fmt.Sprintf("alpha does not have a volume at %s/base (backing_store.path), in the pool %q as of its last refresh, but taken", dir, pool)},
		{attrs{"clone_from": dir + "/base"}, fmt.Sprintf("a volume at %s/base (clone_from)", dir)},
		{attrs{"clone_from": dir + "/taken"}, ""},
		{attrs{"backing_store": attrs{"path": "/outside/of/pools"}}, ""},
	} {
		o := s.plan(on(c.a))
		if c.says == "" && (o.code != 2 || o.warnings() != "") {
			t.Errorf("%v: %s%s", c.a, o.errors(), o.warnings())
		}
		s.says(o.warnings(), []string{c.says})
	}
	// The plan does not report a pool as missing if it is planned first.
	p := poolAttrs(t, alpha())
	o := s.plan(on(attrs{"pool": "${" + aPool + ".name}"}).with(aPool, p))
	if o.code != 2 || o.warnings() != "" {
		t.Errorf("a pool of the same apply: %s%s", o.errors(), o.warnings())
	}
}
func TestVolumeDrift(t *testing.T) {
	t.Parallel()
	t.Run("a volume stays in the state while its pool is missing", testVolumePoolMissing)
	t.Run("a volume deleted outside Terraform is created again", testVolumeDeletedOutside)
	t.Run("a volume stays in the state while its pool is stopped", testVolumePoolStopped)
	t.Run("a size that libvirt has from before is read again", testVolumeOldSize)
}

// testVolumeOldSize leaves libvirt with the size that a volume had before it grew, as a refresh of the pool at that moment does.
func testVolumeOldSize(t *testing.T) {
	t.Parallel()
	pool, dir := alpha().pool(t)
	s, c := newStack(t), config{aVolume: attrs{"host": alpha().Name, "pool": pool, "name": "it", "format": "raw", "capacity": 2 * mib}}
	s.apply(c)
	file := alpha().path(dir + "/it")
	if err := os.Truncate(file, mib); err != nil {
		t.Fatal(err)
	}
	alpha().virsh(t, "pool-refresh", pool)
	if err := os.Truncate(file, 2*mib); err != nil {
		t.Fatal(err)
	}
	s.settled()
	s.destroy()
}

func testVolumePoolMissing(t *testing.T) {
	t.Parallel()
	s, pool := newStack(t), poolAttrs(t, alpha())
	name := pool["name"].(string)
	in := attrs{"host": alpha().Name, "pool": name, "depends_on": []string{aPool}}
	c := config{aPool: pool, aVolume: in.with(attrs{"name": "it", "capacity": mib}), aSeed: in.with(attrs{"name": "ci.iso", "cloud_init": attrs{"user_data": "#cloud-config\n", "meta_data": "{}"}})}
	s.apply(c)
	alpha().virsh(t, "pool-destroy", name)
	alpha().virsh(t, "pool-undefine", name)
	s.applyFails(config{}, `Unable to delete volume "it"`, fmt.Sprintf("pool %q does not exist, so it is unknown whether volume \"it\" does", name),
		"Define the pool again so that the volume can be deleted; if its storage no longer exists, remove the volume from the state: terraform state rm ADDRESS.")
	s.shows(c, "1 to add, 0 to change, 0 to destroy")
	s.apply(c)
	s.settled()
	s.destroy()
	if _, err := os.Stat(alpha().path(pool["path"].(string) + "/it")); err == nil {
		t.Error("it is still there")
	}
}

// with adds a resource to the configuration and returns it.
func (c config) with(address string, a attrs) config {
	c[address] = a
	return c
}
