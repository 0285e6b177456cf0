//go:build acceptance

package acceptance

import (
	"fmt"
	"strings"
	"testing"
)

// TestBridgeVLANs asserts that VLANs on a Linux bridge are refused in the plan where libvirt has none, and are defined where it has them.
func TestBridgeVLANs(t *testing.T) {
	t.Parallel()
	t.Run("libvirt 9 has no VLANs on Linux bridges", testNoBridgeVLANs)
	t.Run("libvirt 11 has VLANs on Linux bridges", testBridgeVLANs)
}

func onBridge(h *labHost, name, bridge string) attrs {
	return attrs{"host": h.Name, "name": name, "forward": attrs{"mode": "bridge"}, "bridge": bridge}
}

func vlan(tags ...string) attrs { return attrs{"vlan": attrs{"tags": tags}} }

// bridgeOn creates a Linux bridge on a host.
func bridgeOn(t *testing.T, h *labHost) string {
	t.Helper()
	name := fmt.Sprintf("kfv%d", serialNumber.Add(1))
	h.ip(t, "link", "add", name, "type", "bridge")
	t.Cleanup(func() { h.ip(t, "link", "delete", name) })
	h.ip(t, "link", "set", name, "up")
	return name
}

func testNoBridgeVLANs(t *testing.T) {
	t.Parallel()
	h, s := ofKind(t, "debian12"), newStack(t)
	bridge := bridgeOn(t, h)
	network := onBridge(h, unique(t), bridge)
	refusal := fmt.Sprintf("'vlan' on a Linux bridge requires libvirt 11.0.0 on host %q, got 9.0.0; set 'virtualport'", h.Name)
	s.planFails(config{aNetwork: network.with(vlan("42"))}, refusal)
	s.planFails(config{aNetwork: network.with(attrs{"portgroups": attrs{"eng": vlan("5", "6")}})}, refusal)
	s.planFails(config{aDomain: domainAttrs(t, h).with(attrs{"interfaces": attrs{"lan": attrs{"bridge": bridge}.with(vlan("42"))}})}, refusal)
	s.apply(config{aNetwork: network})
	s.planFails(config{aNetwork: network.with(vlan("42"))}, refusal)
	s.destroy()
}

func testBridgeVLANs(t *testing.T) {
	t.Parallel()
	h, s := ofKind(t, "debian13"), newStack(t)
	bridge := bridgeOn(t, h)
	network := onBridge(h, unique(t), bridge).with(vlan("42")).with(attrs{"portgroups": attrs{"eng": vlan("5", "6")}})
	nic := func(tag string) attrs {
		return attrs{"interfaces": attrs{"lan": attrs{"bridge": bridge}.with(vlan(tag))}}
	}
	guest := domainAttrs(t, h).with(attrs{"type": "qemu", "state": "stopped"}).with(nic("42"))
	s.apply(config{aNetwork: network, aDomain: guest})
	s.settled()
	expect(t, "the network's VLAN", netXML("vlan/tag@id")(t, network), "42")
	expect(t, "the group's VLANs", netXML("portgroup/vlan@trunk")(t, network), "yes")
	s.importable("shutdown")
	network = network.with(vlan("43"))
	s.apply(config{aNetwork: network, aDomain: guest.with(nic("43"))})
	s.settled()
	expect(t, "the network's VLAN", netXML("vlan/tag@id")(t, network), "43")
	expect(t, "the interface's VLAN", at(h.xml(t, "dumpxml", guest["name"].(string)), "devices/interface/vlan/tag@id"), "43")

	// Whether a guest starts depends on the kernel, which may have no VLANs on bridges.
	filters := h.onNetSucceeds(t, "ip", "link", "set", bridge, "type", "bridge", "vlan_filtering", "1")
	running := config{aNetwork: network, aDomain: guest.with(nic("43")).with(attrs{"state": "paused"})}
	if !filters {
		s.applyFails(running, "error adding vlan filter to interface", "The Linux bridge has no VLANs", "vlan_filtering 1")
		return
	}
	s.apply(running)
	out, err := h.onNet(t, "bridge", "vlan", "show")
	if err != nil || !strings.Contains(string(out), "43") {
		t.Errorf("the guest's port is not in VLAN 43: %v\n%s", err, out)
	}
	s.settled()
	s.destroy()
}

// onNetSucceeds reports whether a command succeeds in the network of a host.
func (h *labHost) onNetSucceeds(t *testing.T, args ...string) bool {
	t.Helper()
	_, err := h.onNet(t, args...)
	return err == nil
}
