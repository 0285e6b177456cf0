//go:build acceptance

package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
)

const aHost, aBaseline = "libvirt_host.it", "libvirt_cpu_baseline.it"

// sources returns a top-level block of data sources by address.
func sources(c config) attrs {
	all := map[string]attrs{}
	for address, a := range c {
		kind, name, _ := strings.Cut(address, ".")
		all[kind] = attrs{name: a}
	}
	return attrs{"data": all}
}

// baselineOf returns a baseline of these hosts, for the lab's accelerator.
func baselineOf(hosts ...string) attrs {
	named := attrs{}
	for _, h := range hosts {
		named[h] = attrs{}
	}
	return attrs{"hosts": named, "type": theLab.Accelerator}
}

func (s *stack) applyWith(c config, blocks attrs) {
	s.t.Helper()
	s.write(c, blocks)
	if o := s.run("apply", "-auto-approve", "-json"); o.code != 0 {
		s.t.Fatalf("apply failed:\n%s", o.errors())
	}
}

func group(v any) attrs { m, _ := v.(map[string]any); return m }

// lineOf returns what follows a label in the output of virsh.
func lineOf(text, label string) string {
	for line := range strings.Lines(text) {
		if rest, found := strings.CutPrefix(line, label); found {
			return strings.TrimSpace(rest)
		}
	}
	return ""
}
func TestHostData(t *testing.T) {
	t.Parallel()
	t.Run("libvirt_host has what virsh shows", testHostData)
	t.Run("a guest with the baseline CPU starts on each host", testHostBaseline)
	t.Run("an unreachable host fails the data source", testHostDataUnreachable)
}

func testHostData(t *testing.T) {
	t.Parallel()
	s, h := newStack(t), beta()
	s.applyWith(config{}, sources(config{aHost: {"host": h.Name}}))
	got := s.state(aHost)

	version, node, caps := h.virsh(t, "version"), h.virsh(t, "nodeinfo"), h.xml(t, "capabilities")
	for attribute, want := range map[string]string{
		"id":                 h.Name,
		"libvirt_version":    lineOf(version, "Using library: libvirt"),
		"hypervisor_version": lineOf(version, "Running hypervisor: QEMU"),
		"arch":               lineOf(node, "CPU model:"),
		"cpus":               lineOf(node, "CPU(s):"),
		"memory":             strings.TrimSuffix(lineOf(node, "Memory size:"), " KiB"),
	} {
		expect(t, attribute, text(got[attribute]), want)
	}
	expect(t, "cpu.model", text(group(got["cpu"])["model"]), at(caps, "host/cpu/model"))
	expect(t, "cpu.vendor", text(group(got["cpu"])["vendor"]), at(caps, "host/cpu/vendor"))

	cells := group(got["numa_cells"])
	expect(t, "number of NUMA cells", fmt.Sprint(len(cells)), at(caps, "host/topology/cells@num"))
	expect(t, "memory of cell 0", text(group(cells["0"])["memory"]), at(caps, "host/topology/cells/cell[@id='0']/memory"))
	expect(t, "CPUs of cell 0", text(group(cells["0"])["cpus"]), span(caps.FindElements("./host/topology/cells/cell[@id='0']/cpus/cpu")))
	for _, m := range caps.FindElements("./host/secmodel/model") {
		if !slices.Contains(strings.Split(text(got["security_models"]), ","), m.Text()) {
			t.Errorf("security_models lacks %s: %v", m.Text(), got["security_models"])
		}
	}

	machines := group(got["machine_types"])
	listed := caps.FindElements("./guest/arch[@name='" + text(got["arch"]) + "']/machine")
	expect(t, "number of machine types", fmt.Sprint(len(machines)), fmt.Sprint(len(listed)))
	for _, m := range listed {
		one := group(machines[m.Text()])
		expect(t, m.Text()+".canonical", text(one["canonical"]), m.SelectAttrValue("canonical", ""))
		expect(t, m.Text()+".max_vcpus", text(one["max_vcpus"]), m.SelectAttrValue("maxCpus", ""))
		expect(t, m.Text()+".deprecated", text(one["deprecated"]), fmt.Sprint(m.SelectAttrValue("deprecated", "no") == "yes"))
	}

	types := group(got["domain_types"])
	expect(t, "number of domain types", fmt.Sprint(len(types)), fmt.Sprint(len(caps.FindElements("./guest/arch[@name='"+text(got["arch"])+"']/domain"))))
	for name, v := range types {
		one, domain := group(v), h.xml(t, "domcapabilities", "--virttype", name)
		expect(t, name+".emulator", text(one["emulator"]), at(domain, "path"))
		expect(t, name+".machine", text(one["machine"]), at(domain, "machine"))
		expect(t, name+".firmwares", text(one["firmwares"]), at(domain, "os/enum[@name='firmware']/value"))
		expect(t, name+".host_model", text(one["host_model"]), at(domain, "cpu/mode[@name='host-model']/model"))
		models := domain.FindElements("./cpu/mode[@name='custom']/model")
		expect(t, "number of CPU models", fmt.Sprint(len(group(one["cpu_models"]))), fmt.Sprint(len(models)))
		for _, m := range models {
			known := group(group(one["cpu_models"])[m.Text()])
			expect(t, name+"."+m.Text()+".usable", text(known["usable"]), fmt.Sprint(m.SelectAttrValue("usable", "") == "yes"))
			expect(t, name+"."+m.Text()+".vendor", text(known["vendor"]), m.SelectAttrValue("vendor", ""))
		}
	}
	s.write(config{}, sources(config{aHost: {"host": h.Name}}))
	if o := s.run("plan", "-json", "-detailed-exitcode", "-out=plan"); o.code != 0 {
		t.Errorf("the plan is not empty: %s%s", o.errors(), s.planned())
	}
}

