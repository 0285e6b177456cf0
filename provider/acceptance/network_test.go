//go:build acceptance

package acceptance

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/network"
)

const aNetwork = "libvirt_network.it"

// netXML returns a function that reads a place in the running network and in its definition. A change that reached only one of them shows.
func netXML(where string) func(*testing.T, attrs) string {
	return func(t *testing.T, a attrs) string {
		t.Helper()
		live, defined := dump("net-dumpxml", where)(t, a), dump("net-dumpxml", where, "--inactive")(t, a)
		if live != defined {
			return fmt.Sprintf("running %q, defined %q", live, defined)
		}
		return live
	}
}

// dhcpNetwork returns a network in a subnet of its own, with DHCP.
func dhcpNetwork(t *testing.T) (a attrs, net string) {
	t.Helper()
	net = subnet()
	return attrs{"host": alpha().Name, "name": unique(t), "ipv4": ipv4(net, attrs{"start": net + ".10", "end": net + ".20"})}, net
}

func ipv4(net string, dhcp attrs) attrs {
	a := attrs{"address": net + ".1", "prefix": 24}
	if dhcp != nil {
		a["dhcp"] = dhcp
	}
	return a
}

func TestNetworkUpdates(t *testing.T) {
	t.Parallel()
	const mac = "52:54:00:aa:00:01"
	net := func() (string, attrs) { n := subnet(); return n, attrs{"start": n + ".10", "end": n + ".20"} }
	addressNet, _ := net()
	prefixNet, _ := net()
	groupNet, _ := net()
	dhcpNet, dhcp := net()
	startNet, start := net()
	endNet, end := net()
	hostsNet, hosts := net()
	ipNet, ip := net()
	nameNet, name := net()
	reserved := func(net string, dhcp attrs, entry attrs) attrs {
		return attrs{"ipv4": ipv4(net, dhcp.with(attrs{"hosts": attrs{mac: entry}}))}
	}
	kept := func(net string) attrs { return attrs{"hosts": attrs{mac: attrs{"ip": net + ".7"}}} }
	bridge := fmt.Sprintf("kf%d", serialNumber.Add(1))
	first, second := unique(t), unique(t)
	entry := netXML("ip/dhcp/host[@mac='" + mac + "']@ip")
	base := func(name string) attrs { return attrs{"host": alpha().Name, "name": name} }

	cases := map[string]update{
		"host":   {see: info("net-info", "Active"), steps: []step{{nil, "yes"}, {attrs{"host": beta().Name}, "yes"}}},
		"name":   {see: info("net-info", "Active"), steps: []step{{attrs{"name": first}, "yes"}, {attrs{"name": second}, "yes"}}},
		"bridge": {see: netXML("bridge@name"), steps: []step{{attrs{"bridge": bridge + "a"}, bridge + "a"}, {attrs{"bridge": bridge + "b"}, bridge + "b"}, {nil, bridge + "b"}}},
		"ipv4": {see: netXML("ip@address"), actions: []string{"update", "update"}, steps: []step{
			{nil, ""}, {attrs{"ipv4": ipv4(groupNet, nil)}, groupNet + ".1"}, {nil, ""}}},
		"ipv4.address": {see: netXML("ip@address"), steps: []step{
			{attrs{"ipv4": attrs{"address": addressNet + ".1", "prefix": 24}}, addressNet + ".1"},
			{attrs{"ipv4": attrs{"address": addressNet + ".2", "prefix": 24}}, addressNet + ".2"}}},
		"ipv4.prefix": {see: netXML("ip@prefix"), steps: []step{
			{attrs{"ipv4": attrs{"address": prefixNet + ".1", "prefix": 24}}, "24"}, {attrs{"ipv4": attrs{"address": prefixNet + ".1", "prefix": 25}}, "25"}}},
		"ipv4.dhcp": {see: netXML("ip/dhcp/range@start"), actions: []string{"update", "update"}, steps: []step{
			{attrs{"ipv4": ipv4(dhcpNet, nil)}, ""}, {attrs{"ipv4": ipv4(dhcpNet, dhcp)}, dhcpNet + ".10"}, {attrs{"ipv4": ipv4(dhcpNet, nil)}, ""}}},
		"ipv4.dhcp.start": {see: netXML("ip/dhcp/range@start"), steps: []step{
			{attrs{"ipv4": ipv4(startNet, start)}, startNet + ".10"}, {attrs{"ipv4": ipv4(startNet, start.with(attrs{"start": startNet + ".5"}))}, startNet + ".5"},
			{attrs{"ipv4": ipv4(startNet, kept(startNet))}, ""}}},
		"ipv4.dhcp.end": {see: netXML("ip/dhcp/range@end"), steps: []step{
			{attrs{"ipv4": ipv4(endNet, end)}, endNet + ".20"}, {attrs{"ipv4": ipv4(endNet, end.with(attrs{"end": endNet + ".30"}))}, endNet + ".30"},
			{attrs{"ipv4": ipv4(endNet, kept(endNet))}, ""}}},
		"ipv4.dhcp.hosts": {see: entry, actions: []string{"update", "update"}, steps: []step{
			{attrs{"ipv4": ipv4(hostsNet, hosts)}, ""}, {reserved(hostsNet, hosts, attrs{"ip": hostsNet + ".7"}), hostsNet + ".7"}, {attrs{"ipv4": ipv4(hostsNet, hosts)}, ""}}},
		"ipv4.dhcp.hosts.ip": {see: entry, steps: []step{
			{reserved(ipNet, ip, attrs{"ip": ipNet + ".7"}), ipNet + ".7"}, {reserved(ipNet, ip, attrs{"ip": ipNet + ".8"}), ipNet + ".8"}}},
		"ipv4.dhcp.hosts.name": {see: netXML("ip/dhcp/host@name"), steps: []step{
			{reserved(nameNet, name, attrs{"ip": nameNet + ".7"}), ""}, {reserved(nameNet, name, attrs{"ip": nameNet + ".7", "name": "web"}), "web"},
			{reserved(nameNet, name, attrs{"ip": nameNet + ".7", "name": "db"}), "db"}, {reserved(nameNet, name, attrs{"ip": nameNet + ".7"}), ""}}},
		"autostart": {see: info("net-info", "Autostart"), steps: []step{{nil, "yes"}, {attrs{"autostart": false}, "no"}, {nil, "yes"}}},
		"active":    {see: info("net-info", "Active"), steps: []step{{nil, "yes"}, {attrs{"active": false}, "no"}, {nil, "yes"}}},
	}
	for _, more := range []map[string]update{networkLinkUpdates(t), networkAddressUpdates(), networkGroupUpdates(t)} {
		maps.Copy(cases, more)
	}
	updates(t, network.Table, base, cases)
	alpha().lacks(t, "net-info", first)
	alpha().lacks(t, "net-info", second)
}
func TestNetworkCreate(t *testing.T) {
	t.Parallel()
	t.Run("virsh shows what was configured", testNetworkCreated)
	t.Run("an existing network is not taken over", testNetworkExisting)
	t.Run("a network that can't start is tainted and replaced", testNetworkStartFails)
	t.Run("networks that are created at the same time get different bridges", testNetworkBridges)
}

