//go:build acceptance

package acceptance

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/beevik/etree"
)

const aDomain = "libvirt_domain.it"

// network creates and starts a network with virsh, for resources that need one.
func (h *labHost) network(t *testing.T) (name string) {
	t.Helper()
	name = unique(t)
	bridge := "kft" + name[strings.LastIndex(name, "-")+1:]
	h.define(t, "net-create", "<network><name>"+name+"</name><bridge name='"+bridge+"'/></network>")
	t.Cleanup(func() { h.virsh(t, "net-destroy", name) })
	return name
}

func definition(t *testing.T, a attrs) *etree.Element {
	t.Helper()
	return hostOf(a).xml(t, "dumpxml", a["name"].(string), "--inactive", "--security-info")
}

func domainState(t *testing.T, a attrs) string {
	t.Helper()
	return hostOf(a).virsh(t, "domstate", a["name"].(string))
}

// wholeDomain returns a running domain with some of everything.
func wholeDomain(t *testing.T) attrs {
	t.Helper()
	lan, log := alpha().network(t), directory(t)
	if err := os.MkdirAll(alpha().path(log), 0o755); err != nil {
		t.Fatal(err)
	}
	a := guestAttrs(t, alpha())
	disks, cdrom := a["disks"].(attrs), alpha().guestDisk(t)
	return a.with(attrs{
		"title": "web", "description": "A guest.",
		"shutdown":   attrs{"timeout": 0},
		"disks":      disks.with(attrs{"sda": attrs{"file": cdrom, "format": "raw", "device": "cdrom", "bus": "sata"}}),
		"interfaces": attrs{"lan": attrs{"network": lan, "mac": "52:54:00:dd:00:01"}, "spare": attrs{"network": lan}},
		"serial":     attrs{"log_file": log + "/serial.log"}, "guest_agent": true,
		"graphics": attrs{"type": "vnc", "password": "sesame", "password_version": 1}, "autostart": true,
	})
}
func TestDomainCreate(t *testing.T) {
	t.Parallel()
	t.Run("virsh shows what was configured", testDomainCreated)
	t.Run("an existing domain is not taken over", testDomainExisting)
	t.Run("a domain that can't start is tainted and replaced", testDomainStartFails)
}

func testDomainCreated(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), wholeDomain(t)
	name := a["name"].(string)
	s.apply(config{aDomain: a})
	s.settled()

	expect(t, "state", domainState(t, a), "running")
	xml := definition(t, a)
	for where, want := range map[string]string{
		"uuid": s.state(aDomain)["uuid"].(string), "name": name, "title": "web", "description": "A guest.", "vcpu": "1", "memory": "32768",
		"@type": theLab.Accelerator, "os/type": "hvm", "features/acpi?": "true",
		"devices/disk[@device='disk']/target@dev": "vda", "devices/disk[@device='cdrom']/target@dev": "sda", "devices/disk[@device='cdrom']/readonly?": "true",
		"devices/interface[1]/mac@address": "52:54:00:dd:00:01", "devices/interface[1]/alias@name": "ua-lan", "devices/interface[2]/alias@name": "ua-spare",
		"devices/graphics@passwd": "sesame", "devices/graphics@listen": "127.0.0.1", "devices/rng?": "true",
	} {
		expect(t, where, at(xml, where), want)
	}
	macs := s.state(aDomain)["interfaces"].(map[string]any)
	expect(t, "the MAC address that libvirt chose", macs["spare"].(map[string]any)["mac"].(string), at(xml, "devices/interface[2]/mac@address"))
	log := a["serial"].(attrs)["log_file"].(string)
	eventually(t, "the guest to greet on its serial port", func() bool {
		text, err := os.ReadFile(alpha().path(log))
		return err == nil && strings.HasPrefix(string(text), greeting)
	})

	s.importable("shutdown")
	s.destroy()
	alpha().lacks(t, "dominfo", name)
	if _, err := os.Stat(alpha().path(a["disks"].(attrs)["vda"].(attrs)["file"].(string))); err != nil {
		t.Errorf("a disk that the domain did not make must stay: %v", err)
	}
}
func TestDomainFirmware(t *testing.T) {
	t.Parallel()
	t.Run("each UEFI domain has its own variables file", testUEFIVariables)
	t.Run("secure boot starts signed programs only", testSecureBoot)
	t.Run("a loader is given by its path", testLoaderPath)
	t.Run("firmware that the host lacks fails the plan", testFirmwareMissing)
	t.Run("a change of firmware is pending until the next start", testFirmwarePending)
}

