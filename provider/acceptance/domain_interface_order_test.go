//go:build acceptance

package acceptance

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/beevik/etree"
)

// foundByFirmware returns the names of the interfaces of a running guest in the order in which its firmware has found them along the buses.
func foundByFirmware(t *testing.T, a attrs) string {
	t.Helper()
	type device struct {
		ID     string `json:"qdev_id"`
		Slot   int
		Bridge *struct{ Devices []device } `json:"pci_bridge"`
	}
	var reply struct {
		Return []struct{ Devices []device }
	}
	text := hostOf(a).virsh(t, "qemu-monitor-command", a["name"].(string), `{"execute":"query-pci"}`)
	if err := json.Unmarshal([]byte(text), &reply); err != nil {
		t.Fatal(err)
	}
	var found []string
	var visit func(devices []device)
	visit = func(devices []device) {
		slices.SortStableFunc(devices, func(a, b device) int { return a.Slot - b.Slot })
		for _, d := range devices {
			if name, ours := strings.CutPrefix(d.ID, "ua-"); ours {
				found = append(found, name)
			}
			if d.Bridge != nil {
				visit(d.Bridge.Devices)
			}
		}
	}
	for _, root := range reply.Return {
		visit(root.Devices)
	}
	return strings.Join(found, " ")
}

// busOf returns the number of the bus that an interface has in a definition.
func busOf(root *etree.Element, key string) string {
	return at(root, "devices/interface/alias[@name='ua-"+key+"']/../address@bus")
}

// TestDomainInterfaceOrder asserts that a guest finds its interfaces in the order of their positions, through changes, on each kind of host.
func TestDomainInterfaceOrder(t *testing.T) {
	t.Parallel()
	for _, host := range oneOfEachKind() {
		t.Run("on "+host.Kind, func(t *testing.T) {
			t.Parallel()
			t.Run("through changes", func(t *testing.T) { testInterfaceOrder(t, host) })
			t.Run("of a guest that is as wanted already", func(t *testing.T) { testInterfaceOrderAlready(t, host) })
			t.Run("of different models", func(t *testing.T) { testInterfaceOrderOfModels(t, host) })
			t.Run("addresses are stated", func(t *testing.T) { testStatedAddresses(t, host) })
		})
	}
}

func testInterfaceOrder(t *testing.T, host *labHost) {
	t.Parallel()
	lan := host.network(t)
	ordered := func(names ...string) attrs {
		nics := attrs{}
		for i, name := range names {
			nics[name] = attrs{"network": lan, "position": i + 1}
		}
		return nics
	}
	s, base := newStack(t), guestAttrs(t, host).with(attrs{"shutdown": attrs{"timeout": 0}})
	guest := func(names ...string) attrs { return base.with(attrs{"interfaces": ordered(names...)}) }
	name := base["name"].(string)

	s.apply(config{aDomain: guest("wan", "lan")})
	s.settled()
	expect(t, "the order", foundByFirmware(t, guest()), "wan lan")
	s.importable("shutdown")

	// One more at the end is plugged in at the end.
	three := config{aDomain: guest("wan", "lan", "dmz")}
	expect(t, "warnings", s.plan(three).warnings(), "")
	s.applyPlanned()
	s.settled()
	s.pendingIs(nil)
	run := host.virsh(t, "domid", name)

	// One at the front moves the others at the next start.
	four := guest("admin", "wan", "lan", "dmz")
	warned := s.plan(config{aDomain: four}).warnings()
	if !strings.Contains(warned, "keeps running as it is") || !strings.Contains(warned, `interfaces["wan"].position`) {
		t.Errorf("the plan does not say that the order changes at the next start: %s", warned)
	}
	s.applyPlanned()
	s.settled()
	expect(t, "the run", host.virsh(t, "domid", name), run)
	if pending, _ := s.state(aDomain)["pending_restart"].(string); !strings.Contains(pending, `interfaces["wan"].position`) {
		t.Errorf("pending_restart is %q", pending)
	}
	s.apply(config{aDomain: four.with(attrs{"on_change": "restart", "title": "again"})})
	s.settled()
	s.pendingIs(nil)
	expect(t, "the order after the restart", foundByFirmware(t, four), "admin wan lan dmz")

	// What stays keeps its place when another goes.
	s.apply(config{aDomain: four.with(attrs{"state": "stopped"})})
	before := definition(t, four)
	s.apply(config{aDomain: guest("admin", "lan", "dmz").with(attrs{"state": "stopped"})})
	s.settled()
	for _, key := range []string{"admin", "lan", "dmz"} {
		expect(t, "the bus of "+key, busOf(definition(t, four), key), busOf(before, key))
	}

	// Another order.
	s.apply(config{aDomain: guest("dmz", "admin", "lan")})
	s.settled()
	expect(t, "the new order", foundByFirmware(t, four), "dmz admin lan")

	// Two change places outside Terraform.
	text := host.virsh(t, "dumpxml", name, "--inactive")
	root := parsedXML(t, text)
	one, other := root.FindElement("devices/interface/alias[@name='ua-dmz']/../address"), root.FindElement("devices/interface/alias[@name='ua-lan']/../address")
	was := one.SelectAttrValue("bus", "")
	one.CreateAttr("bus", other.SelectAttrValue("bus", ""))
	other.CreateAttr("bus", was)
	host.define(t, "define", indented(t, root))
	s.shows(s.last, `~ position = 3 -> 1`)
	s.applyPlanned()
	s.settled()
	expect(t, "the bus of dmz", busOf(definition(t, four), "dmz"), was)
	s.destroy()
}

