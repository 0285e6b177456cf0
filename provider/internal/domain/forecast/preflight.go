package forecast

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Preflight checks a new domain against its host.
func Preflight(ctx context.Context, fleet *conn.Fleet, plan table.Model) engine.Advice {
	Summarize(table.Model{}, plan).planWait()
	problems, warnings := checkHost(ctx, fleet, nil, plan)
	return engine.Advice{Problems: problems, Warnings: warnings}
}

// checkHost compares the plan and its new values with the host. prior is nil for a new domain.
func checkHost(ctx context.Context, fleet *conn.Fleet, prior, plan table.Model) ([]table.Problem, []string) {
	steps := []engine.HostStep{checkCapabilities, checkFilterSupport, checkReferences}
	if prior == nil {
		steps = append(steps, checkNameIsFree)
	}
	readsFilters := len(table.NewValues(schema.Table.Attrs, prior, plan, naming(table.FilterOnHost))) > 0
	c := engine.CheckHost(ctx, fleet, prior, plan, readsFilters, steps...)
	return c.List(), c.Warnings("domain is made or started")
}

// newValues returns the texts that the plan has and the prior state does not have.
func newValues(c *engine.HostCheck, want func(*table.Attr) bool) []table.NewValue {
	return table.NewValues(schema.Table.Attrs, c.Prior, c.Plan, want)
}

// machineRows are the rows that determine the kind of machine of a domain: what a host offers depends on it.
var machineRows = slices.DeleteFunc(slices.Clone(schema.Table.Attrs), func(a table.Attr) bool { return a.OnHost.Decides != table.MachineKind })

// probeDomain returns the definition of a domain of the planned kind of machine.
func probeDomain(plan table.Model) *etree.Element {
	el := etree.NewElement("domain")
	typ := xmlmodel.Ensure(el, "os", "type")
	if a := plan.Str("arch"); a == "" || a == "x86_64" {
		typ.CreateAttr("machine", "q35") // as schema.NewXML sets it
	}
	xmlmodel.Patch(machineRows, el, nil, plan)
	return el
}

// checkCapabilities checks the plan against the capabilities of the host.
func checkCapabilities(c *engine.HostCheck, l *libvirt.Libvirt) error {
	kind, size, asked := changes(c, table.MachineKind), changes(c, table.MachineSize),
		newValues(c, func(a *table.Attr) bool { return a.OnHost.Capability != nil })
	if !kind && !size && len(asked) == 0 {
		return nil
	}
	el := probeDomain(c.Plan)
	misfits, err := hostinfo.Incompatibilities(nil, l, el)
	if err != nil {
		return err
	}
	for _, m := range misfits {
		if kind && !onlyStartFails(c, m) {
			c.Add(m.About, "%s %s; choose what it has, or another host", c.Host, m.Text)
		}
	}
	if len(misfits) > 0 {
		return nil // the host has no capabilities for a kind of machine that it does not have
	}
	offers, err := hostinfo.CapabilitiesFor(l, el)
	if err != nil {
		return err
	}
	for _, a := range asked {
		capability := a.Attr.OnHost.Capability
		if instead := offers.Lacks(a.Text, capability.Enum, capability.Element...); instead != "" {
			c.AddAt(a.Path, "%s has no %s %q for such a domain, %s; choose another", c.Host, capability.What, a.Text, instead)
		}
	}
	if kind || size {
		return checkSizes(c, l, offers)
	}
	return nil
}

// changes reports whether the plan changes an attribute that determines this aspect of the guest.
func changes(c *engine.HostCheck, what table.Aspect) bool {
	return slices.ContainsFunc(schema.Table.Attrs, func(a table.Attr) bool {
		return a.OnHost.Decides == what && !table.Equal(c.Prior[a.Name], c.Plan[a.Name])
	})
}

// onlyStartFails reports whether an incompatibility matters only when the guest starts, and it is not to start.
func onlyStartFails(c *engine.HostCheck, m hostinfo.Incompatibility) bool {
	return m.About == "cpu.model" && c.Plan.Str("state") == schema.Stopped && strings.HasPrefix(m.Text, "can't run")
}

// checkSizes compares processors and memory of the plan with those of the host.
func checkSizes(c *engine.HostCheck, l *libvirt.Libvirt, offers hostinfo.Capabilities) error {
	top := c.Plan.Group("maximum")
	if most := offers.MaxVCPUs(); most > 0 {
		if n := c.Plan.Int("vcpu"); n > most {
			c.Add("vcpu", "%s gives such a domain at most %d virtual CPUs, got %d; lower it, or choose another machine type or host", c.Host, most, n)
		} else if n := top.Int("vcpu"); n > most {
			c.Add("maximum.vcpu", "%s gives such a domain at most %d virtual CPUs, got %d; lower it, or choose another "+
				"machine type or host", c.Host, most, n)
		}
	}
	all, err := hostinfo.TotalMemory(l)
	if err != nil {
		return err
	}
	// The guest boots with maximum.memory.
	need, at := c.Plan.Int("memory"), "memory"
	if n := top.Int("memory"); n > need {
		need, at = n, "maximum.memory"
	}
	for key := range c.Plan.Group("memory_devices") {
		need += c.Plan.Group("memory_devices").Group(key).Int("size")
	}
	if need > all {
		c.Add(at, "%s has %d MiB of memory in all, and the guest is to have %d MiB; lower it, or choose another host", c.Host, all>>10, need>>10)
	}
	return nil
}

// checkNameIsFree checks name and UUID: libvirt has one domain of each. A domain of the state does not count, since this plan may destroy
// or rename it.
func checkNameIsFree(c *engine.HostCheck, l *libvirt.Libvirt) error {
	name, id := c.Plan.Str("name"), c.Plan.Str("uuid")
	free := func(n hostinfo.Names) bool { return n[name] == "" && (id == "" || !slices.Contains(values(n), id)) }
	domains, err := hostinfo.Domains(l, free)
	if err != nil || free(domains) {
		return err
	}
	for _, other := range table.Keys(models(domains)) {
		if other != name && (id == "" || domains[other] != id) || c.IsInState(schema.Table.Name, other) {
			continue
		}
		at, what := "name", fmt.Sprintf("a domain %q already", name)
		if other != name {
			at, what = "uuid", fmt.Sprintf("a domain with this UUID already, %q", other)
		}
		c.Add(at, "%s has %s; choose another, or take that one over: terraform import ADDRESS %s/%s (ADDRESS is what the plan calls it, %s.NAME)",
			c.Host, what, c.Host, other, schema.Table.TypeName())
	}
	return nil
}

func values(n hostinfo.Names) (all []string) {
	for _, v := range n {
		all = append(all, v)
	}
	return all
}

func models(n hostinfo.Names) table.Model {
	m := table.Model{}
	for k, v := range n {
		m[k] = v
	}
	return m
}
