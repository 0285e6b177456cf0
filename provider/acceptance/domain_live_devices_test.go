//go:build acceptance

package acceptance

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// lively is a guest that runs through a whole test, on a machine type that hot-plugs devices without ports prepared for them.
type lively struct {
	t     *testing.T
	s     *stack
	a     attrs
	disks attrs
	run   string
}

// newLively starts a guest that greets on its serial port. Beside its disk it has an empty drive that is not hot-plugged.
func newLively(t *testing.T, more attrs) *lively {
	t.Helper()
	a := talkingGuest(t).with(attrs{"machine": "pc", "shutdown": attrs{"timeout": 0}}).with(more)
	g := &lively{t: t, s: newStack(t), disks: a["disks"].(attrs).with(attrs{"sda": attrs{"device": "cdrom", "bus": "sata", "format": "raw"}})}
	g.a = a.with(attrs{"disks": g.disks})
	g.s.apply(config{aDomain: g.a})
	booted(t, g.a)
	g.s.settled()
	g.run = alpha().virsh(t, "domid", g.name())
	return g
}

func (g *lively) name() string { return g.a["name"].(string) }

// file creates an image next to the guest's own.
func (g *lively) file(name string) string {
	g.t.Helper()
	onHost := filepath.Join(filepath.Dir(g.a["serial"].(attrs)["log_file"].(string)), name)
	if err := os.WriteFile(alpha().path(onHost), bootSector, 0o600); err != nil {
		g.t.Fatal(err)
	}
	return onHost
}

// becomes applies changes whose plan must not warn that something waits. It then checks that the running guest and the definition both have
// the wanted values.
func (g *lively) becomes(changes attrs, want map[string]string) {
	g.t.Helper()
	g.a = g.a.with(changes)
	c := config{aDomain: g.a}
	if o := g.s.plan(c); o.warnings() != "" || o.code != 2 {
		g.t.Errorf("a live change gives the exit code %d and warns: %s%s", o.code, o.warnings(), o.errors())
	}
	g.s.apply(c)
	g.s.settled()
	g.sees(want)
}

func (g *lively) sees(want map[string]string) {
	g.t.Helper()
	running, defined := alpha().xml(g.t, "dumpxml", g.name()), definition(g.t, g.a)
	for where, is := range want {
		expect(g.t, where+" of the running guest", at(running, where), is)
		expect(g.t, where+" in the definition", at(defined, where), is)
	}
}

// same asserts that the guest still has the same run and has started once.
func (g *lively) same() {
	g.t.Helper()
	expect(g.t, "the run", alpha().virsh(g.t, "domid", g.name()), g.run)
	text, err := os.ReadFile(alpha().path(g.a["serial"].(attrs)["log_file"].(string)))
	if err != nil {
		g.t.Fatal(err)
	}
	digits, once := strings.CutPrefix(string(text), greeting)
	for i := range len(digits) {
		once = once && digits[i] == "0123456789"[i%10]
	}
	if !once {
		g.t.Errorf("the guest was interrupted; it counted %s", text)
	}
}

// shapes reports whether the host's kernel can limit a bandwidth the way libvirt asks it to.
// https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/util/virnetdevbandwidth.c
func (h *labHost) shapes(t *testing.T, bridge string) bool {
	t.Helper()
	if out, err := h.onNet(t, "tc", "qdisc", "add", "dev", bridge, "root", "sfq"); err != nil {
		t.Logf("bandwidth is not tried: this machine has no sfq: %s", out)
		return false
	}
	return true
}

