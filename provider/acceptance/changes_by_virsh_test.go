//go:build acceptance

package acceptance

import (
	"strings"
	"testing"
)

// virshChange is a change of a domain that a person makes with virsh. NAME in an argument stands for the domain's name.
type virshChange struct {
	args string
	says string // what the plan says, with single spaces
	see  string // the place in the definition, or in the running guest
	want string // what is there after the apply
}

// testVirshChanges makes all changes, and asserts that one plan shows each of them and that the apply leaves what is wanted.
func testVirshChanges(t *testing.T, a attrs, changes []virshChange) {
	t.Helper()
	s, c := newStack(t), config{aDomain: a}
	s.apply(c)
	s.settled()
	name := a["name"].(string)
	for _, v := range changes {
		alpha().virsh(t, strings.Fields(strings.ReplaceAll(v.args, "NAME", name))...)
	}
	o := s.plan(c)
	text := strings.Join(strings.Fields(s.planned()+" "+o.warnings()), " ")
	for _, v := range changes {
		seenByPlan(t, "virsh "+v.args, "libvirt_domain", text, v.says)
	}
	if driftTold(t, s.driftOf(nil), aDomain) == "" {
		t.Errorf("drift does not tell what the plan shows: %s", text)
	}
	s.apply(c)
	s.settled()
	defined, live := definition(t, a), alpha().xml(t, "dumpxml", name)
	for _, v := range changes {
		from := defined
		if a["state"] != "stopped" {
			from = live
		}
		expect(t, "after virsh "+v.args+": "+v.see, strings.TrimSpace(at(from, v.see)), v.want)
	}
}

// seenByPlan asserts that a plan shows a change that was made without Terraform.
func seenByPlan(t *testing.T, change, object, text string, says ...string) {
	t.Helper()
	seen := true
	for _, w := range says {
		if !strings.Contains(text, w) {
			seen = false
			t.Errorf("expected %q in\n%s", w, text)
		}
	}
	changedByOther(t, change, object, seen)
}

func TestDomainChangedByVirsh(t *testing.T) {
	t.Parallel()
	t.Run("what an attribute promises is put back", testPromisedSettings)
	t.Run("memory that was reduced is put back", testReducedMemory)
	t.Run("settings without an attribute are named and stay", testUndeclaredSettings)
	t.Run("settings of the running guest are named and stay", testUndeclaredLiveSettings)
	t.Run("a new name is taken back", testRenamedByVirsh)
	t.Run("a copy on another host is named", testCopiedByVirsh)
	t.Run("a definition that was removed comes back", testUndefinedByVirsh)
}

func testPromisedSettings(t *testing.T) {
	t.Parallel()
	lan, mac := alpha().network(t), "52:54:00:00:ed:01"
	a := domainAttrs(t, alpha()).with(attrs{"state": "stopped", "vcpu": 2, "interfaces": attrs{"lan": attrs{"network": lan, "mac": mac}}})
	testVirshChanges(t, a, []virshChange{
		{"setmaxmem NAME 65536 --config", "memory = 65536 -> null", "memory", "32768"},
		{"autostart NAME", "autostart = true -> false", "name", a["name"].(string)},
		{"domif-setlink NAME " + mac + " down --config", `link = "down" -> null`, "devices/interface/link?", "false"},
	})
}

func testReducedMemory(t *testing.T) {
	t.Parallel()
	a := domainAttrs(t, alpha()).with(attrs{"state": "stopped"})
	testVirshChanges(t, a, []virshChange{{"setmem NAME 16384 --config", "memory = 16384 -> 32768", "currentMemory", "32768"}})
	b := domainAttrs(t, alpha()).with(attrs{"state": "stopped", "vcpu": 2, "maximum": attrs{"vcpu": 4}})
	testVirshChanges(t, b, []virshChange{
		{"setmaxmem NAME 65536 --config", "memory = 65536 -> null", "memory", "32768"},
		{"setvcpus NAME 1 --config", "vcpu = 1 -> 2", "vcpu@current", "2"},
	})
}

func testUndeclaredSettings(t *testing.T) {
	t.Parallel()
	lan, mac := alpha().network(t), "52:54:00:00:ed:02"
	a := guestAttrs(t, alpha()).with(attrs{"state": "stopped", "interfaces": attrs{"lan": attrs{"network": lan, "mac": mac}}})
	testVirshChanges(t, a, []virshChange{
		{"memtune NAME --soft-limit 1048576 --config", "memtune.soft_limit = 1048576", "memtune/soft_limit", "1048576"},
		{"schedinfo NAME --config cpu_shares=512", "cputune.shares = 512", "cputune/shares", "512"},
		{"schedinfo NAME --config global_period=50000", "cputune.global_period = 50000", "cputune/global_period", "50000"},
		{"blkiotune NAME --weight 200 --config", "blkiotune.weight = 200", "blkiotune/weight", "200"},
		{"vcpupin NAME 0 0 --config", `cputune.vcpupin["0"]`, "cputune/vcpupin@cpuset", "0"},
		{"emulatorpin NAME 0 --config", `cputune.emulatorpin = "0"`, "cputune/emulatorpin@cpuset", "0"},
		{"iothreadadd NAME 1 --config", `cputune.iothreads["1"]`, "iothreads", "1"},
		{"numatune NAME --nodeset 0 --mode preferred --config", `memory_backing.numatune.mode = "preferred"`, "numatune?", "true"},
		{"desc NAME --title --config other", `title = "other"`, "title", "other"},
		{"desc NAME --config text", `description = "text"`, "description", "text"},
		{"metadata NAME https://example.org/team --key team --set <owner/> --config", `metadata["https://example.org/team"]`, "metadata/owner?", "true"},
		{"blkdeviotune NAME vda --total-iops-sec 100 --config", `disks["vda"].iotune.total_iops_sec = 100`, "devices/disk/iotune/total_iops_sec", "100"},
		{"domiftune NAME " + mac + " --inbound 1000 --config", `interfaces["lan"].bandwidth.inbound_average = 1000`, "devices/interface/bandwidth/inbound@average", "1000"},
		{"set-lifecycle-action NAME crash preserve --config", "on_crash = preserve", "on_crash", "preserve"},
		{"perf NAME --enable cpu_clock --config", "element perf", "perf?", "true"},
	})
}