// span returns the range of the IDs of elements that count up by one.
func span(elements []*etree.Element) string {
	first, last := elements[0].SelectAttrValue("id", ""), elements[len(elements)-1].SelectAttrValue("id", "")
	if first == last {
		return first
	}
	return first + "-" + last
}

// text returns a value as virsh prints it; "" for null.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case float64:
		return fmt.Sprintf("%.0f", v)
	default:
		return fmt.Sprint(v)
	}
}

func testHostBaseline(t *testing.T) {
	t.Parallel()
	s, c := newStack(t), config{}
	for _, h := range []*labHost{alpha(), beta()} {
		c["libvirt_domain."+h.Name] = domainAttrs(t, h).with(attrs{"cpu": attrs{"mode": "custom", "model": "${data." + aBaseline + ".model}"}})
	}
	s.applyWith(c, sources(config{aBaseline: baselineOf(alpha().Name, beta().Name)}))
	model := text(s.state(aBaseline)["model"])
	expect(t, "id", text(s.state(aBaseline)["id"]), theLab.Accelerator+"/alpha,beta")
	for _, h := range []*labHost{alpha(), beta()} {
		name := text(c["libvirt_domain."+h.Name]["name"])
		expect(t, "state on "+h.Name, h.virsh(t, "domstate", name), "running")
		live := h.xml(t, "dumpxml", name)
		expect(t, "model on "+h.Name, at(live, "cpu/model"), model)
		// libvirt lists as disabled the features that QEMU could not provide.
		expect(t, "a feature that is missing on "+h.Name, at(live, "cpu/feature[@policy='disable']@name"), "")
		expect(t, "usable on "+h.Name, at(h.xml(t, "domcapabilities", "--virttype", theLab.Accelerator), "cpu/mode[@name='custom']/model[text()='"+model+"']@usable"), "yes")
		missesNothingNewer(t, h, model)
	}
	s.write(c, sources(config{aBaseline: baselineOf(alpha().Name, beta().Name)}))
	if o := s.run("plan", "-json", "-detailed-exitcode", "-out=plan"); o.code != 0 {
		t.Errorf("the plan is not empty: %s%s", o.errors(), s.planned())
	}
}

