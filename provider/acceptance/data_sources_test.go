//go:build acceptance

package acceptance

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestDataSources(t *testing.T) {
	t.Parallel()
	t.Run("data sources have what virsh shows", testDataSources)
	t.Run("an object that does not exist is reported with those that do", testDataSourceNotFound)
}

func testDataSources(t *testing.T) {
	t.Parallel()
	h := alpha()
	pool, dir := h.pool(t)
	net := subnet()
	network, guest := unique(t), unique(t)
	h.virsh(t, "vol-create-as", pool, "base.qcow2", "2M", "--format", "qcow2")
	h.virsh(t, "vol-create-as", pool, "it.qcow2", "2M", "--format", "qcow2", "--backing-vol", "base.qcow2", "--backing-vol-format", "qcow2")
	h.define(t, "net-define", fmt.Sprintf(`<network><name>%s</name><ip address='%s.1' netmask='255.255.255.0'><dhcp><range start='%s.2' end='%s.9'/></dhcp></ip></network>`, network, net, net, net))
	t.Cleanup(func() { h.virsh(t, "net-undefine", network) })
	h.define(t, "define", fmt.Sprintf(`<domain type='qemu'><name>%s</name><memory unit='MiB'>64</memory><vcpu>3</vcpu><os><type>hvm</type></os><devices>
		<disk type='file'><driver name='qemu' type='qcow2'/><source file='%s/it.qcow2'/><target dev='vda' bus='virtio'/></disk>
		<interface type='network'><mac address='52:54:00:12:34:56'/><source network='%s'/><model type='virtio'/></interface></devices></domain>`, guest, dir, network))
	t.Cleanup(func() { h.virsh(t, "undefine", guest) })

	const ofPool, ofNetwork, ofVolume, ofDomain = "libvirt_pool.it", "libvirt_network.it", "libvirt_volume.it", "libvirt_domain.it"
	data := sources(config{
		ofPool: {"host": h.Name, "name": pool}, ofNetwork: {"host": h.Name, "name": network},
		ofVolume: {"host": h.Name, "pool": pool, "name": "it.qcow2"}, ofDomain: {"host": h.Name, "name": guest},
	})
	s := newStack(t)
	s.applyWith(config{}, data)
	xml := map[string]func(string) string{
		ofPool:    func(where string) string { return at(h.xml(t, "pool-dumpxml", pool), where) },
		ofNetwork: func(where string) string { return at(h.xml(t, "net-dumpxml", network), where) },
		ofVolume:  func(where string) string { return at(h.xml(t, "vol-dumpxml", "it.qcow2", "--pool", pool), where) },
		ofDomain:  func(where string) string { return at(h.xml(t, "dumpxml", guest), where) },
	}
	for address, places := range map[string]map[string]string{
		ofPool: {"uuid": "uuid", "type": "@type", "path": "target/path", "capacity": "capacity"},
		ofNetwork: {"uuid": "uuid", "forward_mode": "forward@mode", "bridge": "bridge@name", "domain": "domain@name", "addresses." + net + ".1.dhcp_start": "ip/dhcp/range@start",
			"addresses." + net + ".1.dhcp_end": "ip/dhcp/range@end"},
		ofVolume: {"path": "target/path", "type": "@type", "format": "target/format@type", "capacity": "capacity", "allocation": "allocation",
			"backing_store.path": "backingStore/path", "backing_store.format": "backingStore/format@type"},
		ofDomain: {"uuid": "uuid", "type": "@type", "arch": "os/type@arch", "machine": "os/type@machine", "vcpu": "vcpu", "memory": "memory", "disks.vda.source": "devices/disk/source@file",
			"disks.vda.bus": "devices/disk/target@bus", "disks.vda.format": "devices/disk/driver@type", "interfaces.52:54:00:12:34:56.source": "devices/interface/source@network",
			"interfaces.52:54:00:12:34:56.model": "devices/interface/model@type"},
	} {
		got := s.state(address)
		for attribute, where := range places {
			expect(t, address+"."+attribute, text(deep(got, attribute)), xml[address](where))
		}
	}
	for of, want := range map[[2]string]string{
		{ofPool, "id"}: h.Name + "/" + pool, {ofVolume, "id"}: h.Name + "/" + pool + "/it.qcow2", {ofDomain, "id"}: h.Name + "/" + guest,
		{ofPool, "active"}: "true", {ofPool, "autostart"}: "false", {ofNetwork, "active"}: "false", {ofNetwork, "autostart"}: "false",
		{ofNetwork, "addresses." + net + ".1.prefix"}: "24", {ofNetwork, "addresses." + net + ".1.family"}: "ipv4",
		{ofDomain, "state"}: "stopped", {ofDomain, "persistent"}: "true", {ofDomain, "autostart"}: "false", {ofDomain, "disks.vda.readonly"}: "false",
	} {
		expect(t, of[0]+"."+of[1], text(deep(s.state(of[0]), of[1])), want)
	}

	// The next plan shows changes, including a file that libvirt was not told about.
	h.virsh(t, "pool-destroy", pool)
	h.virsh(t, "pool-create-as", pool, "dir", "--target", dir)
	if err := os.WriteFile(h.path(dir+"/new"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.applyWith(config{}, sources(config{ofVolume: {"host": h.Name, "pool": pool, "name": "new"}}))
	expect(t, "path of a new file", text(s.state(ofVolume)["path"]), dir+"/new")
}

// deep returns the value at a path of a state. A key of a map may contain dots.
func deep(a attrs, path string) any {
	for name, v := range a {
		if name == path {
			return v
		}
		if rest, below := strings.CutPrefix(path, name+"."); below && group(v) != nil {
			return deep(group(v), rest)
		}
	}
	return nil
}

func testDataSourceNotFound(t *testing.T) {
	t.Parallel()
	h := alpha()
	pool, _ := h.pool(t)
	h.virsh(t, "vol-create-as", pool, "debian-12.qcow2", "1M")
	stopped := poolAttrs(t, h)
	s := newStack(t)
	s.apply(config{aPool: stopped.with(attrs{"active": false})})
	for address, c := range map[string]struct {
		a    attrs
		says []string
	}{
		"libvirt_pool.it":    {attrs{"host": "alpha", "name": pool + "s"}, []string{fmt.Sprintf("Unable to look up pool %q", pool+"s"), fmt.Sprintf("on alpha (%s): pool %q does not exist; existing: %s", h.URI, pool+"s", pool)}},
		"libvirt_network.it": {attrs{"host": "alpha", "name": "lan"}, []string{`Unable to look up network "lan"`, `network "lan" does not exist; existing: `}},
		"libvirt_domain.it":  {attrs{"host": "alpha", "name": "web"}, []string{`Unable to look up domain "web"`, `domain "web" does not exist; existing: `, "Correct the name, or create the object first. If this configuration creates it, refer to that resource instead."}},
		"libvirt_volume.it":  {attrs{"host": "alpha", "pool": pool, "name": "debian-11.qcow2"}, []string{fmt.Sprintf("volume %q does not exist in pool %q; existing: debian-12.qcow2", "debian-11.qcow2", pool)}},
		"libvirt_volume.at":  {attrs{"host": "alpha", "pool": pool + "s", "name": "it"}, []string{fmt.Sprintf("pool %q does not exist; existing: %s", pool+"s", pool)}},
		"libvirt_volume.of":  {attrs{"host": "alpha", "pool": stopped["name"], "name": "it"}, []string{`Unable to look up volume "it"`, "is not active"}},
	} {
		s.write(s.last, sources(config{address: c.a}))
		o := s.run("plan", "-json")
		if o.code != 1 {
			t.Errorf("%s: expected the plan to fail", address)
		}
		s.says(o.errors(), c.says)
	}
	s.applyWith(s.last, sources(config{"libvirt_pool.seen": {"host": "alpha", "name": stopped["name"]}}))
	of := s.state("libvirt_pool.seen")
	if of["active"] != false || of["capacity"] != nil || of["available"] != nil {
		t.Errorf("a stopped pool: %v", of)
	}
}
