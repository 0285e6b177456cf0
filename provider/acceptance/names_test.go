//go:build acceptance

package acceptance

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

func TestNames(t *testing.T) {
	t.Parallel()
	t.Run("a resource of each type with another label keeps its object", testNamesOfEachType)
	t.Run("two addresses cannot have one object", testNamesTwice)
	t.Run("names that two objects swap fail the plan", testNamesSwapped)
	t.Run("MAC addresses and reserved addresses change hands", testNamesOfAddresses)
	t.Run("tainted and replaced objects are not in their own way", testNamesReplaced)
	t.Run("instances with other keys keep their objects", testNamesOfInstances)
	t.Run("a directory changes hands from pool to pool in no plan", testNamesThroughPools)
	t.Run("a destruction is not refused for what is not made", testNamesBeforeDestruction)
}

// labelled returns a resource of each type, with the label a; the type that renamed names has the label b.
func labelled(t *testing.T, name, dir, renamed string) config {
	t.Helper()
	address := func(kind string) string {
		if kind == renamed || renamed == "each" {
			return "libvirt_" + kind + ".b"
		}
		return "libvirt_" + kind + ".a"
	}
	of := func(kind, row string) string { return "${" + address(kind) + "." + row + "}" }
	on := attrs{"host": alpha().Name, "name": name}
	return config{
		address("secret"):   on.with(attrs{"usage": "ceph"}),
		address("pool"):     on.with(attrs{"path": dir}),
		address("volume"):   on.with(attrs{"pool": of("pool", "name"), "name": "v", "format": "raw", "capacity": mib}),
		address("seed"):     on.with(attrs{"pool": of("pool", "name"), "name": "seed", "cloud_init": attrs{"user_data": "#cloud-config\n", "meta_data": "instance-id: a\n"}}),
		address("network"):  on,
		address("nwfilter"): on,
		address("domain"): domainAttrs(t, alpha()).with(attrs{"name": name, "state": "stopped",
			"disks": attrs{"vda": attrs{"file": of("volume", "path"), "format": "raw"}}, "interfaces": attrs{"lan": attrs{"network": of("network", "name")}}}),
		address("domain_snapshot"): on.with(attrs{"domain": of("domain", "name"), "name": "s"}),
	}
}

func testNamesOfEachType(t *testing.T) {
	t.Parallel()
	s, name, dir := newStack(t), unique(t), directory(t)
	before, after := labelled(t, name, dir, ""), labelled(t, name, dir, "each")
	s.apply(before)
	s.settled()
	was := s.resources()
	onHost := alpha().path(dir + "/v")
	writeBeginning(t, onHost)
	refused := func(c config, says string, command ...string) {
		t.Helper()
		s.write(c, nil)
		for _, parallelism := range []string{"1", "10"} {
			o := s.run(append(command, "-json", "-parallelism="+parallelism)...)
			if o.code != 1 || !strings.Contains(o.errors(), says) {
				t.Fatalf("%v at parallelism %s ends with %d, and says\n%s\nwant\n%s", command, parallelism, o.code, o.errors(), says)
			}
		}
		if !maps.EqualFunc(s.resources(), was, func(a, b attrs) bool { return a["id"] == b["id"] }) {
			t.Fatalf("%v changed the state", command)
		}
	}
	for address := range before {
		kind, _, _ := strings.Cut(strings.TrimPrefix(address, "libvirt_"), ".")
		refused(labelled(t, name, dir, kind), fmt.Sprintf("  moved {\n    from = libvirt_%s.OLD_NAME\n    to   = libvirt_%[1]s.NEW_NAME\n  }", kind), "plan")
	}
	refused(after, "moved {", "apply", "-auto-approve")
	refused(after, "moved {", "plan", "-refresh=false")
	checkBeginning(t, onHost)

	var moved []attrs
	for address := range after {
		kind, _, _ := strings.Cut(address, ".")
		moved = append(moved, attrs{"from": kind + ".a", "to": kind + ".b"})
	}
	s.write(after, attrs{"moved": moved})
	if o := s.run("apply", "-auto-approve", "-json"); o.code != 0 || !strings.Contains(o.stdout, "0 added, 0 changed, 0 destroyed") {
		t.Fatalf("with moved blocks: %s\n%s", o.errors(), o.stdout)
	}
	s.settled()
	expect(t, "the UUID of the domain", s.state("libvirt_domain.b")["uuid"].(string), was["libvirt_domain.a"]["uuid"].(string))

	// An address may also lose its object to another that is created in the same plan under the object's former name.
	s.planFails(after.changed("libvirt_network.b", attrs{"name": name + "-2"}).changed("libvirt_network.c", attrs{"host": alpha().Name, "name": name}),
		"gives up network", "another takes it")
	s.destroy()
}

