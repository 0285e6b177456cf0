//go:build acceptance

package acceptance

import (
	"fmt"
	"strings"
	"testing"
)

// leased makes a network lease an address to a MAC address: it starts another guest with that MAC address, whose firmware boots from the
// network and requests the lease.
func (h *labHost) leased(t *testing.T, network, mac string) (address string) {
	t.Helper()
	name, former := unique(t), h.virsh(t, "net-dhcp-leases", network, "--mac", mac)
	h.define(t, "create", fmt.Sprintf("<domain type='%s'><name>%s</name><memory unit='MiB'>64</memory><os><type arch='x86_64' machine='q35'>hvm</type><boot dev='network'/></os>"+
		"<devices><interface type='network'><mac address='%s'/><source network='%s'/><model type='virtio'/></interface></devices></domain>", theLab.Accelerator, name, mac, network))
	defer h.virsh(t, "destroy", name)
	lease := former
	eventually(t, "a lease", func() bool { // with another end than that of a former one
		lease = h.virsh(t, "net-dhcp-leases", network, "--mac", mac)
		return strings.Contains(lease, "/") && lease != former
	})
	for _, word := range strings.Fields(lease) {
		if ip, _, found := strings.Cut(word, "/"); found {
			address = ip
		}
	}
	return address
}

// waitingGuest returns a guest that waits for a lease that its own system never requests.
func waitingGuest(t *testing.T, mac string, seconds int) (a attrs, lan attrs) {
	t.Helper()
	lan, _ = dhcpNetwork(t)
	return sectorGuest(t, alpha(), tallySector).with(attrs{
		"interfaces": attrs{"lan": attrs{"network": "${libvirt_network.lan.name}", "mac": mac}},
		"wait_for":   attrs{"address": "lan", "timeout": seconds},
		"shutdown":   attrs{"timeout": 0},
	}), lan
}

func (s *stack) reached() any {
	s.t.Helper()
	return s.state(aDomain)["wait_for"].(map[string]any)["reached"]
}
func TestDomainWait(t *testing.T) {
	t.Parallel()
	t.Run("a guest that does not come up in time is kept", testWaitTimeout)
	t.Run("an interrupt ends the wait", testWaitInterrupted)
	t.Run("a guest that stops ends the wait", testWaitGuestStops)
	t.Run("a Linux guest gets an address and starts its agent", testWaitLinux)
}

func testWaitTimeout(t *testing.T) {
	t.Parallel()
	const mac = "52:54:00:00:fa:01"
	a, lan := waitingGuest(t, mac, 2)
	with := func(a attrs) config { return config{aDomain: a, "libvirt_network.lan": lan} }
	c, name := with(a), a["name"].(string)
	s := newStack(t)

	o := s.apply(c)
	s.says(o.warnings(), []string{`Unable to finish waiting for domain "` + name + `"`, `on alpha: waited 2s for an address of interfaces["lan"] (lease); there is no new lease for lan (` + mac + `); the guest runs, and has used `,
		"The domain stays as it is, and the next apply waits again. Look what the guest does (virsh console " + name + "), or give it more time in 'wait_for.timeout'."})
	expect(t, "what came of it", fmt.Sprint(s.reached()), "false")
	if s.state(aDomain)["tainted"] != nil {
		t.Fatal("a guest that did not come up in time is to be replaced")
	}
	run := pid(t, a)
	s.shows(c, "~ reached = false -> (known after apply)", "0 to add, 1 to change, 0 to destroy")
	s.applyFails(c, `Unable to finish waiting for domain "`+name+`"`, "there is no new lease for lan ("+mac+")")
	expect(t, "what came of it", fmt.Sprint(s.reached()), "false")

	// From here on nothing is missing that the apply would wait for. The limit is only for a busy host.
	a["wait_for"].(attrs)["timeout"] = 600
	alpha().leased(t, lan["name"].(string), mac)
	s.apply(c)
	expect(t, "what came of it", fmt.Sprint(s.reached()), "true")
	s.settled()
	expect(t, "the process that runs the guest", pid(t, a), run)
	s.apply(with(a.with(attrs{"title": "web"}))) // without a start, nothing is waited for
	expect(t, "what came of it", fmt.Sprint(s.reached()), "true")

	// Another start waits again. A domain with the state "stopped" does not wait.
	s.apply(with(a.with(attrs{"state": "stopped"})))
	expect(t, "what came of it", fmt.Sprint(s.reached()), fmt.Sprint(nil))
	s.settled()

	// The lease of the guest that ran before does not count.
	a["wait_for"].(attrs)["timeout"] = 2
	s.applyFails(c, "there is no new lease for lan ("+mac+")")
	expect(t, "what came of it", fmt.Sprint(s.reached()), "false")
	s.apply(with(a.with(attrs{"state": "stopped"})))
	a["wait_for"].(attrs)["timeout"] = 600
	s.write(c, nil)
	ended := make(chan outcome, 1)
	go func() { ended <- s.run("apply", "-auto-approve", "-json") }()
	eventually(t, "the start of the guest", func() bool { return domainState(t, a) == "running" })
	alpha().leased(t, lan["name"].(string), mac)
	if o := <-ended; o.code != 0 {
		t.Fatal(o.errors())
	}
	expect(t, "what came of it", fmt.Sprint(s.reached()), "true")
	s.importable("shutdown", "wait_for")
	s.destroy()
}