// testInterfaceOrderAlready asserts that stating the order that a guest has changes nothing for it.
func testInterfaceOrderAlready(t *testing.T, host *labHost) {
	t.Parallel()
	lan := host.network(t)
	s, base := newStack(t), guestAttrs(t, host).with(attrs{"shutdown": attrs{"timeout": 0}, "on_change": "live-only"})
	with := func(a, b attrs) config { return config{aDomain: base.with(attrs{"interfaces": attrs{"a": a, "b": b}})} }
	nic := attrs{"network": lan}
	s.apply(with(nic, nic))
	before := definition(t, base).FindElements("devices/interface/address")
	ordered := with(nic.with(attrs{"position": 10}), nic.with(attrs{"position": 20}))
	expect(t, "warnings", s.plan(ordered).warnings(), "")
	s.applyPlanned()
	s.settled()
	s.pendingIs(nil)
	for i, address := range definition(t, base).FindElements("devices/interface/address") {
		expect(t, "the bus", address.SelectAttrValue("bus", ""), before[i].SelectAttrValue("bus", ""))
	}
	// It says so where that is not the order.
	swapped := with(nic.with(attrs{"position": 20}), nic.with(attrs{"position": 10}))
	s.planFails(swapped, `would need a restart for: interfaces["a"].position, interfaces["b"].position`)
	// Leaving it to libvirt again changes nothing either.
	expect(t, "warnings", s.plan(with(nic, nic)).warnings(), "")
	s.applyPlanned()
	s.settled()
	s.destroy()
}

// testInterfaceOrderOfModels asserts that the order holds for models that libvirt puts on different buses.
func testInterfaceOrderOfModels(t *testing.T, host *labHost) {
	t.Parallel()
	lan := host.network(t)
	for _, machine := range []string{"q35", "pc"} {
		s, a := newStack(t), guestAttrs(t, host).with(attrs{"machine": machine, "shutdown": attrs{"timeout": 0}, "interfaces": attrs{
			"a": attrs{"network": lan, "position": 3}, "b": attrs{"network": lan, "model": "e1000", "position": 1}, "c": attrs{"network": lan, "model": "e1000e", "position": 2},
		}})
		s.apply(config{aDomain: a})
		s.settled()
		expect(t, "the order on "+machine, foundByFirmware(t, a), "b c a")
		s.destroy()
	}
}

func testStatedAddresses(t *testing.T, host *labHost) {
	t.Parallel()
	lan := host.network(t)
	s, base := newStack(t), guestAttrs(t, host).with(attrs{"shutdown": attrs{"timeout": 0}})
	root := base["disks"].(attrs)["vda"].(attrs)
	a := base.with(attrs{
		"disks":      attrs{"vda": root.with(attrs{"address": "0000:07:00.0"}), "sda": attrs{"device": "cdrom", "bus": "sata", "format": "raw", "address": "0:0:0:2"}},
		"interfaces": attrs{"lan": attrs{"network": lan, "address": "0000:05:00.0"}},
		"devices":    attrs{"rng": attrs{"address": "0000:06:00.0"}},
	})
	s.apply(config{aDomain: a})
	s.settled()
	expect(t, "the bus of the interface", busOf(definition(t, a), "lan"), "0x05")
	expect(t, "the bus of the disk", at(definition(t, a), "devices/disk/target[@dev='vda']/../address@bus"), "0x07")
	expect(t, "the unit of the drive", at(definition(t, a), "devices/disk/target[@dev='sda']/../address@unit"), "2")
	expect(t, "the bus of the generator", at(definition(t, a), "devices/rng/address@bus"), "0x06")
	s.importable("shutdown")

	// Another address waits for the next start; one that another device has is refused, also if that is not stated.
	moved := a.with(attrs{"interfaces": attrs{"lan": attrs{"network": lan, "address": "0000:08:00.0"}}})
	s.planFails(config{aDomain: a.with(attrs{"interfaces": attrs{"lan": attrs{"network": lan, "address": "0000:07:00.0"}}})},
		"disk vda and interface 52:54:00", "would both have the address 0000:07:00.0")
	if warned := s.plan(config{aDomain: moved}).warnings(); !strings.Contains(warned, `keeps running as it is: interfaces["lan"].address`) {
		t.Errorf("the plan warns %q", warned)
	}
	s.applyPlanned()
	s.settled()
	s.pendingIs(`interfaces["lan"].address`)
	// Without the attribute the interface stays where it is.
	free := a.with(attrs{"interfaces": attrs{"lan": attrs{"network": lan, "address": nil}}})
	s.apply(config{aDomain: free})
	s.settled()
	expect(t, "the bus of the interface", busOf(definition(t, a), "lan"), "0x08")
	s.destroy()
}