func testUEFIVariables(t *testing.T) {
	t.Parallel()
	// The guest runs in software: Debian's firmware needs System Management Mode, which KVM lacks on a host that is itself virtual.
	s, a := newStack(t), domainAttrs(t, alpha()).with(attrs{"firmware": "efi", "type": "qemu", "memory": 64 << 10})
	s.apply(config{aDomain: a})
	s.settled()
	variables := at(alpha().xml(t, "dumpxml", a["name"].(string)), "os/nvram")
	if _, err := os.Stat(alpha().path(variables)); variables == "" || err != nil {
		t.Errorf("no variables at %q: %v", variables, err)
	}
	s.importable("shutdown")

	// The firmware changes to BIOS and back while the domain is off.
	s.apply(config{aDomain: a.with(attrs{"firmware": "bios", "state": "stopped"})})
	expect(t, "the loader of a BIOS", at(definition(t, a), "os/loader?"), "false")
	s.apply(config{aDomain: a.with(attrs{"firmware": "efi"})})
	expect(t, "state", domainState(t, a), "running")
	s.settled()
	s.destroy()
	if _, err := os.Stat(alpha().path(variables)); err == nil {
		t.Error("the variables outlived the domain")
	}
}
func TestDomainDrift(t *testing.T) {
	t.Parallel()
	t.Run("a change outside Terraform is shown and reverted", testDomainChangedOutside)
	t.Run("a change of the running guest alone is shown", testDriftOfRunningGuest)
}

func testDomainChangedOutside(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), wholeDomain(t)
	name, c := a["name"].(string), config{aDomain: a}
	s.apply(c)

	alpha().virsh(t, "destroy", name)
	alpha().virsh(t, "autostart", name, "--disable")
	alpha().virsh(t, "desc", name, "--config", "--title", "another program's")
	alpha().virsh(t, "setmaxmem", name, "65536", "--config")
	alpha().virsh(t, "setmem", name, "65536", "--config")
	more := strings.NewReplacer("cores='1'", "cores='2'", ">1</vcpu>", ">2</vcpu>")
	alpha().define(t, "define", more.Replace(alpha().virsh(t, "dumpxml", name, "--inactive")))
	alpha().virsh(t, "setvcpus", name, "2", "--config")
	alpha().virsh(t, "detach-disk", name, "sda", "--config")
	alpha().virsh(t, "detach-interface", name, "network", "--mac", "52:54:00:dd:00:01", "--config")
	s.shows(c, `~ title = "another program's" -> "web"`, "~ memory = 65536 -> 32768", "~ vcpu = 2 -> 1", `+ "sda" = {`, `+ "lan" = {`,
		`~ state = "stopped" -> "running"`, "~ autostart = false -> true", "0 to add, 1 to change, 0 to destroy")
	s.apply(c)
	s.settled()
	xml := definition(t, a)
	expect(t, "title", at(xml, "title"), "web")
	expect(t, "memory", at(xml, "memory"), "32768")
	expect(t, "vcpu", at(xml, "vcpu"), "1")
	expect(t, "cdrom", at(xml, "devices/disk[@device='cdrom']/target@dev"), "sda")
	expect(t, "interface", at(xml, "devices/interface/mac[@address='52:54:00:dd:00:01']?"), "true")
	expect(t, "state", domainState(t, a), "running")
	expect(t, "autostart", info("dominfo", "Autostart")(t, a), "enable")

	alpha().virsh(t, "suspend", name)
	s.shows(c, `~ state = "paused" -> "running"`)
	s.apply(c)
	expect(t, "state", domainState(t, a), "running")

	alpha().virsh(t, "managedsave", name)
	s.shows(c, `~ state = "saved" -> "running"`)
	s.apply(c)
	expect(t, "state", domainState(t, a), "running")
	s.settled()

	alpha().virsh(t, "destroy", name)
	alpha().virsh(t, "undefine", name)
	s.shows(c, "1 to add, 0 to change, 0 to destroy")
	s.apply(c)
	s.settled()
}
func TestDomainUpdate(t *testing.T) {
	t.Parallel()
	t.Run("elements that were added by hand are kept", testUpdateKeepsForeignElements)
	t.Run("a change that libvirt rejects changes nothing", testDomainRejectedChange)
	t.Run("devices are added and removed", testDevicesAddedAndRemoved)
}