func testNetworkCreated(t *testing.T) {
	t.Parallel()
	nat, net := dhcpNetwork(t)
	nat["forward"] = attrs{"mode": "nat"}
	isolated := attrs{"host": alpha().Name, "name": unique(t)}
	s := newStack(t)
	s.apply(config{aNetwork: nat, "libvirt_network.isolated": isolated})
	s.settled()

	xml := alpha().xml(t, "net-dumpxml", nat["name"].(string))
	expect(t, "uuid", at(xml, "uuid"), s.state(aNetwork)["uuid"].(string))
	expect(t, "bridge", at(xml, "bridge@name"), s.state(aNetwork)["bridge"].(string))
	expect(t, "mode", at(xml, "forward@mode"), "nat")
	expect(t, "address", at(xml, "ip@address")+"/"+at(xml, "ip@prefix"), net+".1/24")
	expect(t, "range", at(xml, "ip/dhcp/range@start")+"-"+at(xml, "ip/dhcp/range@end"), net+".10-"+net+".20")
	expect(t, "isolation", at(alpha().xml(t, "net-dumpxml", isolated["name"].(string)), "forward?"), "false")

	s.importable()
	s.destroy()
	alpha().lacks(t, "net-info", nat["name"].(string))
	alpha().lacks(t, "net-info", isolated["name"].(string))
}
func TestNetworkDrift(t *testing.T) {
	t.Parallel()
	t.Run("changes outside Terraform are shown and reverted", testNetworkChangedOutside)
}