func testWaitInterrupted(t *testing.T) {
	t.Parallel()
	s, a, ended := applyWaits(t, "52:54:00:00:fa:02")
	s.interrupt()
	if o := <-ended; !strings.Contains(o.warnings(), "until it was interrupted; there is no new lease for lan") {
		t.Errorf("it says\n%s\n%s", o.warnings(), o.errors())
	}
	expect(t, "the domain", domainState(t, a), "running")
	s.kept(a)
}

func testWaitGuestStops(t *testing.T) {
	t.Parallel()
	s, a, ended := applyWaits(t, "52:54:00:00:fa:03")
	alpha().virsh(t, "destroy", a["name"].(string))
	if o := <-ended; !strings.Contains(o.warnings(), "; the guest has stopped\n") {
		t.Errorf("it says\n%s\n%s", o.warnings(), o.errors())
	}
	s.kept(a)
}

// applyWaits begins an apply that waits for a long time.
func applyWaits(t *testing.T, mac string) (s *stack, a attrs, ended chan outcome) {
	t.Helper()
	a, lan := waitingGuest(t, mac, 600)
	s, ended = newStack(t), make(chan outcome, 1)
	s.write(config{aDomain: a, "libvirt_network.lan": lan}, nil)
	go func() { ended <- s.run("apply", "-auto-approve", "-json") }()
	countsOn(t, a, 0)
	return s, a, ended
}

// kept asserts that the state has the domain as it is, and that no plan will replace it.
func (s *stack) kept(a attrs) {
	s.t.Helper()
	is := s.state(aDomain)
	expect(s.t, "its UUID", fmt.Sprint(is["uuid"]), at(definition(s.t, a), "uuid"))
	expect(s.t, "what came of it", fmt.Sprint(s.reached()), "false")
	if is["tainted"] != nil || is["machine"] == nil {
		s.t.Errorf("the state has %v", is)
	}
}

// testWaitLinux waits for a Linux guest that gets its address from the network and starts its agent.
func testWaitLinux(t *testing.T) {
	t.Parallel()
	g := newLinux(t)
	s := newStack(t)
	lan, _ := dhcpNetwork(t)
	a := g.a.with(attrs{"interfaces": attrs{"lan": attrs{"network": "${libvirt_network.lan.name}"}}, "wait_for": attrs{"address": "any", "guest_agent": true}})
	s.apply(config{aDomain: a, "libvirt_network.lan": lan})
	expect(t, "what came of it", fmt.Sprint(s.reached()), "true")
	s.destroy()
}

// waitCases returns the cases of wait_for, for stopped domains: these do not wait.
func waitCases() map[string]update {
	wait := func(a attrs) attrs {
		return attrs{"guest_agent": true, "interfaces": attrs{"lan": attrs{"network": "one"}}, "wait_for": attrs{"guest_agent": true}.with(a)}
	}
	// libvirt does not know wait_for.
	see, none := defined("os/type"), attrs{"guest_agent": true, "interfaces": attrs{"lan": attrs{"network": "one"}}}
	steps := func(name string, first, second any) update {
		return update{see: see, steps: []step{{wait(attrs{name: first}), "hvm"}, {wait(attrs{name: second}), "hvm"}, {wait(nil), "hvm"}}}
	}
	return map[string]update{
		"wait_for":         {see: see, actions: []string{"update", "update"}, steps: []step{{none, "hvm"}, {wait(nil), "hvm"}, {none, "hvm"}}},
		"wait_for.address": steps("address", "lan", "any"),
		"wait_for.source":  steps("source", "arp", "agent"),
		"wait_for.timeout": steps("timeout", 5, 10),
		"wait_for.guest_agent": {see: see, steps: []step{{wait(attrs{"address": "lan"}), "hvm"}, {wait(attrs{"address": "lan", "guest_agent": false}), "hvm"},
			{wait(attrs{"address": "lan", "guest_agent": nil}), "hvm"}}},
	}
}
