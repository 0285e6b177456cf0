//go:build acceptance

package acceptance

import (
	"fmt"
	"testing"
)

// The tests in this file are named after what the README and the pages in docs/ promise.

// "The plan after an import is empty."
func TestPromiseThePlanAfterAnImportIsEmpty(t *testing.T) {
	t.Parallel()
	n, _ := dhcpNetwork(t)
	n["forward"] = attrs{"mode": "nat"}
	p := attrs{"host": alpha().Name, "name": unique(t), "path": directory(t)}
	d := domainAttrs(t, alpha()).with(attrs{
		"vcpu": 2, "maximum": attrs{"vcpu": 4, "memory": 64 << 10}, "title": "web", "cputune": attrs{"shares": 512},
		"disks":      attrs{"vda": attrs{"file": "${libvirt_volume.it.path}"}},
		"interfaces": attrs{"lan": attrs{"network": "${" + aNetwork + ".name}"}},
	})
	s := newStack(t)
	s.apply(config{
		aNetwork: n, aPool: p, aDomain: d,
		"libvirt_volume.it": {"host": alpha().Name, "pool": "${" + aPool + ".name}", "name": "disk", "capacity": 1 << 20},
	})
	s.settled()
	s.importable("shutdown")
	s.destroy()
}

// "Changes that never surprise": no change restarts a guest unless 'on_change' says so.
func TestPromiseNothingIsRestarted(t *testing.T) {
	t.Parallel()
	n, net := dhcpNetwork(t)
	d := sectorGuest(t, alpha(), tallySector).with(attrs{
		"shutdown": attrs{"timeout": 0}, "maximum": attrs{"memory": 64 << 10},
		"interfaces": attrs{"lan": attrs{"network": "${" + aNetwork + ".name}"}},
	})
	s := newStack(t)
	s.apply(config{aNetwork: n, aDomain: d})
	s.settled()
	run := pid(t, d)
	for what, c := range map[string]config{
		"what a running guest takes over":      {aNetwork: n, aDomain: d.with(attrs{"title": "web", "cputune": attrs{"shares": 512}})},
		"what waits for its next start":        {aNetwork: n, aDomain: d.with(attrs{"vcpu": 2, "cpu": attrs{"mode": "maximum"}})},
		"a change that restarts its network":   {aNetwork: n.with(attrs{"domain": attrs{"name": "it.test"}}), aDomain: d},
		"another address range of its network": {aNetwork: n.with(attrs{"ipv4": ipv4(net, attrs{"start": net + ".30", "end": net + ".40"})}), aDomain: d},
		"no change":                            {aNetwork: n, aDomain: d},
	} {
		s.apply(c)
		s.settled()
		expect(t, what+": the process that runs the guest", pid(t, d), run)
	}
	alpha().virsh(t, "net-destroy", n["name"].(string))
	s.apply(config{aNetwork: n, aDomain: d})
	s.settled()
	expect(t, "a network that was stopped: the process that runs the guest", pid(t, d), run)
	s.destroy()
}

// A host is asked for room before a machine moves there.
func TestPromiseRoomIsAskedFor(t *testing.T) {
	t.Parallel()
	g, s := newTraveller(t), newStack(t)
	s.apply(g.on(alpha()))
	beta().virsh(t, "pool-destroy", g.name())
	beta().inside(t, "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", g.disks)
	t.Cleanup(func() { beta().inside(t, "umount", "--lazy", g.disks) })
	beta().virsh(t, "pool-create-as", g.name(), "dir", "--target", g.disks)
	s.planFails(g.on(beta()), fmt.Sprintf("%s cannot move from alpha to beta:", g.name()), "MiB free, and the copies need")
	expect(t, "state", alpha().virsh(t, "domstate", g.name()), "running")
	s.write(g.on(alpha()), nil)
}