func testNetworkChangedOutside(t *testing.T) {
	t.Parallel()
	a, net := dhcpNetwork(t)
	name := a["name"].(string)
	dhcp := a["ipv4"].(attrs)["dhcp"].(attrs)
	dhcp["hosts"] = attrs{"52:54:00:bb:00:01": attrs{"ip": net + ".5", "name": "web"}}
	s, c := newStack(t), config{aNetwork: a}
	s.apply(c)

	alpha().virsh(t, "net-update", name, "delete", "ip-dhcp-host", "<host mac='52:54:00:bb:00:01'/>", "--live", "--config")
	alpha().virsh(t, "net-update", name, "add", "ip-dhcp-host", "<host mac='52:54:00:bb:00:02' ip='"+net+".6'/>", "--live", "--config")
	s.shows(c, `+ "52:54:00:bb:00:01" = {`, `- "52:54:00:bb:00:02" = {`, "0 to add, 1 to change, 0 to destroy")
	s.apply(c)
	expect(t, "the entry that was taken away", netXML("ip/dhcp/host[@mac='52:54:00:bb:00:01']@ip")(t, a), net+".5")
	expect(t, "the entry that was added", netXML("ip/dhcp/host[@mac='52:54:00:bb:00:02']?")(t, a), "false")
	s.settled()

	alpha().virsh(t, "net-destroy", name)
	alpha().virsh(t, "net-autostart", name, "--disable")
	s.shows(c, "~ active = false -> true", "~ autostart = false -> true", "0 to add, 1 to change, 0 to destroy")
	s.apply(c)
	expect(t, "active", info("net-info", "Active")(t, a), "yes")
	expect(t, "autostart", info("net-info", "Autostart")(t, a), "yes")
	s.settled()

	alpha().virsh(t, "net-destroy", name)
	alpha().virsh(t, "net-undefine", name)
	s.shows(c, "1 to add, 0 to change, 0 to destroy")
	s.apply(c)
	s.settled()
}

func testNetworkExisting(t *testing.T) {
	t.Parallel()
	name := unique(t)
	alpha().define(t, "net-define", "<network><name>"+name+"</name></network>")
	t.Cleanup(func() { alpha().virsh(t, "net-undefine", name) })
	before := alpha().virsh(t, "net-dumpxml", name)

	s := newStack(t)
	s.applyFails(config{aNetwork: {"host": alpha().Name, "name": name}}, `Unable to create network "`+name+`"`,
		`alpha already has a network "`+name+`"`, "terraform import ADDRESS alpha/"+name)
	expect(t, "the network that was there", alpha().virsh(t, "net-dumpxml", name), before)
	if len(s.resources()) != 0 {
		t.Error("it is in the state")
	}
}

