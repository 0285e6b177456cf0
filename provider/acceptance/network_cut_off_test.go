//go:build acceptance

package acceptance

import (
	"fmt"
	"testing"
)

func TestNetworkCutOff(t *testing.T) {
	t.Parallel()
	t.Run("guests of a network that was stopped are attached again", testNetworkStopped)
	t.Run("guests of a network without a resource are attached again", testForeignNetworkStopped)
	t.Run("a network that stops names its guests", testNetworkStops)
}

// strangerOn starts a guest that Terraform does not know, in a network.
func strangerOn(t *testing.T, network string) (name string) {
	t.Helper()
	return strangerWith(t, "<interface type='network'><source network='"+network+"'/></interface>")
}

// strangerOnBridge starts a guest that Terraform does not know, with an interface on a bridge.
func strangerOnBridge(t *testing.T, bridge string) (name string) {
	t.Helper()
	return strangerWith(t, "<interface type='bridge'><source bridge='"+bridge+"'/></interface>")
}

func strangerWith(t *testing.T, device string) (name string) {
	t.Helper()
	name = unique(t)
	alpha().define(t, "create", fmt.Sprintf(`<domain type='%s'><name>%s</name><memory unit='MiB'>16</memory><vcpu>1</vcpu><os><type>hvm</type></os>
		<devices>%s</devices></domain>`, theLab.Accelerator, name, device))
	t.Cleanup(func() { _, _ = alpha().try("destroy", name) })
	return name
}

func testNetworkStopped(t *testing.T) {
	t.Parallel()
	n, _ := dhcpNetwork(t)
	n["bridge"] = fmt.Sprintf("kf%d", serialNumber.Add(1))
	name, lan, slow := n["name"].(string), attrs{"network": "${" + aNetwork + ".name}", "filter": "no-mac-spoofing"}, attrs{}
	if alpha().shapes(t, hostBridge(t)) {
		n["bandwidth"], lan["bandwidth"], slow["bandwidth"] = attrs{"inbound_average": 8192}, attrs{"inbound_average": 1024}, attrs{"inbound_average": 512}
	}
	n["portgroups"] = attrs{"slow": slow}
	guest := domainAttrs(t, alpha()).with(attrs{"interfaces": attrs{
		"lan":  lan,
		"slow": attrs{"network": "${" + aNetwork + ".name}", "portgroup": "slow"},
	}})
	c, s := config{aNetwork: n, aDomain: guest}, newStack(t)
	s.apply(c)
	s.settled()
	stranger, onBridge, run := strangerOn(t, name), strangerOnBridge(t, n["bridge"].(string)), pid(t, guest)
	before := alpha().virsh(t, "dumpxml", guest["name"].(string), "--migratable")
	attached := func(how string) {
		t.Helper()
		s.settled()
		for _, g := range []string{guest["name"].(string), stranger, onBridge} {
			for i, nic := range alpha().xml(t, "dumpxml", g).FindElements("devices/interface") {
				expect(t, fmt.Sprintf("%s: what interface %d of %s is attached to", how, i, g), plug(t, at(nic, "target@dev")), n["bridge"].(string))
			}
		}
		expect(t, how+": the process that runs the guest", pid(t, guest), run)
		expect(t, how+": its interfaces", alpha().virsh(t, "dumpxml", guest["name"].(string), "--migratable"), before)
		alpha().lacks(t, "net-info", name+"-aside")
	}

	alpha().virsh(t, "net-destroy", name)
	text := s.shows(c, "~ active = false -> true", "0 to add, 1 to change, 0 to destroy")
	o := s.plan(c)
	seenByPlan(t, "virsh net-destroy", "libvirt_network", text+o.warnings(), `Network "`+name+`" has guests that are cut off from it`, guest["name"].(string), stranger, onBridge)
	s.apply(c)
	attached("stopped")

	alpha().virsh(t, "net-destroy", name)
	alpha().virsh(t, "net-start", name)
	s.shows(c, "~ needs_repair = true -> false", `+ network = "`+name+`"`)
	o = s.plan(c)
	seenByPlan(t, "virsh net-destroy and net-start", "libvirt_network", o.warnings(), `Network "`+name+`" has guests that are cut off from it`, stranger, onBridge,
		guest["name"].(string)+" is cut off from a network: interfaces lan, slow")
	s.apply(c)
	attached("stopped and started")

	alpha().virsh(t, "net-destroy", name)
	alpha().virsh(t, "net-undefine", name)
	s.shows(c, "1 to add, 0 to change, 0 to destroy")
	s.apply(c)
	attached("removed")
}

func testForeignNetworkStopped(t *testing.T) {
	t.Parallel()
	lan := unique(t)
	bridge := fmt.Sprintf("kf%d", serialNumber.Add(1))
	alpha().define(t, "net-define", "<network><name>"+lan+"</name><bridge name='"+bridge+"'/></network>")
	alpha().virsh(t, "net-start", lan)
	t.Cleanup(func() { _, _ = alpha().try("net-destroy", lan); alpha().virsh(t, "net-undefine", lan) })
	guest := inNetwork(t, lan)
	c, s := config{aDomain: guest}, newStack(t)
	s.apply(c)
	s.settled()

	alpha().virsh(t, "net-destroy", lan)
	o := s.plan(c)
	seenByPlan(t, "virsh net-destroy", "a network without a resource", o.warnings(), guest["name"].(string)+` is cut off from network "`+lan+`"`)
	alpha().virsh(t, "net-start", lan)
	s.shows(c, `+ network = "`+lan+`"`, "0 to add, 1 to change, 0 to destroy")
	s.apply(c)
	s.settled()
	expect(t, "what the guest is attached to", plugged(t, guest["name"].(string)), bridge)
	s.destroy()
}

func testNetworkStops(t *testing.T) {
	t.Parallel()
	n, _ := dhcpNetwork(t)
	name := n["name"].(string)
	s, c := newStack(t), config{aNetwork: n}
	s.apply(c)
	stranger := strangerOn(t, name)
	stopped := config{aNetwork: n.with(attrs{"active": false})}
	o := s.plan(stopped)
	s.says(o.warnings(), []string{`Network "` + name + `" stops while guests use it`, `cuts off "` + stranger + `"`})
	s.apply(stopped)
	s.settled()
	s.apply(c)
	expect(t, "what the guest is attached to", plugged(t, stranger), netXML("bridge@name")(t, n))
	s.settled()
	o = s.run("plan", "-destroy", "-json")
	s.says(o.warnings(), []string{`Running guests use network "` + name + `": "` + stranger + `"`})
	alpha().virsh(t, "destroy", stranger)
	s.destroy()
}
