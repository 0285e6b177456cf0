//go:build acceptance

package acceptance

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/digitalocean/go-libvirt"
)

// processorCases returns the cases of the kind of the virtual CPUs.
func processorCases(t *testing.T) map[string]update {
	t.Helper()
	cpu := func(mode string, more attrs) attrs { return attrs{"cpu": attrs{"mode": mode}.with(more)} }
	named := func(more attrs) attrs { return cpu("custom", attrs{"model": "Nehalem"}.with(more)) }
	divided := func(parts attrs) attrs { return attrs{"vcpu": 8, "cpu": attrs{"topology": parts}} }
	seeTopology := together("cpu/topology@sockets", "cpu/topology@dies", "cpu/topology@cores", "cpu/topology@threads")
	group := []string{"update", "update"}
	feature := func(features attrs) attrs { return named(attrs{"features": features}) }
	clusters := attrs{"arch": "aarch64", "type": "qemu"}
	cases := map[string]update{
		"cpu.vendor_id": {see: defined("cpu/model@vendor_id"), steps: []step{
			{named(attrs{"vendor_id": "GenuineIntel"}), "GenuineIntel"}, {named(attrs{"vendor_id": "AuthenticAMD"}), "AuthenticAMD"}, {named(nil), ""}}},
		"cpu.check": {see: defined("cpu@check"), steps: []step{
			{named(attrs{"check": "none"}), "none"}, {named(attrs{"check": "full"}), "full"}, {named(nil), "none"}}},
		"cpu.migratable": {see: defined("cpu@migratable"), steps: []step{
			{cpu("maximum", attrs{"migratable": false}), "off"}, {cpu("maximum", attrs{"migratable": true}), "on"}, {cpu("maximum", nil), ""}}},
		"cpu.cache": {see: defined("cpu/cache@mode"), actions: group, steps: []step{
			{named(nil), ""}, {named(attrs{"cache": attrs{"mode": "disable"}}), "disable"}, {named(nil), ""}}},
		"cpu.cache.mode": {see: defined("cpu/cache@mode"), steps: []step{
			{named(attrs{"cache": attrs{"mode": "disable"}}), "disable"}, {named(attrs{"cache": attrs{"mode": "emulate", "level": 3}}), "emulate"}}},
		"cpu.cache.level": {see: defined("cpu/cache@level"), steps: []step{
			{named(attrs{"cache": attrs{"mode": "emulate", "level": 3}}), "3"}, {named(attrs{"cache": attrs{"mode": "disable"}}), ""}}},
		"cpu.maxphysaddr": {see: defined("cpu/maxphysaddr@mode"), actions: group, steps: []step{
			{named(nil), ""}, {named(attrs{"maxphysaddr": attrs{"mode": "emulate", "bits": 40}}), "emulate"}, {named(nil), ""}}},
		"cpu.maxphysaddr.mode": {see: defined("cpu/maxphysaddr@mode"), steps: []step{
			{cpu("maximum", attrs{"maxphysaddr": attrs{"mode": "emulate", "bits": 40}}), "emulate"}, {cpu("maximum", attrs{"maxphysaddr": attrs{"mode": "passthrough"}}), "passthrough"}}},
		"cpu.maxphysaddr.bits": {see: defined("cpu/maxphysaddr@bits"), steps: []step{
			{cpu("maximum", attrs{"maxphysaddr": attrs{"mode": "emulate", "bits": 40}}), "40"}, {cpu("maximum", attrs{"maxphysaddr": attrs{"mode": "emulate", "bits": 42}}), "42"},
			{cpu("maximum", attrs{"maxphysaddr": attrs{"mode": "passthrough"}}), ""}}},
		"cpu.features": {see: together("cpu/feature@name", "cpu/feature@policy"), actions: group, steps: []step{
			{named(nil), " "}, {feature(attrs{"vme": attrs{"policy": "disable"}}), "vme disable"}, {named(nil), " "}}},
		"cpu.features.policy": {see: defined("cpu/feature@policy"), steps: []step{
			{feature(attrs{"aes": attrs{"policy": "force"}}), "force"}, {feature(attrs{"aes": attrs{"policy": "forbid"}}), "forbid"}, {feature(attrs{"aes": attrs{}}), "require"}}},
		"cpu.topology": {see: seeTopology, actions: group, steps: []step{
			{attrs{"vcpu": 8}, "1 1 8 1"}, {divided(attrs{"sockets": 2, "cores": 2, "threads": 2}), "2 1 2 2"}, {attrs{"vcpu": 8}, "1 1 8 1"}}},
		"cpu.topology.sockets": {see: seeTopology, steps: []step{
			{divided(attrs{"sockets": 2, "cores": 4}), "2 1 4 1"}, {divided(attrs{"sockets": 4, "cores": 2}), "4 1 2 1"}, {divided(attrs{"cores": 8}), "1 1 8 1"}}},
		"cpu.topology.dies": {see: seeTopology, steps: []step{
			{divided(attrs{"dies": 2, "cores": 4}), "1 2 4 1"}, {divided(attrs{"dies": 4, "cores": 2}), "1 4 2 1"}, {divided(attrs{"cores": 8}), "1 1 8 1"}}},
		"cpu.topology.cores": {see: seeTopology, steps: []step{
			{divided(attrs{"cores": 4, "threads": 2}), "1 1 4 2"}, {divided(attrs{"cores": 2, "threads": 4}), "1 1 2 4"}, {divided(attrs{"sockets": 8}), "8 1 1 1"}}},
		"cpu.topology.threads": {see: seeTopology, steps: []step{
			{divided(attrs{"threads": 2, "cores": 4}), "1 1 4 2"}, {divided(attrs{"threads": 4, "cores": 2}), "1 1 2 4"}, {divided(attrs{"cores": 8}), "1 1 8 1"}}},
		"cpu.topology.clusters": {see: defined("cpu/topology@clusters"), steps: []step{
			{divided(attrs{"clusters": 2, "cores": 4}).with(clusters), "2"}, {divided(attrs{"clusters": 4, "cores": 2}).with(clusters), "4"}, {divided(attrs{"cores": 8}).with(clusters), "1"}}},
	}
	if u := cases["cpu.topology.clusters"]; alpha().libvirt(t) < clustersSince || !slices.Contains(alpha().architectures(t), "aarch64") {
		u.lacking = "libvirt 10.1 with an emulator for ARM"
		cases["cpu.topology.clusters"] = u
	}
	return cases
}

