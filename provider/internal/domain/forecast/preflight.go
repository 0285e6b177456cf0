package forecast

import (
	"context"
	"slices"

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
	o := Summarize(table.Model{}, plan)
	o.planWait()
	o.planEffect()
	problems, warnings := checkHost(ctx, fleet, nil, plan, o)
	advice := engine.Advice{Problems: problems, Warnings: append(warnings, unconfined(plan)...)}
	if len(problems) == 0 {
		addRoom(&advice)(checkNewRoom(ctx, fleet, plan))
	}
	return advice
}

// planned is a plan with what it means: the definition that the apply writes, and what it does to the guest.
type planned struct {
	*definition
	plan    table.Model
	summary ChangeSummary
}

// checkHost compares the plan and its new values with the host. prior is nil for a new domain.
func checkHost(ctx context.Context, fleet *conn.Fleet, prior, plan table.Model, summary ChangeSummary) ([]table.Problem, []string) {
	steps := []engine.HostStep{checkVersions, checkTopology, checkResctrl, checkSecurityDrivers,
		checkCapabilities, checkFilterSupport, checkBridgeVLANs}
	// A domain that is replaced is planned once more, as a new one.
	if prior == nil || len(summary.replacing) == 0 && (len(summary.defined) > 0 || summary.moves) {
		// If the domain's present host cannot be asked, its definition is not known, and cannot be checked.
		if host, err := fleet.Host(plan.Str("host")); err == nil {
			if d, err := plannedDefinition(ctx, fleet, prior, plan); err == nil {
				p := &planned{d, plan, summary}
				steps = append(steps, p.checkReferences, p.checkFiles(host), p.checkVolumes(host), p.checkLocked, p.checkDefinition)
			}
		}
	}
	if prior != nil && prior["name"] != plan["name"] {
		steps = append(steps, checkRename)
	}
	if host, err := fleet.Host(plan.Str("host")); err == nil {
		steps = append(steps, checkSession(host))
		if prior != nil {
			steps = append(steps, checkDiskImages(host))
		}
	}
	readsFilters := len(table.NewValues(schema.Table.Attrs, prior, plan, naming(table.FilterOnHost))) > 0
	c := engine.CheckHost(ctx, fleet, prior, plan, readsFilters, steps...)
	return c.List(), c.Warnings("domain is made or started")
}

// checkDefinition has libvirt check the definition that the apply writes, if everything that was checked before is right.
func (p *planned) checkDefinition(c *engine.HostCheck, l *libvirt.Libvirt) error {
	if len(c.List()) > 0 || !p.certain {
		return nil
	}
	if text := schema.TopologyMismatch(p.is); text != "" {
		at := "vcpu"
		if p.plan.Group("maximum")["vcpu"] != nil {
			at = "maximum.vcpu"
		}
		c.Must(at, "%s", text)
		return nil
	}
	if text := schema.AddressClash(p.is); text != "" {
		c.AddAt(c.Path(), "%s", text)
		return nil
	}
	reason, err := hostinfo.DefinitionRefusal(l, p.is)
	if err == nil && reason == "" && p.summary.ComesUp() {
		reason, err = hostinfo.StartRefusal(l, p.is)
	}
	if reason != "" {
		c.AddAt(c.Path(), "libvirt on %s refuses this domain: %s; correct what that names, or choose another host", c.Host, reason)
	}
	return err
}

// checkVersions refuses attributes that the host's libvirt drops without an error, and values with which it starts no guest.
func checkVersions(c *engine.HostCheck, l *libvirt.Libvirt) error {
	used := table.UsedValues(schema.Table.Attrs, c.Plan, func(a *table.Attr) bool { return a.OnHost.Since > 0 })
	values := table.NewValues(schema.Table.Attrs, nil, c.Plan, func(a *table.Attr) bool { return a.OnHost.ValuesSince != nil })
	if len(used) == 0 && len(values) == 0 {
		return nil
	}
	is, err := l.ConnectGetLibVersion()
	for _, u := range used {
		if err == nil && is < u.Attr.OnHost.Since {
			c.AddAt(u.Path, "'%s' requires libvirt %s, and %s has %s; remove it, or choose another host", u.Attr.Name,
				hostinfo.Version(u.Attr.OnHost.Since), c.Host, hostinfo.Version(is))
		}
	}
	for _, v := range values {
		if since := v.Attr.OnHost.ValuesSince[v.Text]; err == nil && is < since {
			c.AddAt(v.Path, "'%s' %q requires libvirt %s, and %s has %s; change it, or choose another host", v.Attr.Name, v.Text,
				hostinfo.Version(since), c.Host, hostinfo.Version(is))
		}
	}
	return err
}

// checkTopology refuses NUMA nodes and CPUs that the host does not have, in a guest that is to start with them: libvirt leaves out CPUs that do not
// exist without an error.
func checkTopology(c *engine.HostCheck, l *libvirt.Libvirt) error {
	prior := c.Prior
	if prior.Str("host") != c.Host {
		prior = nil
	}
	for _, kind := range []struct {
		what string
		of   func(a *table.Attr) bool
		read func(l *libvirt.Libvirt) ([]int, error)
	}{
		{"NUMA nodes", func(a *table.Attr) bool { return a.OnHost.NUMANodes }, hostinfo.NUMANodes},
		{"CPUs", func(a *table.Attr) bool { return a.OnHost.CPUs }, hostinfo.CPUs},
	} {
		asked := table.NewValues(schema.Table.Attrs, prior, c.Plan, kind.of)
		if len(asked) == 0 || c.Plan.Str("state") == schema.Stopped {
			continue
		}
		have, err := kind.read(l)
		if err != nil {
			return err
		}
		for _, a := range asked {
			set, err := schema.ParseCPUs(a.Text)
			if err != nil || len(have) == 0 {
				continue
			}
			for n := range set {
				if !slices.Contains(have, n) {
					c.AddAt(a.Path, "'%s' must be %s of %s, which has %s, got %q; change that, or choose another host",
						a.Attr.Name, kind.what, c.Host, hostinfo.CPUSet(have), a.Text)
					break
				}
			}
		}
	}
	return nil
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
	if machine := schema.DefaultMachine(plan.Str("arch")); machine != "" {
		typ.CreateAttr("machine", machine)
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
		if kind && !(m.AtStart && c.Plan.Str("state") == schema.Stopped) {
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
		need += schema.DeviceTakes(c.Plan.Group("memory_devices").Group(key))
	}
	if need > all {
		c.Add(at, "%s has %d MiB of memory in all, and the guest is to have %d MiB; lower it, or choose another host", c.Host, all>>10, need>>10)
	}
	return nil
}