func testUpdateKeepsForeignElements(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	a := domainAttrs(t, alpha()).with(attrs{"title": "one", "state": "stopped", "graphics": attrs{"type": "vnc", "password": "sesame", "password_version": 1},
		"disks": attrs{"vda": attrs{"file": "/srv/one.img"}}, "interfaces": attrs{"lan": attrs{"network": "one"}}})
	s.apply(config{aDomain: a})

	root := definition(t, a)
	metadata := root.SelectElement("metadata").CreateElement("team:owner")
	metadata.CreateAttr("xmlns:team", "https://example.org/team")
	metadata.SetText("storage")
	devices := root.SelectElement("devices")
	devices.CreateElement("watchdog").CreateAttr("model", "i6300esb")
	devices.SelectElement("disk").SelectElement("driver").CreateAttr("cache", "none")
	devices.SelectElement("disk").CreateElement("serial").SetText("WD-1234")
	devices.SelectElement("interface").CreateElement("mtu").CreateAttr("size", "1400")
	root.CreateElement("cputune").CreateElement("shares").SetText("512")
	document := etree.NewDocument()
	document.SetRoot(root)
	text, err := document.WriteToString()
	if err != nil {
		t.Fatal(err)
	}
	alpha().define(t, "define", text)
	s.settled()

	s.apply(config{aDomain: a.with(attrs{"title": "two", "memory": 65536, "vcpu": 2, "guest_agent": true,
		"disks": attrs{"vda": attrs{"file": "/srv/two.img"}}, "interfaces": attrs{"lan": attrs{"network": "two"}}})})
	s.settled()
	xml := definition(t, a)
	for where, want := range map[string]string{
		"title": "two", "memory": "65536", "devices/disk/source@file": "/srv/two.img", "devices/interface/source@network": "two",
		"metadata/owner": "storage", "devices/watchdog@model": "i6300esb", "devices/disk/driver@cache": "none", "devices/disk/serial": "WD-1234",
		"devices/interface/mtu@size": "1400", "cputune/shares": "512", "devices/graphics@passwd": "sesame",
	} {
		expect(t, where, at(xml, where), want)
	}
}

func testDomainRejectedChange(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), wholeDomain(t)
	s.apply(config{aDomain: a})
	name := a["name"].(string)
	before, running := alpha().virsh(t, "dumpxml", name, "--inactive", "--security-info"), alpha().virsh(t, "dumpxml", name, "--security-info")

	for what, change := range map[string]struct {
		set  attrs
		says string
	}{
		"a changed title, too": {attrs{"interfaces": attrs{"lan": attrs{"network": "one", "model": "no:such"}}, "title": "changed"}, `got "no:such"`},
		"no such network card": {attrs{"interfaces": attrs{"lan": attrs{"network": "one", "model": "non sense"}}}, `got "non sense"`},
	} {
		s.applyFails(config{aDomain: a.with(change.set)}, "'model' must be a model like virtio or e1000e", change.says)
		expect(t, what+": the definition", alpha().virsh(t, "dumpxml", name, "--inactive", "--security-info"), before)
		expect(t, what+": the running domain", alpha().virsh(t, "dumpxml", name, "--security-info"), running)
	}
	s.last = config{aDomain: a}
	s.settled()
}

func testDomainExisting(t *testing.T) {
	t.Parallel()
	name := unique(t)
	alpha().define(t, "define", "<domain type='"+theLab.Accelerator+"'><name>"+name+"</name><memory>1024</memory><os><type>hvm</type></os></domain>")
	t.Cleanup(func() { alpha().virsh(t, "undefine", name) })
	before := alpha().virsh(t, "dumpxml", name)

	s := newStack(t)
	s.applyFails(config{aDomain: {"host": alpha().Name, "name": name, "type": theLab.Accelerator, "vcpu": 1, "memory": 32768}},
		`alpha already has a domain "`+name+`"; choose another, or import that one: terraform import ADDRESS alpha/`+name)
	expect(t, "the domain that was there", alpha().virsh(t, "dumpxml", name), before)
	if len(s.resources()) != 0 {
		t.Error("it is in the state")
	}
}

func testDomainStartFails(t *testing.T) {
	t.Parallel()
	failing := func() (s *stack, a attrs) {
		s, a = newStack(t), domainAttrs(t, alpha())
		logs := directory(t)
		if err := os.Mkdir(alpha().path(logs), 0o755); err != nil {
			t.Fatal(err)
		}
		p := newProxy(t, alpha(), during(message{procedure(t, "DomainCreateWithFlags"), call}, func() {
			if err := os.Remove(alpha().path(logs)); err != nil {
				t.Error(err)
			}
		}))
		s.hosts[alpha().Name] = p.uri
		s.applyFails(config{aDomain: a.with(attrs{"serial": attrs{"log_file": logs + "/serial.log"}})},
			`Unable to start domain "`+a["name"].(string)+`"`, "on alpha ("+p.uri+")", logs)
		s.hosts[alpha().Name] = alpha().URI
		return s, a
	}
	s, a := failing()
	if s.state(aDomain)["tainted"] != true {
		t.Error("it is not marked to be made again")
	}
	expect(t, "state", domainState(t, a), "shut off")

	s.apply(config{aDomain: a})
	expect(t, "state", domainState(t, a), "running")
	s.settled()

	other, a := failing()
	other.destroy()
	alpha().lacks(t, "dominfo", a["name"].(string))
}

