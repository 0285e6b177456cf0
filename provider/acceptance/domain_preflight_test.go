//go:build acceptance

package acceptance

import (
	"fmt"
	"strings"
	"testing"
)

func TestDomainPreflight(t *testing.T) {
	t.Parallel()
	t.Run("a value that the host can't satisfy fails the plan", testUnsatisfiableValues)
	t.Run("what the host lacks but the same apply may create is a warning", testMissingDependencyWarns)
	t.Run("a plan of many domains makes few calls", testPlanOfManyDomains)
}

// testUnsatisfiableValues asserts that the plan reports what the host can't provide, for new domains and for changed ones.
func testUnsatisfiableValues(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), domainAttrs(t, alpha()).with(attrs{"type": "qemu", "state": "stopped"})
	newest := at(alpha().xml(t, "domcapabilities", "--virttype", "qemu", "--machine", "q35"), "machine")
	all := strings.TrimSuffix(strings.TrimSpace(strings.SplitN(lineOf(alpha().virsh(t, "nodeinfo"), "Memory size"), ":", 2)[1]), " KiB")
	var kib int // a virtual host may get more memory during the test
	if _, err := fmt.Sscan(all, &kib); err != nil {
		t.Fatal(err)
	}
	const choose = "; choose what it has, or another host"
	atMost := "alpha gives such a domain at most " + alpha().mostCPUs(t, "q35") + " virtual CPUs, got 999"
	for what, c := range map[string]struct {
		change attrs
		says   string
		all    []string // what the list after that names, where it is short
	}{
		"machine":    {attrs{"machine": "pc-q35-99.1"}, `alpha has no machine type "pc-q35-99.1", but ` + newest + choose, nil},
		"nonsense":   {attrs{"machine": "q36"}, `alpha has no machine type "q36", but q35, `, nil},
		"arch":       {attrs{"arch": "vax"}, "alpha has no emulator for vax, only for ", alpha().architectures(t)},
		"CPU mode":   {attrs{"cpu": attrs{"mode": "host-passthrough"}}, `alpha has no CPU mode "host-passthrough" for domains of type "qemu", but `, nil},
		"CPU model":  {attrs{"cpu": attrs{"mode": "custom", "model": "Nehalen"}}, `alpha knows no CPU model "Nehalen", but Nehalem, `, nil},
		"bus":        {attrs{"machine": "q35", "disks": attrs{"hda": attrs{"file": "/none", "bus": "ide"}}}, `alpha has no disk bus "ide" for such a domain, only `, nil},
		"TPM":        {attrs{"machine": "pc", "devices": attrs{"tpm": attrs{"model": "tpm-spapr"}}}, `alpha has no TPM model "tpm-spapr" for such a domain, only `, alpha().tpms(t, "pc")},
		"processors": {attrs{"vcpu": 999}, atMost + "; lower it, or choose another machine type or host", nil},
		"most":       {attrs{"maximum": attrs{"vcpu": 999}}, atMost, nil},
		"memory":     {attrs{"memory": 4 * kib}, fmt.Sprintf(" MiB of memory in all, and the guest is to have %d MiB; lower it, or choose another host", 4*kib>>10), nil},
	} {
		t.Run(what, func(t *testing.T) {
			s := newStack(t)
			told := s.planFails(config{aDomain: a.with(c.change)}, c.says)
			if c.all != nil {
				namesAfter(t, told, c.says, c.all)
			}
		})
	}
	s.apply(config{aDomain: a})
	s.planFails(config{aDomain: a.with(attrs{"machine": "pc-q35-99.1"})}, `alpha has no machine type "pc-q35-99.1", but `+newest+choose)
	s.planFails(config{aDomain: a.with(attrs{"vcpu": 999})}, atMost)
	s.planFails(config{aDomain: a.with(attrs{"disks": attrs{"hda": attrs{"file": "/none", "bus": "ide"}}})}, `alpha has no disk bus "ide" for such a domain, only `)

	name := a["name"].(string)
	t.Run("taken", func(t *testing.T) {
		other := newStack(t)
		other.planFails(config{aDomain: a}, fmt.Sprintf("alpha already has a domain %q; choose another, or import that one: terraform import ADDRESS alpha/%s (ADDRESS is the "+
			"resource's address in the plan, libvirt_domain.NAME)", name, name))
		other.planFails(config{aDomain: a.with(attrs{"name": unique(t), "uuid": s.state(aDomain)["uuid"]})}, fmt.Sprintf("alpha already has a domain with this UUID, %q", name))
	})
	// A domain that is replaced does not conflict with itself.
	s.shows(config{aDomain: a.with(attrs{"arch": "i686"})}, "must be replaced")
	if o := s.run("taint", aDomain); o.code != 0 {
		t.Fatal(o.stdout)
	}
	s.shows(config{aDomain: a}, "must be replaced")
}

