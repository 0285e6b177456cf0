//go:build acceptance

package acceptance

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

func bridged(t *testing.T, bridge string) attrs {
	t.Helper()
	return attrs{"host": alpha().Name, "name": unique(t), "forward": attrs{"mode": "bridge"}, "bridge": bridge}
}

// ports returns how many ports libvirt knows of a network.
func ports(t *testing.T, network string) int {
	t.Helper()
	return len(strings.Fields(alpha().virsh(t, "net-port-list", network)))
}
func TestNetworkKinds(t *testing.T) {
	t.Parallel()
	t.Run("a network on a bridge of the host", testNetworkHostBridge)
	t.Run("a network on devices of the host", testNetworkDevices)
}

// testNetworkHostBridge asserts that a guest on a bridge of the host keeps its connection through every restart of its network, and moves
// along to another bridge.
func testNetworkHostBridge(t *testing.T) {
	t.Parallel()
	one, two := hostBridge(t), hostBridge(t)
	a := bridged(t, one)
	name := a["name"].(string)
	s := newStack(t)
	g := newLively(t, nil)
	s.apply(config{aNetwork: a})
	s.settled()
	s.importable()
	interfaces := attrs{"interfaces": attrs{"lan": attrs{"network": name}}}
	g.becomes(interfaces, map[string]string{"devices/interface/source@network": name})
	expect(t, "the bridge", g.bridge("lan"), one)

	if o := s.plan(config{aNetwork: a.with(attrs{"isolated": true})}); o.code != 2 || o.warnings() != "" {
		t.Errorf("what no guest notices gives the exit code %d and warns: %s%s", o.code, o.warnings(), o.errors())
	}
	s.apply(config{aNetwork: a.with(attrs{"isolated": true})})
	expect(t, "the bridge", g.bridge("lan"), one)
	expect(t, "its ports", strconv.Itoa(ports(t, name)), "1")

	o := s.plan(config{aNetwork: a.with(attrs{"bridge": two})})
	s.says(o.warnings(), []string{`Network "` + name + `" moves its guests to another bridge`, `"` + g.name() + `"`, "are detached from " + one + " and attached to " + two + "; their links stay up."})
	s.apply(config{aNetwork: a.with(attrs{"bridge": two})})
	expect(t, "the bridge", g.bridge("lan"), two)
	expect(t, "its ports", strconv.Itoa(ports(t, name)), "1")
	alpha().lacks(t, "net-info", name+"-aside")
	g.s.settled()

	// The network changes to a bridge of its own, and back.
	s.apply(config{aNetwork: a.with(attrs{"forward": nil, "bridge": nil})})
	expect(t, "the bridge", g.bridge("lan"), bridgeOf(t, name))
	if own := bridgeOf(t, name); own == two || own == "" {
		t.Errorf("it has %q, which is the host's", own)
	}
	s.settled()
	s.apply(config{aNetwork: a})
	expect(t, "the bridge", g.bridge("lan"), one)
	s.settled()
	g.s.settled()
	g.same()
}

func testNetworkDevices(t *testing.T) {
	t.Parallel()
	one, two, three := wire(t), wire(t), wire(t)
	on := func(names ...string) attrs { return attrs{"forward": attrs{"mode": "bridge", "devices": names}} }
	a := attrs{"host": alpha().Name, "name": unique(t)}.with(on(one))
	name := a["name"].(string)
	s := newStack(t)
	s.apply(config{aNetwork: a})
	s.settled()
	s.importable()
	g := newLively(t, attrs{"interfaces": attrs{"lan": attrs{"network": name}}})
	const nic = "devices/interface/"
	running := func(where string) string { return at(alpha().xml(t, "dumpxml", g.name()), nic+where) }
	expect(t, "the kind", running("@type"), "direct")
	expect(t, "the device", running("source@dev"), one)
	g.becomes(attrs{"interfaces": attrs{"lan": attrs{"network": name, "link": "down"}}}, map[string]string{nic + "source@network": name, nic + "link@state": "down"})

	// Devices are added to the running network: if it were restarted, it would have no ports.
	if o := s.plan(config{aNetwork: a.with(on(one, two))}); o.warnings() != "" {
		t.Errorf("it warns: %s", o.warnings())
	}
	s.apply(config{aNetwork: a.with(on(one, two))})
	s.settled()
	expect(t, "its ports", strconv.Itoa(ports(t, name)), "1")
	// Devices are also removed; a guest stays on the device that it has.
	s.apply(config{aNetwork: a.with(on(two))})
	s.settled()
	expect(t, "the device of the guest that runs", running("source@dev"), one)
	private := a.with(attrs{"forward": attrs{"mode": "private", "devices": []string{three}}})
	o := s.plan(config{aNetwork: private})
	s.says(o.warnings(), []string{`Network "` + name + `" changes for guests that start from now on`, `"` + g.name() + `" stays connected as before until the next start.`})
	s.apply(config{aNetwork: private})
	expect(t, "the device of the guest that runs", running("source@dev"), one)

	lan := alpha().network(t)
	g.s.applyFails(config{aDomain: g.a.with(attrs{"interfaces": attrs{"lan": attrs{"network": lan, "link": "down"}}})},
		`Unable to change interfaces["lan"] of domain "`+g.name()+`"`, "Nothing of it was changed. While a guest runs, an interface goes from bridge to bridge")
	g.same()
}
func TestNetworkPreflight(t *testing.T) {
	t.Parallel()
	t.Run("a bridge or device that the host lacks fails the plan", testNetworkMissingDevice)
}