func testDevicesAddedAndRemoved(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	a := domainAttrs(t, alpha()).with(attrs{"state": "stopped", "disks": attrs{"vda": attrs{"file": "/srv/a.img"}, "vdb": attrs{"file": "/srv/b.img"}},
		"interfaces": attrs{"lan": attrs{"network": "one", "mac": "52:54:00:ee:00:01"}, "wan": attrs{"network": "two"}}})
	s.apply(config{aDomain: a})
	mac := at(definition(t, a), "devices/interface/source[@network='two']/../mac@address")

	changed := a.with(attrs{"disks": attrs{"vdb": attrs{"file": "/srv/b.img"}, "vdc": attrs{"file": "/srv/c.img"}},
		"interfaces": attrs{"inside": attrs{"network": "one", "mac": "52:54:00:ee:00:01"}, "wan": attrs{"network": "two"}}})
	s.shows(config{aDomain: changed}, `- "vda" = {`, `+ "vdc" = {`, `- "lan" = {`, `+ "inside" = {`, "0 to add, 1 to change, 0 to destroy")
	s.apply(config{aDomain: changed})
	s.settled()

	xml := definition(t, a)
	expect(t, "disks", strings.Join(all(xml, "devices/disk/target", "dev"), " "), "vdb vdc")
	expect(t, "interfaces", strings.Join(all(xml, "devices/interface/alias", "name"), " "), "ua-inside ua-wan")
	expect(t, "the MAC address that was given", at(xml, "devices/interface/alias[@name='ua-inside']/../mac@address"), "52:54:00:ee:00:01")
	expect(t, "the MAC address that libvirt chose", at(xml, "devices/interface/alias[@name='ua-wan']/../mac@address"), mac)
}

// all returns the sorted values of an attribute.
func all(root *etree.Element, path, attr string) []string {
	var found []string
	for _, el := range root.FindElements("./" + path) {
		found = append(found, el.SelectAttrValue(attr, ""))
	}
	slices.Sort(found)
	return found
}
func TestDomainGraphics(t *testing.T) {
	t.Parallel()
	t.Run("the password appears in no plan, log or state", testGraphicsPassword)
}

func testGraphicsPassword(t *testing.T) {
	t.Parallel()
	const first, second = "sesame-1", "sesame-2"
	s := newStack(t)
	log := filepath.Join(s.dir, "trace.log")
	s.env = []string{"TF_LOG_PROVIDER=TRACE", "TF_LOG_PATH=" + log}
	secret := func(password string, version int) attrs {
		return attrs{"graphics": attrs{"type": "vnc", "password": password, "password_version": version}}
	}
	a := domainAttrs(t, alpha()).with(attrs{"state": "stopped"})

	plan := s.shows(config{aDomain: a.with(secret(first, 1))}, "+ password = (sensitive, write-only attribute)")
	out := s.apply(config{aDomain: a.with(secret(first, 1))}).stdout
	plan += s.shows(config{aDomain: a.with(secret(second, 2))}, "~ password_version = 1 -> 2")
	out += s.apply(config{aDomain: a.with(secret(second, 2))}).stdout
	expect(t, "password", at(definition(t, a), "devices/graphics@passwd"), second)
	out += s.planFails(config{aDomain: a.with(secret(first, 1)).with(attrs{"interfaces": attrs{"lan": attrs{"network": "one", "model": "no:such"}}})})
	s.write(config{aDomain: a.with(secret(second, 2))}, nil)

	text, err := os.ReadFile(log)
	if err != nil || !strings.Contains(string(text), "ApplyResourceChange") {
		t.Fatalf("the provider logged nothing of its work: %v", err)
	}
	for _, password := range []string{first, second} {
		if strings.Contains(plan+out, password) {
			t.Errorf("%s is in what Terraform printed", password)
		}
		if strings.Contains(string(text), password) {
			t.Errorf("%s is in the provider's log", password)
		}
	}
}
