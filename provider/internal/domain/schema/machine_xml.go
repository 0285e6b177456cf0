package schema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// libvirt writes the newest version of a machine type in place of its short name.
var machineAlias = map[string]string{"q35": "pc-q35-", "pc": "pc-i440fx-", "virt": "virt-"}

func sameMachine(config, host string) bool {
	prefix, short := machineAlias[config]
	return config == host || (short && strings.HasPrefix(host, prefix))
}

// machine: another family of machines has other buses. Where the devices stand on them is left to libvirt again, which refuses what was
// right for the old ones.
var machine = xmlmodel.Func{
	R: xmlmodel.At("os/type@machine").Read,
	W: func(el *etree.Element, v any) {
		at := xmlmodel.At("os/type@machine")
		was, _ := at.Read(el).(string)
		at.Write(el, v)
		from, to := family(was), family(fmt.Sprint(v))
		if from == "" || to == "" || from == to {
			return
		}
		for _, device := range xmlmodel.Ensure(el, "devices").ChildElements() {
			bus := device.Tag == "controller" && slices.Contains([]string{"pci", "ide"}, device.SelectAttrValue("type", ""))
			itsOwn := device.Tag == "watchdog" && device.SelectAttrValue("model", "") == ownWatchdog
			if bus || itsOwn {
				xmlmodel.Drop(device)
			} else if a := device.SelectElement("address"); a != nil && a.SelectAttrValue("type", "") == "pci" {
				xmlmodel.Drop(a)
			}
		}
	},
}

// family is the part that a machine type's short name and its versions share, or "" if the type has neither.
func family(machine string) string {
	for short, prefix := range machineAlias {
		if machine == short || strings.HasPrefix(machine, prefix) {
			return short
		}
	}
	return ""
}

var logAppend = xmlmodel.Words{At: "log@append", Yes: "on", No: "off"}

// serial is the first serial port. Its console is an alias that would bring the port back, so both go together.
type serial struct{ xmlmodel.Element }

func (serial) Find(el *etree.Element) *etree.Element { return xmlmodel.Find(el, "devices", "serial") }

func (s serial) Make(el *etree.Element) *etree.Element {
	if port := s.Find(el); port != nil {
		return port
	}
	port := xmlmodel.Ensure(el, "devices").CreateElement("serial")
	port.CreateAttr("type", "pty")
	port.CreateElement("target").CreateAttr("port", "0")
	return port
}

func (s serial) Remove(el *etree.Element) {
	xmlmodel.Drop(s.Find(el))
	for _, c := range xmlmodel.Ensure(el, "devices").SelectElements("console") {
		if xmlmodel.At("target@type").Read(c) == any("serial") {
			xmlmodel.Drop(c)
		}
	}
}

const AgentChannel = "org.qemu.guest_agent.0"

var guestAgent = xmlmodel.Func{
	R: func(el *etree.Element) any { return FindAgentChannel(el) != nil },
	W: func(el *etree.Element, v any) {
		there := FindAgentChannel(el)
		if v != true {
			xmlmodel.Drop(there)
			return
		}
		if there == nil {
			c := xmlmodel.Ensure(el, "devices").CreateElement("channel")
			c.CreateAttr("type", "unix")
			t := c.CreateElement("target")
			t.CreateAttr("type", "virtio")
			t.CreateAttr("name", AgentChannel)
		}
	},
}

func FindAgentChannel(el *etree.Element) *etree.Element {
	for _, c := range xmlmodel.Ensure(el, "devices").SelectElements("channel") {
		if xmlmodel.At("target@name").Read(c) == any(AgentChannel) {
			return c
		}
	}
	return nil
}

// listen stands in an attribute and in an element of its own; libvirt wants them to agree. Where neither is there, the host's qemu.conf
// says where it listens, and that may be everywhere: that is hostListens.
// graphics is the GroupCodec of the graphical console. libvirt takes a new SPICE console without a port for one that does not listen.
type graphics struct{ xmlmodel.Element }

func (g graphics) Make(domain *etree.Element) *etree.Element {
	if there := g.Find(domain); there != nil {
		return there
	}
	console := g.Element.Make(domain)
	port.Write(console, nil)
	return console
}

var listen = xmlmodel.Func{
	R: func(g *etree.Element) any {
		for _, at := range []xmlmodel.At{"listen@address", "@listen"} {
			if v := at.Read(g); v != nil {
				return v
			}
		}
		return hostConfigListens
	},
	W: func(g *etree.Element, v any) {
		for _, l := range g.SelectElements("listen") {
			xmlmodel.Drop(l)
		}
		if v == any(hostConfigListens) {
			v = nil
		}
		xmlmodel.At("@listen").Write(g, v)
	},
}

const hostConfigListens = "host"

var port = xmlmodel.Func{
	R: func(g *etree.Element) any {
		if g.SelectAttrValue("autoport", "no") == "yes" {
			return nil
		}
		return xmlmodel.At("@port").Read(g)
	},
	W: func(g *etree.Element, v any) {
		if v == nil {
			g.CreateAttr("port", "-1")
			g.CreateAttr("autoport", "yes")
			return
		}
		g.CreateAttr("port", fmt.Sprint(v))
		g.CreateAttr("autoport", "no")
	},
}