func testNetworkMissingDevice(t *testing.T) {
	t.Parallel()
	other, net := dhcpNetwork(t)
	first := newStack(t)
	first.apply(config{aNetwork: other})
	s := newStack(t)
	s.planFails(config{aNetwork: bridged(t, "no-such-bridge")}, `alpha has no bridge "no-such-bridge", but `, "create it first, or choose one of these")
	s.planFails(config{aNetwork: {"host": alpha().Name, "name": unique(t), "forward": attrs{"mode": "vepa", "devices": []string{"no-such-dev"}}}}, `alpha has no network device "no-such-dev", but `)
	s.planFails(config{aNetwork: {"host": alpha().Name, "name": unique(t), "ipv4": attrs{"address": net + ".129", "prefix": 25}}},
		fmt.Sprintf("'address' must not overlap with another network, got %s.128/25, which overlaps with %s.0/24 of network %q on alpha; choose another", net, net, other["name"]))
	a := attrs{"host": alpha().Name, "name": unique(t)}
	s.apply(config{aNetwork: a})
	s.planFails(config{aNetwork: a.with(attrs{"ipv4": ipv4(net, nil)})}, "'address' must not overlap with another network")
	s.plan(config{aNetwork: a})
	s.settled()
}
func TestNetworkGuests(t *testing.T) {
	t.Parallel()
	t.Run("wildcards and files are served", testNetworkServes)
	t.Run("a guest gets addresses, names and routes", testNetworkServices)
}

// testNetworkServices checks what a network provides with the host's kernel and with the network's own DNS.
func testNetworkServices(t *testing.T) {
	t.Parallel()
	net := subnet()
	six := fmt.Sprintf("fd00:%x:", serialNumber.Add(1))
	dns := func(hosts attrs) attrs { return attrs{"forward_plain_names": false, "hosts": hosts} }
	a := attrs{"host": alpha().Name, "name": unique(t), "mtu": 1400, "mac": "52:54:00:aa:07:01", "forward": attrs{"mode": "route"}, "domain": attrs{"name": "it.test", "local_only": true},
		"ipv4": ipv4(net, attrs{"start": net + ".10", "end": net + ".20", "lease_time": 600}),
		"ipv6": attrs{"address": six + ":1", "prefix": 64, "dhcp": attrs{"start": six + ":10", "end": six + ":20"}},
		"dns":  dns(attrs{net + ".60": attrs{"names": []string{"one", "uno"}}}), "routes": attrs{"10.98.0.0/16": attrs{"gateway": net + ".2", "metric": 7}}}
	s := newStack(t)
	s.apply(config{aNetwork: a})
	s.settled()
	s.importable()
	bridge := bridgeOf(t, a["name"].(string))
	link := alpha().ip(t, "-oneline", "link", "show", "dev", bridge)
	for _, want := range []string{" mtu 1400 ", "52:54:00:aa:07:01"} {
		s.says(link, []string{want})
	}
	s.says(alpha().ip(t, "-oneline", "addr", "show", "dev", bridge), []string{net + ".1/24", six + ":1/64"})
	s.says(alpha().ip(t, "route", "show", "10.98.0.0/16"), []string{"via " + net + ".2 dev " + bridge, "metric 7"})

	asks := func(name, address string, answered bool) {
		t.Helper()
		if got := resolves(t, net+".1", name, netip.MustParseAddr(address)); got != answered {
			t.Errorf("%s is %s: %v, want %v", name, address, got, answered)
		}
	}
	asks("uno.it.test", net+".60", true)
	asks("two.it.test", net+".61", false)
	pid := dnsmasq(t, a["name"].(string))
	a = a.with(attrs{"dns": dns(attrs{net + ".61": attrs{"names": []string{"two"}}})})
	if o := s.plan(config{aNetwork: a}); o.warnings() != "" {
		t.Errorf("it warns: %s", o.warnings())
	}
	s.apply(config{aNetwork: a})
	s.settled()
	eventually(t, "a name that is new", func() bool { return resolves(t, net+".1", "two.it.test", netip.MustParseAddr(net+".61")) })
	asks("uno.it.test", net+".60", false)
	expect(t, "the process that answers", dnsmasq(t, a["name"].(string)), pid)

	// Port groups and reservations of both families also change in place: the bridge stays the same.
	index := alpha().onNetFile(t, "/sys/class/net/"+bridge+"/ifindex")
	a = a.with(attrs{"portgroups": attrs{"eng": attrs{"default": true}},
		"ipv6": attrs{"address": six + ":1", "prefix": 64, "dhcp": attrs{"start": six + ":10", "end": six + ":30", "hosts": attrs{"web": attrs{"ip": six + ":50"}}}}})
	s.apply(config{aNetwork: a})
	s.settled()
	expect(t, "the bridge", alpha().onNetFile(t, "/sys/class/net/"+bridge+"/ifindex"), index)
	s.destroy()
}

