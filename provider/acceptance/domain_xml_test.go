//go:build acceptance

package acceptance

import (
	"strings"
	"testing"

	"github.com/beevik/etree"
)

const qemuSpace = `xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0"`

func attributesOf(under string, attributes attrs) attrs {
	return attrs{"under": under, "attributes": attributes}
}

func element(under, xml string) attrs { return attrs{"under": under, "element": xml} }

// escapeCases returns the cases of elements that no attribute covers.
func escapeCases() map[string]update {
	it := func(under any, xml string) attrs {
		return attrs{"xml": attrs{"it": attrs{"under": under, "element": xml}.with(nil)}}
	}
	eoi := func(state string) attrs {
		return attrs{"xml": attrs{"it": attributesOf("features/apic", attrs{"eoi": state})}}
	}
	see := together("devices/hub?", "features/pvspinlock?", "on_crash")
	return map[string]update{
		"xml.attributes": {see: together("features/apic@eoi", "features/pae?"), steps: []step{{eoi("on"), "on false"}, {eoi("off"), "off false"}, {nil, " false"}}},
		"xml":            {see: see, actions: []string{"update", "update"}, steps: []step{{nil, "false false destroy"}, {it("devices", `<hub type="usb"/>`), "true false destroy"}, {nil, "false false destroy"}}},
		"xml.under":      {see: see, steps: []step{{it("devices", `<hub type='usb'/>`), "true false destroy"}, {it("features", `<pvspinlock state="on"/>`), "false true destroy"}, {it(nil, "<on_crash>preserve</on_crash>"), "false false preserve"}}},
		"xml.element":    {see: see, steps: []step{{it(nil, "<on_crash>preserve</on_crash>"), "false false preserve"}, {it(nil, "<on_crash>restart</on_crash>"), "false false restart"}, {nil, "false false destroy"}}},
	}
}

func escapeGuest(a attrs) truthGuest {
	return truthGuest{base: a.with(attrs{"xml": attrs{"crash": element("", "<on_crash>preserve</on_crash>"), "moves": element("features", `<pvspinlock state="off"/>`), "eoi": attributesOf("features/apic", attrs{"eoi": "on"})}}), changes: []truth{
		{path: "xml.menu", value: element("", "<qemu:commandline "+qemuSpace+`><qemu:arg value="-boot"/><qemu:arg value="menu=off"/></qemu:commandline>`), where: "qemu:commandline?", is: "true"},
		{path: "xml.crash.element", value: "<on_crash>restart</on_crash>", where: "on_crash", is: "restart"},
		{path: "xml.eoi.attributes", value: attrs{"eoi": "off"}, where: "features/apic@eoi", is: "off"},
		{path: "xml.moves.under", value: "devices", where: "features/pvspinlock?", is: "false"},
		{path: "xml.moves.element", value: `<hub type="usb"/>`, where: "devices/hub?", is: "true"},
	}}
}
func TestDomainXML(t *testing.T) {
	t.Parallel()
	t.Run("elements of the xml attribute are added, changed and removed", testXMLElements)
	t.Run("the xml attribute reaches into the disks and interfaces of a running guest", testXMLInEntries)
}

func testXMLElements(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), domainAttrs(t, alpha()).with(attrs{"state": "stopped"})
	name := a["name"].(string)
	args := func(values ...string) attrs {
		return element("", "<qemu:commandline "+qemuSpace+`><qemu:arg value="`+strings.Join(values, `"/><qemu:arg value="`)+`"/></qemu:commandline>`)
	}
	entries := attrs{"hub": element("devices", `<hub type='usb'/>`), "one": args("-boot", "menu=off"), "two": args("-no-user-config"), "crash": element("", "<on_crash>preserve</on_crash>")}
	c := config{aDomain: a.with(attrs{"xml": entries})}
	s.apply(c)
	s.settled()
	s.importable("shutdown")
	see := together("devices/hub?", "on_crash", "qemu:commandline/qemu:arg[3]@value")
	expect(t, "what is there", see(t, a), "true preserve -no-user-config")

	// The elements survive other changes, including one of the machine type.
	c = config{aDomain: a.with(attrs{"xml": entries, "machine": "pc", "title": "other"})}
	s.apply(c)
	s.settled()
	expect(t, "what is there", see(t, a), "true preserve -no-user-config")

	changed := definition(t, a).Copy()
	changed.FindElement("on_crash").SetText("destroy")
	hub := changed.FindElement("devices/hub")
	hub.Parent().RemoveChild(hub)
	doc := etree.NewDocument()
	doc.SetRoot(changed)
	text, err := doc.WriteToString()
	if err != nil {
		t.Fatal(err)
	}
	alpha().define(t, "define", text)
	s.shows(c, `+ "hub" = {`, `~ element = "<on_crash>destroy</on_crash>" -> "<on_crash>preserve</on_crash>"`)
	s.apply(c)
	s.settled()
	expect(t, "what is there", see(t, a), "true preserve -no-user-config")

	less := config{aDomain: a.with(attrs{"machine": "pc", "xml": attrs{"two": entries["two"]}})}
	s.apply(less)
	s.settled()
	expect(t, "what is left", see(t, a)+at(definition(t, a), "qemu:commandline/qemu:arg[1]@value"), "false destroy -no-user-config")

	s.applyFails(config{aDomain: a.with(attrs{"machine": "pc", "xml": attrs{"odd": element("devices", "<nosuch/>")}})},
		`on alpha: libvirt ignored xml["odd"] under <domain>/devices`, "Correct the element or its 'under', or remove the entry.")
	s.planFails(config{aDomain: a.with(attrs{"xml": attrs{"odd": element("devices", `<disk type="file"><target dev="vda"/></disk>`)}})}, "'element' must not be <disk>, which 'disks' sets; use that attribute")
	s.apply(config{aDomain: a.with(attrs{"machine": "pc"})})
	s.settled()
	s.destroy()
	alpha().lacks(t, "dominfo", name)
}

