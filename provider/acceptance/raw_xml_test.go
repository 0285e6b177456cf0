//go:build acceptance

package acceptance

import (
	"fmt"
	"strings"
	"testing"

	"github.com/beevik/etree"
)

// TestRawXML is about the attribute 'xml' of networks, pools and volumes. That of domains has TestDomainXML.
func TestRawXML(t *testing.T) {
	t.Parallel()
	t.Run("a network has further addresses and ranges", testRawXMLNetwork)
	t.Run("a range is added while a guest runs, and an address with a restart", testRawXMLNetworkLive)
	t.Run("what libvirt drops or an attribute sets is no element of a network", testRawXMLNetworkRefused)
	t.Run("a pool is mounted with options", testRawXMLPool)
	t.Run("what libvirt drops or an attribute sets is no element of a pool", testRawXMLPoolRefused)
	t.Run("a volume is created with a header of its own", testRawXMLVolume)
}

// edited changes the definition of an object as 'virsh edit' does.
func edited(t *testing.T, dump, define, name string, change func(root *etree.Element)) {
	t.Helper()
	root := alpha().xml(t, dump, name, "--inactive").Copy()
	change(root)
	doc := etree.NewDocument()
	doc.SetRoot(root)
	text, err := doc.WriteToString()
	if err != nil {
		t.Fatal(err)
	}
	alpha().define(t, define, text)
}

// bridgeNumber returns the index of the network's bridge, which another bridge of the same name does not have.
func bridgeNumber(t *testing.T, s *stack) string {
	t.Helper()
	return alpha().inside(t, "cat", "/sys/class/net/"+s.state(aNetwork)["bridge"].(string)+"/ifindex")
}

func testRawXMLNetwork(t *testing.T) {
	t.Parallel()
	a, net := dhcpNetwork(t)
	name, beyond := a["name"].(string), subnet()
	ip := func(n int) attrs { return element("", fmt.Sprintf(`<ip address="%s.%d" prefix="24"/>`, beyond, n)) }
	entries := attrs{"ip": ip(1), "range": element("ip/dhcp", `<range start="`+net+`.30" end="`+net+`.40"/>`)}
	note := attrs{"note": element("", `<metadata><x:note xmlns:x="https://example.org/notes">mine</x:note></metadata>`)}
	see := func() string {
		return netXML("ip[2]@address")(t, a) + " " + netXML("ip/dhcp/range[2]@start")(t, a)
	}
	there := beyond + ".1 " + net + ".30"
	s := newStack(t)
	c := config{aNetwork: a.with(attrs{"xml": entries})}
	s.apply(c)
	s.settled()
	expect(t, "what libvirt has", see(), there)
	if addresses := alpha().ip(t, "address", "show", "dev", s.state(aNetwork)["bridge"].(string)); !strings.Contains(addresses, beyond+".1/24") {
		t.Errorf("the bridge does not have the address: %s", addresses)
	}
	s.importable()

	// The elements survive another change.
	c = config{aNetwork: a.with(attrs{"xml": entries.with(note), "domain": attrs{"name": "it.test"}})}
	s.apply(c)
	s.settled()
	expect(t, "what libvirt has after another change", see()+" "+netXML("metadata/x:note")(t, a), there+" mine")

	// What another program takes out, changes or adds is a change of the plan.
	edited(t, "net-dumpxml", "net-define", name, func(root *etree.Element) {
		root.FindElement("ip[2]").CreateAttr("address", beyond+".9")
		dhcp := root.FindElement("ip/dhcp")
		dhcp.RemoveChild(dhcp.SelectElements("range")[1])
	})
	s.shows(c, `~ element = "<ip address=\"`+beyond+`.9\" prefix=\"24\"/>" -> "<ip address=\"`+beyond+`.1\" prefix=\"24\"/>"`, `+ "range" = {`)
	s.apply(c)
	s.settled()
	expect(t, "what libvirt has again", see(), there)
	other := subnet()
	edited(t, "net-dumpxml", "net-define", name, func(root *etree.Element) {
		further := root.CreateElement("ip")
		further.CreateAttr("address", other+".1")
		further.CreateAttr("prefix", "24")
	})
	s.shows(c, `- "ip-2" = {`)
	s.apply(c)
	s.settled()
	expect(t, "a third address", netXML("ip[3]@address")(t, a), "")

	// Other keys are no change of the network.
	was := bridgeNumber(t, s)
	renamed := config{aNetwork: a.with(attrs{"xml": attrs{"others": entries["ip"], "more": entries["range"], "mine": note["note"]}, "domain": attrs{"name": "it.test"}})}
	s.apply(renamed)
	s.settled()
	expect(t, "the bridge after other keys", bridgeNumber(t, s), was)
	s.apply(config{aNetwork: a})
	s.settled()
	expect(t, "what is left", see(), " ")
	s.destroy()
}