func (h *labHost) onNetFile(t *testing.T, path string) string {
	t.Helper()
	return strings.TrimSpace(h.inside(t, "cat", path))
}

// dnsmasq returns the ID of the process that serves a network.
func dnsmasq(t *testing.T, network string) string {
	t.Helper()
	return strings.TrimSpace(alpha().inside(t, "cat", "/run/libvirt/network/"+network+".pid"))
}

// testNetworkServes asserts that names of a wildcard are answered and files are served, on each kind of host.
func testNetworkServes(t *testing.T) {
	t.Parallel()
	a, net := dhcpNetwork(t)
	root := directory(t)
	a = a.with(attrs{"dnsmasq_options": []string{"address=/apps.it.test/" + net + ".60"}})
	serving := a.with(attrs{"ipv4": a["ipv4"].(attrs).with(attrs{"tftp_root": root})})
	s := newStack(t)
	s.planFails(config{aNetwork: serving}, "'tftp_root' must be a directory that exists on alpha, got \""+root+"\"; create it first, or choose another")
	if err := os.MkdirAll(alpha().path(root), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(alpha().path(root+"/boot.ipxe"), []byte("#!ipxe\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	s.apply(config{aNetwork: serving})
	s.settled()
	address := netip.MustParseAddr(net + ".60")
	for _, name := range []string{"one.apps.it.test", "two.b.apps.it.test"} {
		eventually(t, name, func() bool { return resolves(t, net+".1", name, address) })
	}
	got, err := alpha().onNet(t, "curl", "--silent", "--show-error", "--max-time", "20", "tftp://"+net+".1/boot.ipxe")
	if err != nil || got != "#!ipxe" {
		t.Errorf("by TFTP: %q, %v", got, err)
	}
	// What another program adds is a change, and goes.
	name := a["name"].(string)
	root1 := alpha().xml(t, "net-dumpxml", name, "--inactive")
	for _, el := range root1.ChildElements() {
		if el.Tag == "options" {
			el.CreateElement("dnsmasq:option").CreateAttr("value", "no-hosts")
		}
	}
	alpha().define(t, "net-define", indented(t, root1))
	s.shows(s.last, `"no-hosts"`)
	s.applyPlanned()
	s.settled()
	// Another address, and then none.
	moved := serving.with(attrs{"dnsmasq_options": []string{"address=/apps.it.test/" + net + ".61"}})
	s.apply(config{aNetwork: moved})
	eventually(t, "the other address", func() bool { return resolves(t, net+".1", "one.apps.it.test", netip.MustParseAddr(net+".61")) })
	s.apply(config{aNetwork: serving.with(attrs{"dnsmasq_options": nil})})
	s.settled()
	if resolves(t, net+".1", "one.apps.it.test", netip.MustParseAddr(net+".61")) {
		t.Error("the wildcard is still answered")
	}
	s.destroy()
}

// resolves asks a server on alpha's networks for a name, and reports whether the answer has the address.
func resolves(t *testing.T, server, name string, want netip.Addr) bool {
	t.Helper()
	query := []byte{0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0} // RFC 1035, 4.1.1: one question, recursion desired
	for label := range strings.SplitSeq(name, ".") {
		query = append(append(query, byte(len(label))), label...)
	}
	query = binary.BigEndian.AppendUint16(append(query, 0), 1) // A
	query = binary.BigEndian.AppendUint16(query, 1)            // IN
	ask := exec.Command("nsenter", "--net", "--target", strconv.Itoa(libvirtd(t, alpha())), "bash", "-c",
		`exec 3<>"/dev/udp/$0/53"; dd bs=512 count=1 status=none >&3; timeout 5 dd bs=512 count=1 status=none <&3`, server)
	ask.Stdin = bytes.NewReader(query)
	answer, err := ask.Output()
	if err != nil {
		t.Logf("asking %s: %v", server, err)
		return false
	}
	return bytes.Contains(answer, want.AsSlice())
}
func TestNetworkImport(t *testing.T) {
	t.Parallel()
	t.Run("a network that another tool defined is imported", testNetworkImport)
}

// testNetworkImport imports networks as libvirt, virt-manager and people define them.
func testNetworkImport(t *testing.T) {
	t.Parallel()
	net, bridge, dev := subnet(), hostBridge(t), wire(t)
	six := fmt.Sprintf("fd00:%x:", serialNumber.Add(1))
	mine := func() attrs {
		return attrs{"host": alpha().Name, "name": unique(t), "autostart": false, "active": false}
	}
	// https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/network/default.xml.in, as Debian's package writes it
	standard, own, wide, tap := mine(), mine(), mine(), mine()
	for xml, a := range map[string]attrs{
		"<network><name>%s</name><bridge name='kfdef" + fmt.Sprint(serialNumber.Add(1)) + "'/><forward><nat><port start='1024' end='65535'/></nat></forward><ip address='" + net + ".1' netmask='255.255.255.0'><dhcp><range start='" + net + ".2' end='" + net + ".254'/></dhcp></ip></network>": standard,
		"<network><name>%s</name><forward mode='bridge'/><bridge name='" + bridge + "'/></network>":                                                                                                                                      own,
		"<network><name>%s</name><forward mode='route' dev='" + dev + "'/><domain name='a.test'/><ip family='ipv6' address='" + six + ":1' prefix='64'><dhcp><range start='" + six + ":10' end='" + six + ":ff'/></dhcp></ip></network>": wide,
		"<network><name>%s</name><forward dev='" + dev + "' mode='vepa'><interface dev='" + dev + "'/></forward></network>":                                                                                                              tap,
	} {
		name := a["name"].(string)
		alpha().define(t, "net-define", fmt.Sprintf(xml, name))
		t.Cleanup(func() { alpha().virsh(t, "net-undefine", name) })
	}
	c := config{
		"libvirt_network.standard": standard.with(attrs{"forward": attrs{"mode": "nat"}, "ipv4": ipv4(net, attrs{"start": net + ".2", "end": net + ".254"})}),
		"libvirt_network.own":      own.with(attrs{"forward": attrs{"mode": "bridge"}, "bridge": bridge}),
		"libvirt_network.wide": wide.with(attrs{"forward": attrs{"mode": "route", "devices": []string{dev}}, "domain": attrs{"name": "a.test"},
			"ipv6": attrs{"address": six + ":1", "prefix": 64, "dhcp": attrs{"start": six + ":10", "end": six + ":ff"}}}),
		"libvirt_network.tap": tap.with(attrs{"forward": attrs{"mode": "vepa", "devices": []string{dev}}}),
	}
	var imports []attrs
	for address, a := range c {
		imports = append(imports, attrs{"to": address, "id": "alpha/" + a["name"].(string)})
	}
	s := newStack(t)
	s.write(c, attrs{"import": imports})
	o := s.run("plan", "-json", "-out=plan")
	if text := s.planned(); o.code != 0 || !strings.Contains(text, "Plan: 4 to import, 0 to add, 0 to change, 0 to destroy.") {
		t.Errorf("%s%s", o.errors(), text)
	}
}