// testMissingDependencyWarns asserts that the plan warns about an object that the same apply may create, and does not warn if the apply is
// certain to create it.
func testMissingDependencyWarns(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), domainAttrs(t, alpha()).with(attrs{"state": "stopped"})
	_, dir := alpha().pool(t)
	lan := unique(t)
	on := func(network string) attrs {
		return a.with(attrs{"interfaces": attrs{"lan": attrs{"network": network}}})
	}
	warns := func(c config, says ...string) {
		t.Helper()
		o := s.plan(c)
		if o.code == 1 {
			t.Fatal(o.errors())
		}
		s.says(o.warnings(), says)
		if len(says) == 0 && o.warnings() != "" {
			t.Errorf("the plan warns: %s", o.warnings())
		}
	}
	warns(config{aDomain: on(lan)}, fmt.Sprintf("alpha does not have network %q (interfaces[\"lan\"].network)", lan), fmt.Sprintf("%s refers to it, and no resource planned earlier creates it.", a["name"]))
	network := attrs{"host": "alpha", "name": lan}
	warns(config{aDomain: put(on("${libvirt_network.lan.name}"), []string{"interfaces", "lan", "filter"}, "clean-trafic"), "libvirt_network.lan": network},
		`network filter "clean-trafic" (interfaces["lan"].filter), but clean-traffic, `)
	warns(config{aDomain: on("${libvirt_network.lan.name}"), "libvirt_network.lan": network})
	warns(config{aDomain: a.with(attrs{"disks": attrs{"vda": attrs{"file": dir + "/none.img"}}})}, fmt.Sprintf(`alpha does not have the file %s/none.img (disks["vda"].file)`, dir))

	c := config{aDomain: on("${libvirt_network.lan.name}"), "libvirt_network.lan": network}
	s.apply(c)
	s.settled()
	alpha().virsh(t, "net-destroy", lan)
	warns(config{aDomain: a.with(attrs{"interfaces": attrs{"lan": attrs{"network": lan}, "more": attrs{"network": "${libvirt_network.lan.name}"}}}), "libvirt_network.lan": network})
	s.destroy()
}

// testPlanOfManyDomains asserts that a plan asks the host for its capabilities only a few times, however many domains it has.
func testPlanOfManyDomains(t *testing.T) {
	t.Parallel()
	const many = 200
	lan, c := alpha().network(t), config{}
	for i := range many {
		c[fmt.Sprintf("libvirt_domain.n%d", i)] = domainAttrs(t, alpha()).with(attrs{"memory": 1024, "cpu": attrs{"mode": "custom", "model": "qemu64"}, "interfaces": attrs{"lan": attrs{"network": lan}}})
	}
	asked := 0
	p := newProxy(t, alpha(), func(m message) verdict {
		if m.kind == call {
			asked++
		}
		return pass
	})
	s := newStack(t)
	s.hosts[alpha().Name] = p.uri
	s.shows(c, fmt.Sprintf("%d to add", many))
	p.mu.Lock()
	defer p.mu.Unlock()
	if asked == 0 || asked > many/4 {
		t.Errorf("for %d machines, the host was asked %d times", many, asked)
	}
}
