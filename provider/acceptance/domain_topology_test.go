//go:build acceptance

package acceptance

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestDomainTopology asserts that the processors of a new domain are the cores of one socket, that an existing domain keeps its sockets, and that
// the plan refuses a number that does not fit a topology.
func TestDomainTopology(t *testing.T) {
	t.Parallel()
	a := domainAttrs(t, alpha()).with(attrs{"type": "qemu", "state": "stopped", "vcpu": 8})
	topology := func(name, part string) string {
		found := alpha().xml(t, "dumpxml", name).FindElement("cpu/topology")
		if found == nil {
			return "none"
		}
		return found.SelectAttrValue(part, "")
	}
	t.Run("new", func(t *testing.T) {
		s, a := newStack(t), a.with(attrs{"name": unique(t)})
		name := a["name"].(string)
		s.apply(config{aDomain: a})
		s.settled()
		expect(t, "cores", topology(name, "cores"), "8")
		s.apply(config{aDomain: a.with(attrs{"vcpu": 12})})
		s.settled()
		expect(t, "cores of more", topology(name, "cores"), "12")
		s.apply(config{aDomain: a.with(attrs{"vcpu": 1, "maximum": attrs{"vcpu": 4}})})
		s.settled()
		expect(t, "cores of the maximum", topology(name, "cores"), "4")
		s.importable("shutdown")
		expect(t, "cores after an import", topology(name, "cores"), "4")
	})
	t.Run("existing", func(t *testing.T) {
		s, a := newStack(t), a.with(attrs{"name": unique(t)})
		name := a["name"].(string)
		alpha().define(t, "define", "<domain type='qemu'><name>"+name+"</name><memory>32768</memory><vcpu>8</vcpu><os><type machine='q35'>hvm</type></os><features><acpi/><apic/></features></domain>")
		s.write(config{aDomain: a}, nil)
		if o := s.run("import", aDomain, "alpha/"+name); o.code != 0 {
			t.Fatal(o.errors())
		}
		s.apply(config{aDomain: a})
		s.settled()
		expect(t, "topology", topology(name, "cores"), "none")
		s.apply(config{aDomain: a.with(attrs{"vcpu": 4})})
		expect(t, "topology of fewer", topology(name, "cores"), "none")
	})
	t.Run("set", func(t *testing.T) {
		s, a := newStack(t), a.with(attrs{"name": unique(t), "cpu": attrs{"topology": attrs{"cores": 4, "threads": 2}}})
		s.apply(config{aDomain: a})
		s.settled()
		s.importable("shutdown")
		expect(t, "threads", topology(a["name"].(string), "threads"), "2")
		const says = "'vcpu' must be 8, the number of processors of its CPU topology (cores 4, threads 2), got 12; change both together"
		s.planFails(config{aDomain: a.with(attrs{"vcpu": 12})}, says)
		s.planFails(config{aDomain: a.with(attrs{"maximum": attrs{"vcpu": 12}})}, "'vcpu' must be 8, ")
		cores := a.with(attrs{"vcpu": 1, "maximum": attrs{"vcpu": 8}, "cpu": attrs{"topology": attrs{"sockets": 8}}})
		s.apply(config{aDomain: cores})
		s.settled()
		expect(t, "sockets of the maximum", topology(a["name"].(string), "sockets"), "8")
		s.apply(config{aDomain: cores.with(attrs{"cpu": nil})})
		s.settled()
		expect(t, "cores of one socket", topology(a["name"].(string), "sockets")+topology(a["name"].(string), "cores"), "18")
	})
	t.Run("clusters", func(t *testing.T) {
		h := hostWithoutClusters(t)
		a := domainAttrs(t, h).with(attrs{"type": "qemu", "state": "stopped", "vcpu": 4, "cpu": attrs{"topology": attrs{"clusters": 2, "cores": 2}}})
		newStack(t).planFails(config{aDomain: a}, "'clusters' requires libvirt 10.1.0, and "+h.Name+" has ")
	})
}

// hostWithoutClusters returns a host whose libvirt drops the clusters of a topology.
func hostWithoutClusters(t *testing.T) *labHost {
	t.Helper()
	for _, h := range theLab.Hosts {
		if h.libvirt(t) < clustersSince {
			return h
		}
	}
	t.Skip("every host of the lab has libvirt 10.1")
	return nil
}

// TestDomainArchitecture asserts that a domain of another architecture gets what it needs, and that the plan refuses what its machine does not have.
func TestDomainArchitecture(t *testing.T) {
	t.Parallel()
	where := slices.IndexFunc(theLab.Hosts, func(h *labHost) bool { return slices.Contains(h.architectures(t), "aarch64") })
	if where < 0 {
		t.Skip("no host of the lab emulates ARM")
	}
	h, s := theLab.Hosts[where], newStack(t)
	a := domainAttrs(t, h).with(attrs{"type": "qemu", "arch": "aarch64", "state": "paused", "memory": 128 << 10})
	for what, c := range map[string]struct {
		change attrs
		says   string
	}{
		"ACPI":       {attrs{"firmware": "bios", "features": attrs{"acpi": true}}, "ACPI requires UEFI on this architecture"},
		"bus":        {attrs{"disks": attrs{"hda": attrs{"file": "/none", "bus": "ide"}}}, `has no disk bus "ide"`},
		"watchdog":   {attrs{"devices": attrs{"watchdog": attrs{"model": "ib700"}}}, "'model' \"ib700\" requires an x86 machine, got 'arch' \"aarch64\""},
		"32 bits":    {attrs{"cpu": attrs{"mode": "custom", "model": "qemu64"}}, `knows no CPU model "qemu64"`},
		"machine":    {attrs{"machine": "q35"}, `has no machine type "q35"`},
		"processors": {attrs{"vcpu": 4000}, "at most"},
	} {
		t.Run(what, func(t *testing.T) { newStack(t).planFails(config{aDomain: a.with(c.change)}, c.says) })
	}
	log := directory(t) + "/serial.log"
	if err := os.MkdirAll(filepath.Dir(h.path(log)), 0o755); err != nil {
		t.Fatal(err)
	}
	s.apply(config{aDomain: a.with(attrs{
		"state": "running", "serial": attrs{"log_file": log}, "disks": attrs{"vda": attrs{"file": h.guestDisk(t), "format": "raw"}},
	})})
	s.settled()
	eventually(t, "the firmware to print to the serial port", func() bool {
		printed, err := os.ReadFile(h.path(log))
		return err == nil && strings.Contains(string(printed), "UEFI")
	})
	definition := h.xml(t, "dumpxml", "--inactive", a["name"].(string))
	expect(t, "CPU", at(definition, "cpu/model"), "cortex-a57")
	expect(t, "machine", at(definition, "os/type@machine")[:len("virt-")], "virt-")
	expect(t, "firmware", at(definition, "os@firmware"), "efi")
	expect(t, "ACPI", at(definition, "features/acpi?"), "true")
	bare := a.with(attrs{"name": unique(t), "firmware": "bios", "state": "stopped"})
	without := newStack(t)
	without.apply(config{aDomain: bare})
	without.settled()
	expect(t, "ACPI without UEFI", at(h.xml(t, "dumpxml", "--inactive", bare["name"].(string)), "features/acpi?"), "false")
}