func testRawXMLNetworkLive(t *testing.T) {
	t.Parallel()
	a, net := dhcpNetwork(t)
	name := a["name"].(string)
	guest := inNetwork(t, name)
	guest["depends_on"] = []string{aNetwork}
	with := func(entries attrs) config {
		return config{aNetwork: a.with(attrs{"xml": entries}), "libvirt_domain.it": guest}
	}
	s := newStack(t)
	s.apply(with(nil))
	was := bridgeNumber(t, s)
	entries := attrs{"range": element("ip/dhcp", `<range start="`+net+`.30" end="`+net+`.40"/>`)}
	expect(t, "warnings about a range", s.plan(with(entries)).warnings(), "")
	s.applyPlanned()
	s.settled()
	expect(t, "the range", netXML("ip/dhcp/range[2]@start")(t, a), net+".30")
	expect(t, "the bridge after a new range", bridgeNumber(t, s), was)

	beyond := subnet()
	entries = entries.with(attrs{"ip": element("", `<ip address="`+beyond+`.1" prefix="24"/>`)})
	s.says(s.plan(with(entries)).warnings(), []string{`Network "` + name + `" is restarted while guests use it`, guest["name"].(string)})
	s.applyPlanned()
	s.settled()
	expect(t, "the address", netXML("ip[2]@address")(t, a), beyond+".1")
	expect(t, "what the guest is plugged into", plugged(t, guest["name"].(string)), s.state(aNetwork)["bridge"].(string))
	s.destroy()
}

func testRawXMLNetworkRefused(t *testing.T) {
	t.Parallel()
	a, _ := dhcpNetwork(t)
	with := func(e attrs) config { return config{aNetwork: a.with(attrs{"xml": attrs{"odd": e}})} }
	s := newStack(t)
	ignored := `on alpha: libvirt ignored xml["odd"] under <network>`
	s.applyFails(with(element("", "<nosuch/>")), `Unable to define network "`+a["name"].(string)+`"`, ignored, "Correct the element or its 'under', or remove the entry.")
	alpha().lacks(t, "net-info", a["name"].(string))
	if len(s.resources()) != 0 {
		t.Error("it is in the state")
	}
	s.apply(config{aNetwork: a})
	before := alpha().virsh(t, "net-dumpxml", a["name"].(string))
	s.applyFails(with(element("", "<nosuch/>")), ignored)
	s.applyFails(with(element("ip", `<nosuch xmlns="urn:x"/>`)), ignored+"/ip")
	s.applyFails(with(element("", `<ip address="somewhere"/>`)), "Unable to update network", "Invalid address 'somewhere'")
	expect(t, "the network after the failures", alpha().virsh(t, "net-dumpxml", a["name"].(string)), before)
	options := `<dnsmasq:options xmlns:dnsmasq="http://libvirt.org/schemas/network/dnsmasq/1.0"><dnsmasq:option value="no-hosts"/></dnsmasq:options>`
	s.planFails(with(element("", options)), "'element' must not be <dnsmasq:options>, which 'dnsmasq_options' sets; use that attribute")
	s.planFails(with(element("forward", `<driver name="vfio"/>`)), "'under' must be an element that the network has, and <forward> requires 'forward'")
	s.planFails(with(element("", `<x:note/>`)), "'element' must declare its prefixes, got <x:note> without xmlns:x")
	s.planFails(with(element("", `<ip`)), "'element' must be an XML element")
	s.apply(config{aNetwork: a})
	s.settled()
	s.destroy()
}