// value returns the value of one line in a list that virsh prints.
func value(list, name string) string {
	for line := range strings.Lines(list) {
		if label, v, _ := strings.Cut(line, ":"); strings.TrimSpace(label) == name {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

// onNet runs a program in the host's network namespace.
func (h *labHost) onNet(t *testing.T, args ...string) (string, error) {
	t.Helper()
	out, err := exec.Command("nsenter", append([]string{"--net", "--target", strconv.Itoa(libvirtd(t, h))}, args...)...).CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

// bridge returns the bridge that an interface of the guest is attached to, according to the host's kernel.
func (g *lively) bridge(key string) string {
	g.t.Helper()
	tap := at(alpha().xml(g.t, "dumpxml", g.name()), "devices/interface/alias[@name='ua-"+key+"']/../target@dev")
	out, err := alpha().onNet(g.t, "ip", "-oneline", "link", "show", "dev", tap)
	if err != nil {
		g.t.Fatalf("%v: %s", err, out)
	}
	_, after, _ := strings.Cut(out, " master ")
	master, _, _ := strings.Cut(after, " ")
	return master
}

func bridgeOf(t *testing.T, network string) string {
	t.Helper()
	return at(alpha().xml(t, "net-dumpxml", network), "bridge@name")
}

func testDisksLive(t *testing.T) {
	t.Parallel()
	g := newLively(t, nil)
	tune := func(name string) string { return value(alpha().virsh(t, "blkdeviotune", g.name(), "vdb"), name) }
	vdb := "devices/disk/target[@dev='vdb']/.."
	cdrom := "devices/disk[@device='cdrom']/source"
	drive := g.disks["sda"].(attrs)
	one, two, disk := g.file("one.iso"), g.file("two.iso"), attrs{"file": g.file("b.img"), "format": "raw"}

	g.becomes(attrs{"disks": g.disks.with(attrs{"sda": drive.with(attrs{"file": one}), "vdb": disk.with(attrs{"iotune": attrs{"total_bytes_sec": 1 << 20}, "target_pool": "default"})})},
		map[string]string{vdb + "/source@file": disk["file"].(string), vdb + "/iotune/total_bytes_sec": "1048576", cdrom + "@file": one})
	g.becomes(attrs{"disks": g.disks.with(attrs{"sda": drive.with(attrs{"file": two}), "vdb": disk.with(attrs{"iotune": attrs{"read_bytes_sec": 2 << 20, "write_iops_sec": 100}})})},
		map[string]string{vdb + "/iotune/total_bytes_sec?": "false", vdb + "/iotune/read_bytes_sec": "2097152", vdb + "/iotune/write_iops_sec": "100", cdrom + "@file": two})
	expect(t, "the limit that QEMU has", tune("write_iops_sec"), "100")
	g.becomes(attrs{"disks": g.disks.with(attrs{"sda": drive, "vdb": disk})}, map[string]string{vdb + "/iotune?": "false", cdrom + "@file": ""})
	expect(t, "the limit that QEMU has", tune("write_iops_sec"), "0")

	three := filepath.Dir(one) + "/three.qcow2"
	alpha().inside(t, "qemu-img", "create", "-q", "-f", "qcow2", three, "1M")
	g.becomes(attrs{"disks": g.disks.with(attrs{"sda": drive.with(attrs{"file": three, "format": "qcow2"}), "vdb": disk})},
		map[string]string{cdrom + "@file": three, "devices/disk[@device='cdrom']/driver@type": "qcow2"})
	g.becomes(attrs{"disks": g.disks.with(attrs{"vdb": disk, "sdb": attrs{"file": g.file("usb.img"), "format": "raw", "bus": "usb"}})},
		map[string]string{"devices/disk/target[@dev='sdb']@bus": "usb"})
	g.same()
}
func TestDomainInterfacesLive(t *testing.T) {
	t.Parallel()
	t.Run("interfaces change live", testInterfacesLive)
	t.Run("a failed change of several interfaces is undone", testInterfacesLiveUndone)
	t.Run("an interface that another tool defined changes live", testForeignInterfaceLive)
}

func testInterfacesLive(t *testing.T) {
	t.Parallel()
	lan, wan := alpha().network(t), alpha().network(t)
	g := newLively(t, attrs{"interfaces": attrs{"lan": attrs{"network": lan}}})
	const nic = "devices/interface/alias[@name='ua-lan']/.."
	const added = "devices/interface/alias[@name='ua-wan']/.."
	mac := at(definition(t, g.a), nic+"/mac@address")
	tune := func(name string) string { return value(alpha().virsh(t, "domiftune", g.name(), mac), name) }
	link := func() string { return alpha().virsh(t, "domif-getlink", g.name(), mac) }

	g.becomes(attrs{"interfaces": attrs{"lan": attrs{"network": lan}, "wan": attrs{"network": wan, "link": "down", "model": "e1000"}}},
		map[string]string{nic + "/mac@address": mac, added + "/source@network": wan, added + "/link@state": "down", added + "/model@type": "e1000"})
	expect(t, "the MAC address of both", at(alpha().xml(t, "dumpxml", g.name()), added+"/mac@address"), at(definition(t, g.a), added+"/mac@address"))
	spare := g.a["interfaces"].(attrs)["wan"]
	become := func(lan attrs, want map[string]string) {
		g.t.Helper()
		g.becomes(attrs{"interfaces": attrs{"lan": lan, "wan": spare}}, want)
	}

	become(attrs{"network": wan}, map[string]string{nic + "/source@network": wan, nic + "/mac@address": mac})
	expect(t, "the bridge", g.bridge("lan"), bridgeOf(t, wan))
	become(attrs{"network": wan, "link": "down"}, map[string]string{nic + "/link@state": "down"})
	expect(t, "the link", link(), mac+" down")
	become(attrs{"network": lan, "link": "up", "filter": "clean-traffic"},
		map[string]string{nic + "/source@network": lan, nic + "/link@state": "up", nic + "/filterref@filter": "clean-traffic"})
	expect(t, "the link", link(), mac+" up")
	expect(t, "the bridge", g.bridge("lan"), bridgeOf(t, lan))
	become(attrs{"network": lan}, map[string]string{nic + "/filterref?": "false", nic + "/link@state": ""})

	if alpha().shapes(t, bridgeOf(t, wan)) {
		limits := attrs{"inbound_average": 1000, "inbound_peak": 2000, "inbound_burst": 64, "outbound_average": 500}
		become(attrs{"network": lan, "bandwidth": limits}, map[string]string{nic + "/bandwidth/inbound@peak": "2000", nic + "/bandwidth/outbound@average": "500"})
		expect(t, "the bandwidth", tune("inbound.average")+" "+tune("inbound.burst")+" "+tune("outbound.average"), "1000 64 500")
		become(attrs{"network": lan, "bandwidth": attrs{"outbound_average": 600}}, map[string]string{nic + "/bandwidth/inbound?": "false"})
		expect(t, "the bandwidth", tune("inbound.average")+" "+tune("outbound.average"), "0 600")
		become(attrs{"network": lan}, map[string]string{nic + "/bandwidth?": "false"})
		expect(t, "the bandwidth", tune("outbound.average"), "0")
	}
	g.same()
}

func testInterfacesLiveUndone(t *testing.T) {
	t.Parallel()
	lan := alpha().network(t)
	g := newLively(t, attrs{"interfaces": attrs{"lan": attrs{"network": lan}}})
	const nic = "devices/interface/alias[@name='ua-lan']/.."
	as := func(lan attrs) config { return config{aDomain: g.a.with(attrs{"interfaces": attrs{"lan": lan}})} }
	before := map[string]string{nic + "/source@network": lan, nic + "/filterref?": "false", nic + "/link@state": ""}

	what := `Unable to change interfaces["lan"] of domain "` + g.name() + `"`
	filter, other := unique(t), unique(t)
	p := newProxy(t, alpha(), func(message) verdict { return pass })
	g.s.hosts[alpha().Name] = p.uri
	update := message{procedure(t, "DomainUpdateDeviceFlags"), call}
	alpha().define(t, "nwfilter-define", "<filter name='"+filter+"'/>")
	p.judges(during(update, func() { alpha().virsh(t, "nwfilter-undefine", filter) }))
	g.s.applyFails(as(attrs{"network": lan, "filter": filter, "link": "down"}), what, "failed to add new filter rules")
	g.sees(before)
	for _, c := range []struct {
		what string
		at   message
		lan  attrs
		wan  any
	}{
		{what, update, attrs{"network": other, "filter": "clean-traffic", "link": "down"}, nil},
		{`Unable to attach interfaces["wan"] to domain "` + g.name() + `"`, message{procedure(t, "DomainAttachDeviceFlags"), call}, attrs{"network": lan}, attrs{"network": other}},
	} {
		alpha().define(t, "net-create", "<network><name>"+other+"</name></network>")
		p.judges(during(c.at, func() { alpha().virsh(t, "net-destroy", other) }))
		g.s.applyFails(config{aDomain: g.a.with(attrs{"interfaces": attrs{"lan": c.lan}.with(attrs{"wan": c.wan})})}, c.what,
			"Network not found: no network with matching name '"+other+"'")
		g.sees(before)
	}
	g.s.hosts[alpha().Name] = alpha().URI
	g.s.write(config{aDomain: g.a}, nil)
	g.sees(map[string]string{"devices/interface[2]?": "false"})
	g.same()
}

// testForeignInterfaceLive changes an interface that virsh plugged in. It has no alias of the provider, so its key is its position.
func testForeignInterfaceLive(t *testing.T) {
	t.Parallel()
	lan, wan := alpha().network(t), alpha().network(t)
	g := newLively(t, nil)
	const mac = "52:54:00:dd:00:11"
	const nic = "devices/interface/mac[@address='" + mac + "']/.."
	alpha().virsh(t, "attach-interface", g.name(), "network", lan, "--mac", mac, "--model", "e1000", "--live", "--config")
	theirs := attrs{"network": lan, "mac": mac, "model": "e1000"}
	g.a = g.a.with(attrs{"interfaces": attrs{"net0": theirs}})
	g.s.apply(config{aDomain: g.a})
	g.s.settled()
	g.becomes(attrs{"interfaces": attrs{"net0": theirs.with(attrs{"network": wan, "link": "down"})}}, map[string]string{nic + "/source@network": wan, nic + "/link@state": "down"})
	g.same()
}
func TestDomainDevicesLive(t *testing.T) {
	t.Parallel()
	t.Run("a device that the running guest still has is kept", testDeviceStillAttached)
	t.Run("a device that the guest does not release stays in guest, definition and state", testDeviceNotReleased)
	t.Run("a device without a free slot is refused", testNoFreeSlot)
	t.Run("a Linux guest sees devices come and go", testDevicesInLinux)
}

// testDeviceStillAttached removes a device from the definition alone. The apply defines it again as the device that the guest still has.
func testDeviceStillAttached(t *testing.T) {
	t.Parallel()
	lan := alpha().network(t)
	g := newLively(t, attrs{"interfaces": attrs{"lan": attrs{"network": lan}}})
	mac := at(definition(t, g.a), "devices/interface/mac@address")
	alpha().virsh(t, "detach-interface", g.name(), "network", "--mac", mac, "--config")
	g.becomes(nil, map[string]string{"devices/interface/mac@address": mac, "devices/interface/alias@name": "ua-lan"})
	g.same()
}
