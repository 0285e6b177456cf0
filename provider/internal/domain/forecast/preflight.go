package forecast

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

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
	refuse, warn := checkHost(ctx, fleet, nil, plan)
	return engine.Advice{Problems: refuse, Warnings: warn}
}

// checkHost holds what is planned, and what of it is new, against the host that is to have it. What the host can't have is refused; what it lacks
// and may get before the domain is made is a warning. A host that can't be asked has nothing against it: the apply will tell.
func checkHost(ctx context.Context, fleet *conn.Fleet, prior, plan table.Model) (refuse []table.Problem, warn []string) {
	name, known := plan["host"].(string)
	if !known || fleet.Pending(name) {
		return nil, nil
	}
	host, err := fleet.Host(name)
	if err != nil {
		return nil, nil
	}
	e := &preflight{ctx: ctx, host: name, prior: prior, plan: plan}
	if len(e.newValues(naming(table.FilterOnHost))) > 0 {
		host.FilterLock.RLock()
		defer host.FilterLock.RUnlock()
	}
	if err := host.Do(ctx, e.run); err != nil {
		return nil, nil
	}
	return e.problems, engine.MissingReferences(e.host, e.plan.Str("name"), "domain is made or started", e.missing)
}

// preflight is what is found out about a plan.
type preflight struct {
	ctx         context.Context
	host        string
	prior, plan table.Model // prior is nil where the domain is new

	problems []table.Problem
	missing  []string
}

func (e *preflight) run(l *libvirt.Libvirt) error {
	steps := []func(*libvirt.Libvirt) error{e.checkCapabilities, e.checkFilterSupport, e.checkReferences}
	if e.prior == nil {
		steps = append(steps, e.checkNameIsFree)
	}
	for _, step := range steps {
		if err := step(l); err != nil {
			return err
		}
	}
	return nil
}

// machineRows say which kind of machine a domain is: what a host offers depends on it.
var machineRows = slices.DeleteFunc(slices.Clone(schema.Table.Attrs), func(a table.Attr) bool { return a.OnHost.Decides != table.MachineKind })

// probeDomain is the definition of a domain of the kind that is planned.
func probeDomain(plan table.Model) *etree.Element {
	el := etree.NewElement("domain")
	typ := xmlmodel.Ensure(el, "os", "type")
	if a := plan.Str("arch"); a == "" || a == "x86_64" {
		typ.CreateAttr("machine", "q35") // as schema.NewXML has it
	}
	xmlmodel.Patch(machineRows, el, nil, plan)
	return el
}

// checkCapabilities holds the plan against the capabilities of the host.
func (e *preflight) checkCapabilities(l *libvirt.Libvirt) error {
	kind, size, asked := e.changes(table.MachineKind), e.changes(table.MachineSize), e.newValues(func(a *table.Attr) bool { return a.OnHost.Capability != nil })
	if !kind && !size && len(asked) == 0 {
		return nil
	}
	el := probeDomain(e.plan)
	misfits, err := hostinfo.Incompatibilities(nil, l, el)
	if err != nil {
		return err
	}
	for _, m := range misfits {
		if kind && !e.onlyStartFails(m) {
			e.addProblem(table.Path(m.About), "%s %s; choose what it has, or another host", e.host, m.Text)
		}
	}
	if len(misfits) > 0 {
		return nil // of a kind that the host does not have, there is nothing to be said
	}
	offers, err := hostinfo.CapabilitiesFor(l, el)
	if err != nil {
		return err
	}
	for _, a := range asked {
		capability := a.Attr.OnHost.Capability
		if instead := offers.Lacks(a.Text, capability.Enum, capability.Element...); instead != "" {
			e.addProblem(a.Path, "%s has no %s %q for such a domain, %s; choose another", e.host, capability.What, a.Text, instead)
		}
	}
	if kind || size {
		return e.checkSizes(l, offers)
	}
	return nil
}

// changes says whether the plan changes an attribute that decides this.
func (e *preflight) changes(what table.Aspect) bool {
	return slices.ContainsFunc(schema.Table.Attrs, func(a table.Attr) bool {
		return a.OnHost.Decides == what && !table.Equal(e.prior[a.Name], e.plan[a.Name])
	})
}

// newValues are the texts that the plan has and the prior state has not.
func (e *preflight) newValues(want func(*table.Attr) bool) []table.NewValue {
	return table.NewValues(schema.Table.Attrs, e.prior, e.plan, want)
}

// onlyStartFails: what only a start takes.
func (e *preflight) onlyStartFails(m hostinfo.Incompatibility) bool {
	return m.About == "cpu.model" && e.plan.Str("state") == schema.Stopped && strings.HasPrefix(m.Text, "can't run")
}

// checkSizes compares processors and memory with what the host has.
func (e *preflight) checkSizes(l *libvirt.Libvirt, offers hostinfo.Capabilities) error {
	top := e.plan.Group("maximum")
	if most := offers.MaxVCPUs(); most > 0 {
		if n := e.plan.Int("vcpu"); n > most {
			e.addProblem(table.Path("vcpu"), "%s gives such a domain at most %d virtual CPUs, got %d; lower it, or choose another machine type or host", e.host, most, n)
		} else if n := top.Int("vcpu"); n > most {
			e.addProblem(table.Path("maximum.vcpu"), "%s gives such a domain at most %d virtual CPUs, got %d; lower it, or choose another machine type or host", e.host, most, n)
		}
	}
	all, err := hostinfo.TotalMemory(l)
	if err != nil {
		return err
	}
	// maximum.memory is what the guest boots with.
	need, at := e.plan.Int("memory"), "memory"
	if n := top.Int("memory"); n > need {
		need, at = n, "maximum.memory"
	}
	for key := range e.plan.Group("memory_devices") {
		need += e.plan.Group("memory_devices").Group(key).Int("size")
	}
	if need > all {
		e.addProblem(table.Path(at), "%s has %d MiB of memory in all, and the guest is to have %d MiB; lower it, or choose another host", e.host, all>>10, need>>10)
	}
	return nil
}

// checkNameIsFree: libvirt has one domain of a name and of a UUID. One that the state has is about to go, or to be called otherwise.
func (e *preflight) checkNameIsFree(l *libvirt.Libvirt) error {
	name, id := e.plan.Str("name"), e.plan.Str("uuid")
	free := func(n hostinfo.Names) bool { return n[name] == "" && (id == "" || !slices.Contains(values(n), id)) }
	domains, err := hostinfo.Domains(l, free)
	if err != nil || free(domains) {
		return err
	}
	for _, other := range table.Keys(models(domains)) {
		if other != name && (id == "" || domains[other] != id) || engine.IsInState(e.ctx, schema.Table.Name, e.host+"/"+other) {
			continue
		}
		path, what := table.Path("name"), fmt.Sprintf("a domain %q already", name)
		if other != name {
			path, what = table.Path("uuid"), fmt.Sprintf("a domain with this UUID already, %q", other)
		}
		e.addProblem(path, "%s has %s; choose another, or take that one over: terraform import ADDRESS %s/%s (ADDRESS is what the plan calls it, %s.NAME)",
			e.host, what, e.host, other, schema.Table.TypeName())
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

func (e *preflight) addProblem(path *tftypes.AttributePath, format string, args ...any) {
	e.problems = append(e.problems, table.Problem{Path: path, Text: fmt.Sprintf(format, args...)})
}