func testRawXMLPool(t *testing.T) {
	t.Parallel()
	device := loop(t)
	s := newStack(t)
	a := poolAttrs(t, alpha()).with(attrs{"type": "fs", "source": attrs{"devices": []string{device}, "format": "ext4"}, "build": "new"})
	name := a["name"].(string)
	options := func() string {
		for line := range strings.Lines(alpha().inside(t, "cat", "/proc/mounts")) {
			if rest, is := strings.CutPrefix(line, device+" "+a["path"].(string)+" ext4 "); is {
				return rest
			}
		}
		return ""
	}
	with := func(entries attrs) config { return config{aPool: a.with(attrs{"xml": entries})} }
	c := with(attrs{"mount_opts": mountOptions("noatime", "errors=remount-ro")})
	s.apply(c)
	s.settled()
	if got := options(); !strings.Contains(got, "noatime") || !strings.Contains(got, "errors=remount-ro") {
		t.Errorf("it is mounted with %s", got)
	}
	s.importable("build")

	// Two entries can have parts of the same list, and other keys are no change of the pool: it is not restarted, although it is in use.
	alpha().inside(t, "touch", a["path"].(string)+"/it")
	s.apply(with(attrs{"time": mountOptions("noatime"), "errors": mountOptions("errors=remount-ro")}))
	s.settled()
	s.apply(with(attrs{"time": mountOptions("noatime")}))
	s.settled()
	if got := options(); !strings.Contains(got, "noatime") || strings.Contains(got, "errors=remount-ro") {
		t.Errorf("it is mounted with %s", got)
	}

	// What another program takes out or adds is a change of the plan.
	c = with(attrs{"mount_opts": mountOptions("noatime")})
	s.apply(c)
	edited(t, "pool-dumpxml", "pool-define", name, func(root *etree.Element) {
		root.FindElement("mount_opts/option").CreateAttr("name", "nodiratime")
		root.CreateElement("features").CreateElement("cow").CreateAttr("state", "no")
	})
	s.shows(c, `- "mount_opts-2"`, `- "features"`, `+ "mount_opts"`)
	s.apply(c)
	s.settled()
	if got := options(); !strings.Contains(got, "noatime") || strings.Contains(got, "nodiratime") {
		t.Errorf("it is mounted with %s", got)
	}
	s.apply(config{aPool: a})
	s.settled()
	expect(t, "what is left", poolXML(mountOption)(t, a), "")
	s.destroy()
}

func testRawXMLPoolRefused(t *testing.T) {
	t.Parallel()
	a := poolAttrs(t, alpha())
	with := func(e attrs) config { return config{aPool: a.with(attrs{"xml": attrs{"odd": e}})} }
	s := newStack(t)
	s.applyFails(with(element("", "<nosuch/>")), `Unable to define pool "`+a["name"].(string)+`"`, `on alpha: libvirt ignored xml["odd"] under <pool>`)
	alpha().lacks(t, "pool-info", a["name"].(string))
	s.apply(config{aPool: a})
	s.applyFails(with(element("source", "<nosuch/>")), `on alpha: libvirt ignored xml["odd"] under <pool>/source`)
	s.applyFails(with(element("", `<refresh><volume allocation="capacity"/><nosuch/></refresh>`)), `on alpha: libvirt ignored xml["odd"] under <pool>`)
	s.planFails(with(element("", "<capacity>7</capacity>")), "'element' must not be <capacity>, which libvirt sets; remove the entry")
	s.planFails(with(mountOptions("noatime")), `'element' must not be <fs:mount_opts> with 'type' "dir": libvirt has these options for fs and netfs`)
	s.planFails(with(element("target", "<path>/x</path>")), "'element' must not be <path>, which 'path' sets; use that attribute")
	s.planFails(with(element("source", `<host name="a"/>`)), "'element' must not be <host>, which 'source.host' sets; use that attribute")
	s.apply(config{aPool: a})
	s.settled()
	s.destroy()
}

func testRawXMLVolume(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	pool, dir := alpha().pool(t)
	a := attrs{"host": alpha().Name, "pool": pool, "name": "it.qcow2", "capacity": mib}
	entries := attrs{"features": element("target", "<features><lazy_refcounts/></features>"), "compat": element("target", "<compat>1.1</compat>")}
	s.apply(config{aVolume: a.with(attrs{"xml": entries})})
	s.settled()
	info := alpha().inside(t, "qemu-img", "info", dir+"/it.qcow2")
	if !strings.Contains(info, "lazy refcounts: true") {
		t.Errorf("the image is %s", info)
	}
	more := config{aVolume: a.with(attrs{"xml": entries.with(attrs{"size": element("target", `<clusterSize unit="B">131072</clusterSize>`)})})}
	s.says(s.plan(more).warnings(), []string{"keeps its header", "'xml' is only recorded"})
	s.apply(config{aVolume: a.with(attrs{"xml": entries, "capacity": 2 * mib})})
	s.settled()
	s.planFails(config{aVolume: a.with(attrs{"xml": attrs{"odd": element("target", `<format type="raw"/>`)}})}, "'element' must not be <format>, which 'format' sets; use that attribute")
	s.apply(config{})
	s.applyFails(config{aVolume: a.with(attrs{"xml": attrs{"odd": element("target", "<nosuch/>")}})}, `on alpha: libvirt ignored xml["odd"] under <volume>/target`)
	s.destroy()
}