// takenByHost returns a subnet in which the host itself has an address: a network with an address in it can be defined, but not started.
func takenByHost(t *testing.T) (net string) {
	t.Helper()
	net = subnet()
	alpha().ip(t, "addr", "add", net+".1/24", "dev", hostBridge(t))
	return net
}

func testNetworkStartFails(t *testing.T) {
	t.Parallel()
	net := takenByHost(t)
	s := newStack(t)
	a := attrs{"host": alpha().Name, "name": unique(t), "ipv4": ipv4(net, nil)}
	s.applyFails(config{aNetwork: a}, `Unable to start network "`+a["name"].(string)+`"`, "on alpha ("+alpha().URI+")")
	if s.state(aNetwork)["tainted"] != true {
		t.Error("it is not marked to be made again")
	}
	a["ipv4"] = ipv4(subnet(), nil)
	s.apply(config{aNetwork: a})
	expect(t, "active", info("net-info", "Active")(t, a), "yes")
	s.settled()
}
func TestNetworkUpdate(t *testing.T) {
	t.Parallel()
	t.Run("a change that libvirt rejects changes nothing", testNetworkRejectedChange)
}

func testNetworkRejectedChange(t *testing.T) {
	t.Parallel()
	a, net := dhcpNetwork(t)
	s := newStack(t)
	dhcp := a["ipv4"].(attrs)["dhcp"].(attrs)
	dhcp["hosts"] = attrs{"52:54:00:cc:00:01": attrs{"ip": net + ".5"}, "52:54:00:cc:00:02": attrs{"ip": net + ".6"}}
	s.apply(config{aNetwork: a})
	name := a["name"].(string)
	running, defined := alpha().virsh(t, "net-dumpxml", name), alpha().virsh(t, "net-dumpxml", name, "--inactive")

	// libvirt removes the first entry and adds the third before it refuses the fourth, whose address is taken.
	changed := dhcp.with(attrs{"hosts": attrs{"52:54:00:cc:00:02": attrs{"ip": net + ".6"}, "52:54:00:cc:00:03": attrs{"ip": net + ".7"}, "52:54:00:cc:00:04": attrs{"ip": net + ".6"}}})
	s.applyFails(config{aNetwork: a.with(attrs{"ipv4": ipv4(net, changed)})}, `Unable to update network "`+name+`"`, net+".6")
	expect(t, "the running network", sortedLines(alpha().virsh(t, "net-dumpxml", name)), sortedLines(running))
	expect(t, "its definition", sortedLines(alpha().virsh(t, "net-dumpxml", name, "--inactive")), sortedLines(defined))
	s.last = config{aNetwork: a}
	s.settled()
}