func testXMLInEntries(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	a := guestAttrs(t, alpha()).with(attrs{"interfaces": attrs{"lan": attrs{"network": alpha().network(t)}}, "shutdown": attrs{"timeout": 0}})
	name := a["name"].(string)
	sectors := func(size string) attrs {
		return element("devices/disk[vda]", `<blockio logical_block_size="512" physical_block_size="`+size+`"/>`)
	}
	queue := func(size string) attrs { return attributesOf("devices/disk[vda]/driver", attrs{"queue_size": size}) }
	ring := attributesOf("devices/interface[lan]/driver", attrs{"rx_queue_size": "512"})
	entries := attrs{"sectors": sectors("4096"), "queue": queue("128"), "ring": ring}
	see := together("devices/disk/blockio@physical_block_size", "devices/disk/driver@queue_size", "devices/interface/driver@rx_queue_size")
	there := "4096 128 512"
	c := config{aDomain: a.with(attrs{"xml": entries})}
	s.apply(c)
	s.settled()
	s.importable("shutdown")
	expect(t, "the definition", see(t, a), there)
	devices := alpha().virsh(t, "qemu-monitor-command", name, "--hmp", "info qtree")
	for _, want := range []string{"physical_block_size = 4096", "queue-size = 128", "rx_queue_size = 512"} {
		if !strings.Contains(devices, want) {
			t.Errorf("the guest does not have %s", want)
		}
	}

	// They stay while the guest, its disk and its interface change.
	disk := a["disks"].(attrs)["vda"].(attrs)
	changed := a.with(attrs{"title": "other", "interfaces": attrs{"lan": a["interfaces"].(attrs)["lan"].(attrs).with(attrs{"link": "down"})},
		"disks": attrs{"vda": disk.with(attrs{"iotune": attrs{"total_bytes_sec": 1 << 20}, "cache": "writethrough"})}})
	s.apply(config{aDomain: changed.with(attrs{"xml": entries})})
	s.settled()
	expect(t, "the definition after other changes", see(t, a), there)
	s.apply(c)

	// A change waits for the next start.
	other := entries.with(attrs{"queue": queue("256")})
	s.apply(config{aDomain: a.with(attrs{"xml": other})})
	s.settled()
	s.pendingIs(`xml["queue"].attributes`)
	s.apply(config{aDomain: a.with(attrs{"xml": other, "on_change": "restart"})})
	s.settled()
	s.pendingIs(nil)
	expect(t, "the running guest", at(alpha().xml(t, "dumpxml", name), "devices/disk/driver@queue_size"), "256")
	s.apply(c)

	// What another program changes is a change of the plan.
	edited(t, "dumpxml", "define", name, func(root *etree.Element) {
		root.FindElement("devices/disk/driver").CreateAttr("queue_size", "64")
		nic := root.FindElement("devices/interface")
		nic.RemoveChild(nic.FindElement("driver"))
	})
	s.shows(c, `~ "queue_size" = "64" -> "128"`, `+ "ring" = {`)
	s.apply(c)
	s.settled()
	expect(t, "the definition again", see(t, a), there)

	s.planFails(config{aDomain: a.with(attrs{"xml": attrs{"odd": element("devices/disk[vdz]", "<wwn>0011223344556677</wwn>")}})},
		`'under' must be of an element that the configuration has: devices/disk[vda], got "devices/disk[vdz]"`)
	s.planFails(config{aDomain: a.with(attrs{"xml": attrs{"odd": attributesOf("devices/disk[vda]/driver", attrs{"cache": "none"})}})},
		`'attributes' must not have "cache", which 'disks.cache' sets; use that attribute`)
	s.applyFails(config{aDomain: a.with(attrs{"xml": entries.with(attrs{"odd": attributesOf("devices/disk[vda]/driver", attrs{"nosuch": "1"})})})},
		`on alpha: libvirt ignored "nosuch" of xml["odd"] under <domain>/devices/disk[vda]/driver`, "Correct the name or 'under', or remove the entry.")
	expect(t, "the definition after a failure", see(t, a), there)

	// A disk comes with its entries, and goes with them. There can be a second serial port next to that of the attribute.
	second := attrs{"vda": disk, "vdb": attrs{"file": alpha().guestDisk(t), "format": "raw"}}
	both := entries.with(attrs{"serial": attributesOf("devices/disk[vdb]/driver", attrs{"queue_size": "64"})})
	both["log"] = element("devices", `<serial type="null"/>`)
	s.apply(config{aDomain: a.with(attrs{"disks": second, "serial": attrs{"log_append": false}, "xml": both})})
	s.settled()
	expect(t, "the second disk and port", together("devices/disk[2]/driver@queue_size", "devices/serial[2]@type")(t, a), "64 null")
	stopped := a.with(attrs{"state": "stopped"})
	s.apply(config{aDomain: stopped.with(attrs{"disks": second, "xml": both, "serial": attrs{"log_append": false}})})
	s.apply(config{aDomain: stopped.with(attrs{"xml": entries})})
	s.settled()
	expect(t, "the definition without the second disk", see(t, a)+" "+together("devices/disk[2]?", "devices/serial[2]?")(t, a), there+" false false")
	s.apply(config{aDomain: stopped})
	s.settled()
	expect(t, "the definition without entries", see(t, a), "  ")
	s.destroy()
	alpha().lacks(t, "dominfo", name)
}