// missesNothingNewer asserts that no model that the host can run has more features.
func missesNothingNewer(t *testing.T, h *labHost, model string) {
	t.Helper()
	features := func(name string) int {
		file := filepath.Join(t.TempDir(), "cpu.xml")
		if err := os.WriteFile(file, []byte("<cpu mode='custom' match='exact'><model fallback='forbid'>"+name+"</model></cpu>"), 0o600); err != nil {
			t.Fatal(err)
		}
		return len(h.xml(t, "hypervisor-cpu-baseline", "--features", "--virttype", theLab.Accelerator, file).SelectElements("feature"))
	}
	has := features(model)
	for _, m := range h.xml(t, "domcapabilities", "--virttype", theLab.Accelerator).FindElements("./cpu/mode[@name='custom']/model[@usable='yes']") {
		if n := features(m.Text()); n > has {
			t.Errorf("%s has %d features on %s, more than %s with %d", m.Text(), n, h.Name, model, has)
		}
	}
}

func testHostDataUnreachable(t *testing.T) {
	t.Parallel()
	const dead = "qemu+unix:///system?socket=/nonexistent/libvirt-sock"
	reason := func(host string) string {
		return "on " + host + " (" + dead + "): dial unix /nonexistent/libvirt-sock: connect: no such file or directory"
	}
	const advice = "Check that the host is up and that its uri is correct, then run the command again."
	s := newStack(t)
	s.hosts[beta().Name], s.hosts["gamma"] = dead, dead
	for _, c := range []struct {
		address string
		a       attrs
		says    []string
	}{
		{aHost, attrs{"host": "beta"}, []string{`Unable to read host "beta"`, reason("beta"), advice}},
		{aBaseline, baselineOf("alpha", "beta", "gamma"), []string{`Unable to read cpu baseline "alpha, beta, gamma"`, reason("beta"), reason("gamma"), advice}},
		{aHost, attrs{"host": "omega"}, []string{`no host "omega": the provider block names alpha, beta, gamma; add it to 'hosts' or correct the name`}},
		{aBaseline, baselineOf(), []string{"'hosts' must name at least one host, got none; add one"}},
		{aBaseline, attrs{"hosts": attrs{"alpha": attrs{}}, "type": "xen"}, []string{`'type' must be one of "kvm", "qemu", got "xen"`}},
	} {
		s.write(config{}, sources(config{c.address: c.a}))
		o := s.run("plan", "-json")
		if o.code != 1 {
			t.Errorf("%v: expected the plan to fail", c.a)
		}
		s.says(o.errors(), c.says)
	}
}