// sortedLines sorts the lines of XML, to compare it without order: an entry that was removed and added again comes last.
func sortedLines(xml string) string {
	lines := strings.Split(xml, "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func testNetworkBridges(t *testing.T) {
	t.Parallel()
	s, c := newStack(t), config{}
	for i := range 8 {
		c[fmt.Sprintf("libvirt_network.n%d", i)] = attrs{"host": alpha().Name, "name": unique(t)}
	}
	s.apply(c)
	owner := map[string]string{}
	for address, a := range c {
		bridge := netXML("bridge@name")(t, a)
		if other := owner[bridge]; other != "" {
			t.Errorf("%s and %s are both on %s", other, address, bridge)
		}
		owner[bridge] = address
	}
}

// inNetwork returns a running domain with an interface in a network.
func inNetwork(t *testing.T, network string) attrs {
	t.Helper()
	return domainAttrs(t, alpha()).with(attrs{"interfaces": attrs{"lan": attrs{"network": network}}})
}

// unchanged asserts that do leaves a network as it was.
func unchanged(t *testing.T, name string, do func()) {
	t.Helper()
	running, defined := alpha().virsh(t, "net-dumpxml", name), alpha().virsh(t, "net-dumpxml", name, "--inactive")
	do()
	expect(t, "the running network", alpha().virsh(t, "net-dumpxml", name), running)
	expect(t, "its definition", alpha().virsh(t, "net-dumpxml", name, "--inactive"), defined)
}

// plugged returns the bridge that a running domain's interface is really attached to.
func plugged(t *testing.T, domain string) string {
	t.Helper()
	return plug(t, at(alpha().xml(t, "dumpxml", domain), "devices/interface/target@dev"))
}

func plug(t *testing.T, device string) string {
	t.Helper()
	return filepath.Base(strings.TrimSpace(alpha().inside(t, "readlink", "/sys/class/net/"+device+"/master")))
}
func TestNetworkRestart(t *testing.T) {
	t.Parallel()
	t.Run("running guests stay attached", testNetworkRestart)
	t.Run("a restart that broke off is completed by the next apply", testNetworkRestartBrokenOff)
	t.Run("a network that can't start again keeps its old definition", testNetworkRestartFails)
}

func testNetworkRestart(t *testing.T) {
	t.Parallel()
	a, net := dhcpNetwork(t)
	name := a["name"].(string)
	guest, paused := inNetwork(t, name), inNetwork(t, name)
	guest["depends_on"], paused["depends_on"] = []string{aNetwork}, []string{aNetwork}
	all := func(n attrs) config {
		return config{aNetwork: n, "libvirt_domain.it": guest, "libvirt_domain.paused": paused}
	}
	s := newStack(t)
	s.apply(all(a))
	alpha().virsh(t, "suspend", paused["name"].(string))
	uuid, device := s.state(aNetwork)["uuid"], at(alpha().xml(t, "dumpxml", guest["name"].(string)), "devices/interface/target@dev")

	bridge := fmt.Sprintf("kf%d", serialNumber.Add(1))
	changed := a.with(attrs{"forward": attrs{"mode": "nat"}, "domain": attrs{"name": "it.test"}, "bridge": bridge, "ipv4": ipv4(net, attrs{"start": net + ".30", "end": net + ".40"})})
	o := s.plan(config{aNetwork: changed, "libvirt_domain.it": guest, "libvirt_domain.paused": paused})
	s.says(o.warnings(), []string{`Network "` + name + `" is restarted while guests use it`, "The traffic of ", guest["name"].(string), "their links stay up."})
	o = s.run("apply", "-auto-approve", "-json")
	if o.code != 0 {
		t.Fatal(o.errors())
	}
	expect(t, "mode", netXML("forward@mode")(t, a), "nat")
	expect(t, "domain", netXML("domain@name")(t, a), "it.test")
	expect(t, "uuid", s.state(aNetwork)["uuid"].(string), uuid.(string))
	for _, g := range []attrs{guest, paused} {
		expect(t, "what the guest is plugged into", plugged(t, g["name"].(string)), bridge)
		expect(t, "the network of its interface", at(alpha().xml(t, "dumpxml", g["name"].(string)), "devices/interface/source@network"), name)
	}
	expect(t, "the guest's device", at(alpha().xml(t, "dumpxml", guest["name"].(string)), "devices/interface/target@dev"), device)
	alpha().lacks(t, "net-info", name+"-aside")
	s.settled()
	s.destroy()
}

func testNetworkRestartBrokenOff(t *testing.T) {
	t.Parallel()
	a, _ := dhcpNetwork(t)
	name := a["name"].(string)
	guest := inNetwork(t, name)
	guest["depends_on"] = []string{aNetwork}
	c := config{aNetwork: a, "libvirt_domain.it": guest}
	s := newStack(t)
	s.apply(c)
	s.settled()
	aside := fmt.Sprintf("<network><name>%s-aside</name><bridge name='kf%d'/></network>", name, serialNumber.Add(1))
	alpha().define(t, "net-create", aside)
	live := alpha().xml(t, "dumpxml", guest["name"].(string))
	file := filepath.Join(t.TempDir(), "interface.xml")
	interfaceXML := fmt.Sprintf("<interface type='network'><mac address='%s'/><source network='%s-aside'/><model type='virtio'/></interface>",
		at(live, "devices/interface/mac@address"), name)
	if err := os.WriteFile(file, []byte(interfaceXML), 0o600); err != nil {
		t.Fatal(err)
	}
	alpha().virsh(t, "update-device", guest["name"].(string), file, "--live")
	alpha().virsh(t, "net-destroy", name)

	s.shows(c, "~ active = false -> true", `-aside" -> "`, "0 to add, 2 to change, 0 to destroy")
	s.apply(c)
	s.settled()
	expect(t, "what the guest is plugged into", plugged(t, guest["name"].(string)), netXML("bridge@name")(t, a))
	alpha().lacks(t, "net-info", name+"-aside")
	s.destroy()
}
func TestNetworkDestroy(t *testing.T) {
	t.Parallel()
	t.Run("a network that guests use is not destroyed", testNetworkInUse)
}

func testNetworkInUse(t *testing.T) {
	t.Parallel()
	a, _ := dhcpNetwork(t)
	a["bridge"] = fmt.Sprintf("kf%d", serialNumber.Add(1))
	name := a["name"].(string)
	guest := inNetwork(t, name)
	guest["depends_on"] = []string{aNetwork}
	both := func(n attrs) config { return config{aNetwork: n, "libvirt_domain.it": guest} }
	s := newStack(t)
	s.apply(both(a))
	used := `network "` + name + `" is used by running guests: "` + guest["name"].(string) + `"`
	unchanged(t, name, func() {
		s.applyFails(both(a.with(attrs{"domain": attrs{"name": "it.test"}, "active": false})), `Unable to update network "`+name+`"`, used,
			"Nothing was changed: the change requires a restart of the network, which would disconnect these guests.")
	})
	// A guest whose definition names the bridge stays attached while the network has that bridge.
	onBridge := strangerOnBridge(t, a["bridge"].(string))
	unchanged(t, name, func() {
		other := both(a.with(attrs{"bridge": fmt.Sprintf("kf%d", serialNumber.Add(1))}))
		s.says(s.plan(other).warnings(), []string{"cannot be changed while guests use its bridge", onBridge})
		s.applyFails(other, `Unable to update network "`+name+`"`, `bridge `+a["bridge"].(string)+` of the network is named by interfaces of "`+onBridge+`"`,
			"Nothing was changed: the change removes this bridge, and the interfaces do not follow.")
	})
	a["domain"] = attrs{"name": "it.test"}
	s.apply(both(a))
	for _, g := range []string{guest["name"].(string), onBridge} {
		expect(t, "what "+g+" is plugged into", plugged(t, g), a["bridge"].(string))
	}
	alpha().lacks(t, "net-info", name+"-aside")
	alpha().virsh(t, "destroy", onBridge)
	// A paused guest uses the network too.
	alpha().virsh(t, "suspend", guest["name"].(string))
	unchanged(t, name, func() {
		s.applyFails(config{"libvirt_domain.it": guest.with(attrs{"depends_on": nil})}, `Unable to destroy network "`+name+`"`,
			used, "Nothing was changed. Stop these guests")
	})
	s.apply(both(a))
	s.destroy()
}

func testNetworkRestartFails(t *testing.T) {
	t.Parallel()
	net := takenByHost(t)
	a, _ := dhcpNetwork(t)
	a["autostart"] = false
	name := a["name"].(string)
	s := newStack(t)
	s.apply(config{aNetwork: a})
	unchanged(t, name, func() {
		s.applyFails(config{aNetwork: a.with(attrs{"ipv4": ipv4(net, nil)})}, `Unable to update network "`+name+`"`)
	})
	s.shows(config{aNetwork: a.with(attrs{"domain": attrs{"name": "it.test"}})}, "0 to add, 1 to change, 0 to destroy")
}
