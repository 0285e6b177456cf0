//go:build acceptance

package acceptance

import (
	"strings"
	"testing"

	"github.com/beevik/etree"
)

const qemuSpace = `xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0"`

func element(under, xml string) attrs { return attrs{"under": under, "element": xml} }

// escapeCases returns the cases of elements that no attribute covers.
func escapeCases() map[string]update {
	it := func(under any, xml string) attrs {
		return attrs{"xml": attrs{"it": attrs{"under": under, "element": xml}.with(nil)}}
	}
	see := together("devices/hub?", "features/pvspinlock?", "on_crash")
	return map[string]update{
		"xml":         {see: see, actions: []string{"update", "update"}, steps: []step{{nil, "false false destroy"}, {it("devices", `<hub type="usb"/>`), "true false destroy"}, {nil, "false false destroy"}}},
		"xml.under":   {see: see, steps: []step{{it("devices", `<hub type='usb'/>`), "true false destroy"}, {it("features", `<pvspinlock state="on"/>`), "false true destroy"}, {it(nil, "<on_crash>preserve</on_crash>"), "false false preserve"}}},
		"xml.element": {see: see, steps: []step{{it(nil, "<on_crash>preserve</on_crash>"), "false false preserve"}, {it(nil, "<on_crash>restart</on_crash>"), "false false restart"}}},
	}
}

func escapeGuest(a attrs) truthGuest {
	return truthGuest{base: a.with(attrs{"xml": attrs{"crash": element("", "<on_crash>preserve</on_crash>"), "moves": element("features", `<pvspinlock state="off"/>`)}}), changes: []truth{
		{path: "xml.menu", value: element("", "<qemu:commandline "+qemuSpace+`><qemu:arg value="-boot"/><qemu:arg value="menu=off"/></qemu:commandline>`), where: "qemu:commandline?", is: "true"},
		{path: "xml.crash.element", value: "<on_crash>restart</on_crash>", where: "on_crash", is: "restart"},
		{path: "xml.moves.under", value: "devices", where: "features/pvspinlock?", is: "false"},
		{path: "xml.moves.element", value: `<hub type="usb"/>`, where: "devices/hub?", is: "true"},
	}}
}
func TestDomainXML(t *testing.T) {
	t.Parallel()
	t.Run("elements of the xml attribute are added, changed and removed", testXMLElements)
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