// clustersSince is the first libvirt that knows the clusters of a topology.
const clustersSince = 10_001_000

// libvirt returns the version of a host's libvirt: 9_000_000 is 9.0.0.
func (h *labHost) libvirt(t *testing.T) (version uint64) {
	t.Helper()
	h.asked(t, func(l *libvirt.Libvirt) (err error) {
		version, err = l.ConnectGetLibVersion()
		return err
	})
	return version
}

// qemu runs a command of QEMU's monitor for people.
func (h *labHost) qemu(t *testing.T, a attrs, command string) string {
	t.Helper()
	return h.virsh(t, "qemu-monitor-command", a["name"].(string), "--hmp", command)
}

// TestDomainProcessor asserts that a running guest has the CPU that is configured, as QEMU says; that what libvirt records of it is no change; and that a
// change of it waits.
func TestDomainProcessor(t *testing.T) {
	t.Parallel()
	a := sectorGuest(t, alpha(), tallySector).with(attrs{
		"type": "qemu", "vcpu": 2, "maximum": attrs{"vcpu": 8}, "shutdown": attrs{"timeout": 0},
		"cpu": attrs{"mode": "custom", "model": "Nehalem", "vendor_id": "GenuineIntel", "check": "partial",
			"cache": attrs{"mode": "emulate", "level": 3}, "maxphysaddr": attrs{"mode": "emulate", "bits": 42},
			"features": attrs{"vme": attrs{"policy": "disable"}, "pcid": attrs{"policy": "optional"}, "aes": attrs{"policy": "force"}, "popcnt": attrs{"policy": "disable"}, "sse4.2": attrs{}},
			"topology": attrs{"sockets": 2, "cores": 2, "threads": 2}},
	})
	s, name := newStack(t), a["name"].(string)
	s.apply(config{aDomain: a})
	s.settled()
	s.pendingIs(nil)
	s.importable("shutdown")
	cpu := func(property string) string {
		return strings.TrimSpace(alpha().qemu(t, a, "qom-get /machine/unattached/device[0] "+property))
	}
	for property, want := range map[string]string{"popcnt": "false", "aes": "true", "sse4.2": "true", "phys-bits": "42", "vendor": `"GenuineIntel"`} {
		expect(t, property+" of the guest's CPU", cpu(property), want)
	}
	places := regexp.MustCompile(`socket-id: "(\d+)"|core-id: "(\d+)"|thread-id: "(\d+)"`).FindAllString(alpha().qemu(t, a, "info hotpluggable-cpus"), -1)
	for _, part := range []string{"socket", "core", "thread"} {
		for _, id := range []int{0, 1} {
			if !slices.Contains(places, fmt.Sprintf("%s-id: %q", part, fmt.Sprint(id))) {
				t.Errorf("no virtual CPU is in %s %d: %q", part, id, places)
			}
		}
	}

	last := countsOn(t, a, 0)
	s.apply(config{aDomain: a.with(attrs{"vcpu": 3})}) // live, in the topology
	s.settled()
	a = a.with(attrs{"vcpu": 3})
	more := put(a, []string{"cpu", "features", "popcnt"}, attrs{"policy": "require"})
	expect(t, "warning", s.plan(config{aDomain: more}).warnings(), name+` keeps running as it is: cpu.features["popcnt"].policy`+waits)
	s.apply(config{aDomain: more})
	s.settled()
	s.pendingIs(`cpu.features["popcnt"].policy`)
	expect(t, "popcnt of the running guest", cpu("popcnt"), "false")
	countsOn(t, a, last)
	s.apply(config{aDomain: more.with(attrs{"on_change": "restart"})})
	s.pendingIs(nil)
	expect(t, "popcnt of the guest that started again", cpu("popcnt"), "true")

	s.planFails(config{aDomain: put(more, []string{"cpu", "features", "no-such-feature"}, attrs{"policy": "require"})}, "Unknown CPU feature no-such-feature")
	impossible := put(more, []string{"cpu", "features", "pcid"}, attrs{"policy": "require"})
	s.planFails(config{aDomain: impossible}, "alpha cannot run the guest's CPU \"Nehalem\"", "pcid")
	if o := s.plan(config{aDomain: impossible.with(attrs{"state": "stopped"})}); o.code != 2 {
		t.Errorf("a domain that is not to run is refused:\n%s", o.errors())
	}
	s.planFails(config{aDomain: put(more, []string{"cpu", "cache"}, attrs{"mode": "passthrough"})}, "CPU cache mode 'passthrough'")
	s.write(config{aDomain: more}, nil)
}