func testUndeclaredLiveSettings(t *testing.T) {
	t.Parallel()
	lan, mac, medium := alpha().network(t), "52:54:00:00:ed:03", alpha().guestDisk(t)
	a := sectorGuest(t, alpha(), tallySector).with(attrs{"shutdown": attrs{"timeout": 0}, "interfaces": attrs{"lan": attrs{"network": lan, "mac": mac}}})
	a = put(a, []string{"disks", "sda"}, attrs{"device": "cdrom", "bus": "sata"})
	changes := []virshChange{
		{"domif-setlink NAME " + mac + " down", `link = "down" -> null`, "devices/interface/link[@state='down']?", "false"},
		{"schedinfo NAME --live cpu_shares=512", "cputune.shares = 512, in the running guest only", "cputune/shares", "512"},
		{"blkdeviotune NAME vda --total-iops-sec 100 --live", `disks["vda"].iotune.total_iops_sec = 100, in the running guest only`,
			"devices/disk[@device='disk']/iotune/total_iops_sec", "100"},
		{"desc NAME --title --live other", `title = "other", in the running guest only`, "title", "other"},
		{"change-media NAME sda " + medium + " --insert --live", `disks["sda"].file = "` + medium + `", in the running guest only`,
			"devices/disk[@device='cdrom']/source@file", medium},
	}
	if alpha().shapes(t, bridgeOf(t, lan)) {
		changes = append(changes, virshChange{"domiftune NAME " + mac + " --inbound 1000 --live",
			`interfaces["lan"].bandwidth.inbound_average = 1000, in the running guest only`, "devices/interface/bandwidth/inbound@average", "1000"})
	}
	testVirshChanges(t, a, changes)
}

func testRenamedByVirsh(t *testing.T) {
	t.Parallel()
	a := domainAttrs(t, alpha()).with(attrs{"state": "stopped"})
	s, c, name := newStack(t), config{aDomain: a}, a["name"].(string)
	s.apply(c)
	id := s.state(aDomain)["uuid"].(string)
	alpha().virsh(t, "domrename", name, name+"-other")
	s.shows(c, `~ name = "`+name+`-other" -> "`+name+`"`)
	s.apply(c)
	s.settled()
	alpha().lacks(t, "dominfo", name+"-other")
	if strings.Contains(s.planned(), "replace") {
		t.Error("the domain is replaced")
	}
	expect(t, "the domain of that name", at(definition(t, a), "uuid"), id)
}

func testCopiedByVirsh(t *testing.T) {
	t.Parallel()
	a := domainAttrs(t, alpha())
	s, c, name := newStack(t), config{aDomain: a}, a["name"].(string)
	s.apply(c)
	s.settled()
	beta().define(t, "define", alpha().virsh(t, "dumpxml", name, "--inactive", "--migratable"))
	t.Cleanup(func() { _, _ = beta().try("destroy", name); _, _ = beta().try("undefine", name) })
	o := s.plan(c)
	seenByPlan(t, "virsh define", "libvirt_domain", o.warnings(), name+" is also defined on "+beta().Name)
	beta().virsh(t, "start", name)
	o = s.plan(c)
	seenByPlan(t, "virsh start", "libvirt_domain", o.warnings(), name+" is also running on "+beta().Name, "two running copies corrupt the disks that they share")
	beta().virsh(t, "destroy", name)
	beta().virsh(t, "undefine", name)
	if o = s.plan(c); o.code != 0 || o.warnings() != "" {
		t.Errorf("the plan says %s%s", o.errors(), o.warnings())
	}
}

func testUndefinedByVirsh(t *testing.T) {
	t.Parallel()
	n, _ := dhcpNetwork(t)
	a := domainAttrs(t, alpha()).with(attrs{"interfaces": attrs{"lan": attrs{"network": "${" + aNetwork + ".name}"}}})
	s, c := newStack(t), config{aDomain: a, aNetwork: n}
	s.apply(c)
	s.settled()
	run := pid(t, a)
	alpha().virsh(t, "undefine", a["name"].(string))
	alpha().virsh(t, "net-undefine", n["name"].(string))
	s.shows(c, "~ needs_repair = true -> false", "0 to add, 2 to change, 0 to destroy")
	o := s.plan(c)
	seenByPlan(t, "virsh undefine", "libvirt_domain", o.warnings(), a["name"].(string)+" runs, and its definition was removed")
	seenByPlan(t, "virsh net-undefine", "libvirt_network", o.warnings(), `Network "`+n["name"].(string)+`" is active, and its definition was removed`)
	s.apply(c)
	s.settled()
	expect(t, "the domain is persistent", info("dominfo", "Persistent")(t, a), "yes")
	expect(t, "the network is persistent", info("net-info", "Persistent")(t, n), "yes")
	expect(t, "the network's autostart", info("net-info", "Autostart")(t, n), "yes")
	expect(t, "the process that runs the guest", pid(t, a), run)
	s.destroy()
}