// writeBeginning writes data into a raw volume, and checkBeginning asserts that it is still there.
func writeBeginning(t *testing.T, file string) {
	t.Helper()
	f, err := os.OpenFile(file, os.O_WRONLY, 0)
	if err == nil {
		_, err = f.WriteString("data")
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
}

func checkBeginning(t *testing.T, file string) {
	t.Helper()
	if content, err := os.ReadFile(file); err != nil || !strings.HasPrefix(string(content), "data") {
		t.Errorf("the data is lost: %v", err)
	}
}

// changed returns a copy in which a resource has other attributes.
func (c config) changed(address string, changes attrs) config {
	all := maps.Clone(c)
	all[address] = all[address].with(changes)
	return all
}

func testNamesTwice(t *testing.T) {
	t.Parallel()
	s, name, dir := newStack(t), unique(t), directory(t)
	one := labelled(t, name, dir, "")
	delete(one, "libvirt_domain_snapshot.a")
	s.apply(one)
	both := maps.Clone(one)
	independent := []string{"libvirt_secret", "libvirt_pool", "libvirt_network", "libvirt_nwfilter"} // the others are planned after these
	for _, kind := range independent {
		both[kind+".b"] = one[kind+".a"]
	}
	for _, parallelism := range []string{"1", "10"} {
		s.write(both, nil)
		o := s.run("plan", "-json", "-parallelism="+parallelism)
		if n := strings.Count(o.errors(), "must be unique"); o.code != 1 || n != len(independent) {
			t.Errorf("%d of %d are refused at parallelism %s:\n%s", n, len(independent), parallelism, o.errors())
		}
	}
	s.apply(one)
	s.destroy()
	s.planFails(both, "must be unique")
}

func testNamesSwapped(t *testing.T) {
	t.Parallel()
	pool, dir := alpha().pool(t)
	s, one, two := newStack(t), unique(t), unique(t)
	named := func(a, b string) config {
		return config{
			"libvirt_volume.a": {"host": alpha().Name, "pool": pool, "name": a, "capacity": mib},
			"libvirt_volume.b": {"host": alpha().Name, "pool": pool, "name": b, "capacity": mib},
			"libvirt_domain.a": domainAttrs(t, alpha()).with(attrs{"name": a, "state": "stopped"}),
			"libvirt_domain.b": domainAttrs(t, alpha()).with(attrs{"name": b, "state": "stopped"}),
		}
	}
	s.apply(named(one, two))
	for _, c := range []config{named(two, one), named(two, two+"-2")} { // a swap, and a chain
		for _, parallelism := range []string{"1", "10"} {
			s.write(c, nil)
			o := s.run("apply", "-auto-approve", "-json", "-parallelism="+parallelism)
			if o.code != 1 {
				t.Fatalf("the apply succeeded:\n%s", o.stdout)
			}
			s.says(o.errors(), []string{`Unable to create volume`, `domain "`})
		}
	}
	for _, name := range []string{one, two} {
		alpha().virsh(t, "dominfo", name)
		if _, err := os.Stat(alpha().path(dir + "/" + name)); err != nil {
			t.Error(err)
		}
	}
}

func testNamesOfAddresses(t *testing.T) {
	t.Parallel()
	s, name := newStack(t), unique(t)
	const one, two, three = "52:54:00:4d:41:01", "52:54:00:4d:41:02", "52:54:00:4d:41:03"
	with := func(a, b string, reserved attrs) config {
		machine := func(label, mac string) attrs {
			return domainAttrs(t, alpha()).with(attrs{"name": name + label, "state": "stopped",
				"interfaces": attrs{"lan": attrs{"network": "${libvirt_network.lan.name}", "mac": mac}}})
		}
		return config{
			"libvirt_network.lan": {"host": alpha().Name, "name": name, "ipv4": attrs{"address": "192.0.2.1", "prefix": 24,
				"dhcp": attrs{"start": "192.0.2.10", "end": "192.0.2.20", "hosts": reserved}}},
			"libvirt_domain.a": machine("a", a),
			"libvirt_domain.b": machine("b", b),
		}
	}
	to := func(address, called string) attrs { return attrs{"ip": address, "name": called} }
	straight := attrs{one: to("192.0.2.31", "a"), two: to("192.0.2.32", "b")}
	s.apply(with(one, two, straight))
	for what, c := range map[string]config{
		"must be unique": with(one, one, straight),
		"gives up MAC address of network " + name + ` "` + one + `"`: with(three, one, straight),
		"another takes it": with(two, one, straight),
	} {
		for _, parallelism := range []string{"1", "10"} {
			s.write(c, nil)
			if o := s.run("plan", "-json", "-parallelism="+parallelism); o.code != 1 || !strings.Contains(o.errors(), what) {
				t.Errorf("at parallelism %s the plan says\n%s\nwant\n%s", parallelism, o.errors(), what)
			}
		}
	}
	for _, reserved := range []attrs{
		{one: to("192.0.2.32", "a"), two: to("192.0.2.31", "b")}, // the addresses are swapped
		{one: to("192.0.2.32", "b"), two: to("192.0.2.31", "a")}, // the names are
		{two: to("192.0.2.32", "b")},                             // one takes over what another leaves
		{one: to("192.0.2.32", "b"), three: to("192.0.2.31", "a")},
	} {
		s.apply(with(one, two, reserved))
		s.settled()
		xml := alpha().virsh(t, "net-dumpxml", name)
		for mac, r := range reserved {
			if want := fmt.Sprintf("<host mac='%s' name='%s' ip='%s'/>", mac, r.(attrs)["name"], r.(attrs)["ip"]); !strings.Contains(xml, want) {
				t.Errorf("the running network lacks %s:\n%s", want, xml)
			}
		}
		expect(t, "reservations", fmt.Sprint(strings.Count(xml, "<host mac")), fmt.Sprint(len(reserved)))
	}
	s.destroy()
}

func testNamesReplaced(t *testing.T) {
	t.Parallel()
	s, name, dir := newStack(t), unique(t), directory(t)
	c := labelled(t, name, dir, "")
	delete(c, "libvirt_domain_snapshot.a")
	s.apply(c)
	addresses := slices.Sorted(maps.Keys(c))
	for _, address := range addresses {
		if o := s.run("taint", address); o.code != 0 {
			t.Fatal(o.stdout)
		}
	}
	s.apply(c)
	s.settled()
	args := []string{"apply", "-auto-approve", "-json"}
	for _, address := range addresses {
		args = append(args, "-replace="+address)
	}
	if o := s.run(args...); o.code != 0 {
		t.Fatal(o.errors())
	}
	s.settled()
	first := attrs{"lifecycle": attrs{"create_before_destroy": true}}
	s.apply(c.changed("libvirt_network.a", first))
	s.apply(c.changed("libvirt_network.a", first.with(attrs{"name": name + "-2"})))
	s.settled()
	s.destroy()
}

func testNamesOfInstances(t *testing.T) {
	t.Parallel()
	pool, dir := alpha().pool(t)
	s, v := newStack(t), attrs{"host": alpha().Name, "pool": pool, "format": "raw", "capacity": mib}
	s.apply(config{aVolume: v.with(attrs{"count": 2, "name": "v${count.index}"})})
	onHost := alpha().path(dir + "/v1")
	writeBeginning(t, onHost)
	keyed := config{aVolume: v.with(attrs{"for_each": "${toset([\"v0\", \"v1\"])}", "name": "${each.key}"})}
	s.applyFails(keyed, "moved {")
	checkBeginning(t, onHost)
	s.write(keyed, attrs{"moved": []attrs{{"from": aVolume + "[0]", "to": aVolume + `["v0"]`}, {"from": aVolume + "[1]", "to": aVolume + `["v1"]`}}})
	if o := s.run("apply", "-auto-approve", "-json"); o.code != 0 || !strings.Contains(o.stdout, "0 added, 0 changed, 0 destroyed") {
		t.Fatalf("with moved blocks: %s\n%s", o.errors(), o.stdout)
	}
}

func testNamesThroughPools(t *testing.T) {
	t.Parallel()
	s, name, dir := newStack(t), unique(t), directory(t)
	in := func(label, pool string) config {
		return config{
			"libvirt_pool." + label:   {"host": alpha().Name, "name": pool, "path": dir},
			"libvirt_volume." + label: {"host": alpha().Name, "pool": "${libvirt_pool." + label + ".name}", "name": "v", "capacity": mib},
		}
	}
	s.apply(in("a", name))
	for _, parallelism := range []string{"1", "10"} {
		s.write(in("b", name+"-2"), nil)
		o := s.run("apply", "-auto-approve", "-json", "-parallelism="+parallelism)
		if o.code != 1 {
			t.Fatal(o.stdout)
		}
		s.says(o.errors(), []string{fmt.Sprintf("one resource gives up directory %q on alpha and another takes it", dir)})
	}
	if _, err := os.Stat(alpha().path(dir + "/v")); err != nil {
		t.Error(err)
	}
}

func testNamesBeforeDestruction(t *testing.T) {
	t.Parallel()
	s, foreign := newStack(t), unique(t)
	alpha().define(t, "define", "<domain type='"+theLab.Accelerator+"'><name>"+foreign+"</name><memory>1024</memory><os><type>hvm</type></os></domain>")
	t.Cleanup(func() { alpha().virsh(t, "undefine", foreign) })
	network := config{aNetwork: {"host": alpha().Name, "name": unique(t)}}
	s.apply(network)
	c := network.changed(aDomain, domainAttrs(t, alpha()).with(attrs{"name": foreign, "machine": "pc-q35-99.1"}))
	s.planFails(c, fmt.Sprintf("alpha already has a domain %q", foreign))
	if o := s.run("plan", "-destroy", "-json"); o.code != 0 || o.warnings() != "" {
		t.Errorf("the plan of the destruction says %s%s", o.errors(), o.warnings())
	}
	s.destroy()
	alpha().virsh(t, "dominfo", foreign)
}