// asked makes a call with the provider's own code on a host.
func (h *labHost) asked(t *testing.T, call func(l *libvirt.Libvirt) error) {
	t.Helper()
	uri, err := conn.ParseURI(h.URI)
	if err == nil {
		host := conn.NewHost(h.Name, uri)
		defer host.Close()
		err = host.Do(t.Context(), call)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func misfits(t *testing.T, from, to *labHost, domain *etree.Element) (found []string) {
	t.Helper()
	from.asked(t, func(f *libvirt.Libvirt) error {
		to.asked(t, func(l *libvirt.Libvirt) error {
			all, err := hostinfo.Incompatibilities(f, l, domain)
			for _, m := range all {
				found = append(found, m.Text)
			}
			return err
		})
		return nil
	})
	return found
}
func TestDomainMigrationPreflight(t *testing.T) {
	t.Parallel()
	t.Run("incompatibilities with the destination host are listed", testIncompatibilities)
	t.Run("all obstacles are reported at once", testMigrationObstacles)
	t.Run("what the destination lacks may come with the same apply", testMigrationDependencies)
	t.Run("an unreachable destination fails the plan", testMigrationUnreachable)
}

func testIncompatibilities(t *testing.T) {
	t.Parallel()
	name := unique(t)
	// EPYC has more features than emulation provides: libvirt starts the guest with fewer, and the live XML lists them.
	alpha().define(t, "create", "<domain type='qemu'><name>"+name+"</name><memory unit='MiB'>64</memory><os firmware='efi'><type arch='x86_64' machine='q35'>hvm</type></os>"+
		"<features><acpi/></features><cpu mode='custom' match='exact'><model>EPYC</model></cpu></domain>", "--paused")
	live := alpha().xml(t, "dumpxml", name)
	t.Cleanup(func() {
		alpha().virsh(t, "destroy", name)
		if err := os.Remove(alpha().path(at(live, "os/nvram"))); err != nil {
			t.Error(err)
		}
	})
	expect(t, "nothing", strings.Join(misfits(t, alpha(), beta(), live), "\n"), "")
	expect(t, "nothing, of what libvirt calls migratable", strings.Join(misfits(t, alpha(), beta(), alpha().xml(t, "dumpxml", "--migratable", name)), "\n"), "")

	emulator, newest := at(live, "devices/emulator"), at(beta().emulated(t, "q35"), "machine")
	for what, c := range map[string]struct {
		change func(d *etree.Element)
		want   []string
	}{
		"machine and emulator": {func(d *etree.Element) {
			d.FindElement("./os/type").CreateAttr("machine", "pc-q35-99.1")
			d.FindElement("./devices/emulator").SetText("/opt/qemu")
		}, []string{
			`has no emulator "/opt/qemu", but ` + emulator + `: Cannot check QEMU binary /opt/qemu: No such file or directory`,
			`has no machine type "pc-q35-99.1", but ` + newest,
		}},
		"a firmware that is not the host's": {func(d *etree.Element) { d.FindElement("./os/loader").SetText("/opt/firmware.fd") }, nil},
		"all that the other host has":       {func(d *etree.Element) { d.FindElement("./cpu").CreateAttr("mode", "maximum") }, nil},
		"whatever the new host has":         {func(d *etree.Element) { d.FindElement("./cpu").CreateAttr("mode", "host-model") }, nil},
	} {
		d := live.Copy()
		c.change(d)
		expect(t, what, strings.Join(misfits(t, alpha(), beta(), d), "\n"), strings.Join(c.want, "\n"))
	}
	told := func(change func(d *etree.Element)) string {
		d := live.Copy()
		change(d)
		return strings.Join(misfits(t, alpha(), beta(), d), "\n")
	}
	namesAfter(t, told(func(d *etree.Element) { d.CreateAttr("type", "xen") }), `has no domains of type "xen", only `, beta().domainTypes(t))
	namesAfter(t, told(func(d *etree.Element) { d.FindElement("./os/type").CreateAttr("arch", "riscv-none") }), `has no emulator for riscv-none, only for `, beta().architectures(t))

	t.Run("a feature", func(t *testing.T) {
		name := ""
		for _, left := range live.FindElements("./cpu/feature[@policy='disable']") {
			if f := left.SelectAttrValue("name", ""); beta().emulated(t, "q35").FindElement("./cpu/mode[@name='host-model']/feature[@policy='disable'][@name='"+f+"']") != nil {
				name = f
				break
			}
		}
		if name == "" {
			t.Skip("the emulation of this host leaves nothing out of EPYC, so that there is no feature that it lacks")
		}
		require := func(d *etree.Element) {
			d.FindElement("./cpu/feature[@name='"+name+"']").CreateAttr("policy", "require")
		}
		says := `cannot run the guest's CPU "EPYC": the CPU is incompatible with host CPU: Host CPU does not provide required features: ` + name + `; the newest model that it supports completely is "`
		got := told(require)
		model, found := strings.CutPrefix(got, says)
		model = strings.TrimSuffix(model, `"`)
		isUsable := func(m *etree.Element) bool { return m.Text() == model }
		if usable := beta().emulated(t, "q35").FindElements("./cpu/mode[@name='custom']/model[@usable='yes']"); !found || !slices.ContainsFunc(usable, isUsable) {
			t.Errorf("got %q, want %q and a model that the host can run", got, says)
		}
		expect(t, "a feature that it may start without", told(func(d *etree.Element) {
			require(d)
			d.FindElement("./cpu").CreateAttr("check", "none")
		}), "")
	})
}
