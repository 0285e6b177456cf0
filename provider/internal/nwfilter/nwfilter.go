package nwfilter

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"
	"github.com/google/uuid"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/journal"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/usage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Resource is libvirt_nwfilter.
type Resource struct{}

// The engine looks these interfaces up by a type assertion.
var (
	_ engine.Planner     = Resource{}
	_ engine.Preflighter = Resource{}
	_ engine.Validator   = Resource{}
	_ engine.Exclusive   = Resource{}
)

// Table returns the filter's table.
func (Resource) Table() *table.Table { return Table }

// ImportID returns host/name.
func (Resource) ImportID(m table.Model) string { return m.Str("host") + "/" + m.Str("name") }

// ParseImportID takes the name.
func (Resource) ParseImportID(parts []string) (table.Model, error) {
	return table.Model{"name": parts[0]}, nil
}

// Validate checks for filters that libvirt accepts but that cannot work.
func (Resource) Validate(config table.Model) []table.Problem {
	p := table.NewProblems()
	for i, name := range config.List("filters").Items() {
		if name == config.Str("name") {
			p.AddAt(p.Path().WithAttributeName("filters").WithElementKeyInt(i), "'filters' must not name the filter itself, %q; remove it", name)
		}
	}
	rules := config.Group("rules")
	for _, key := range table.Keys(rules) {
		rule, p := rules.Group(key), p.Entry("rules", key)
		if items := rule.List("match").Items(); !slices.IsSorted(items) {
			slices.Sort(items)
			p.Must("match", "be sorted: %q", items)
		}
		checkProtocol(p, rule)
		if rule["action"] == "reject" && slices.Index(protocols, rule.Str("protocol")) < slices.Index(protocols, "tcp") &&
			rule.Str("protocol") != "" {
			p.Add("action", "'action' \"reject\" cannot be combined with 'protocol' %q: a bridge cannot send an answer; use \"drop\"",
				rule.Str("protocol"))
		}
	}
	return p.List()
}

// Read looks the filter up by name.
func (Resource) Read(ctx context.Context, host *conn.Host, m table.Model) (table.Model, error) {
	var seen table.Model
	host.FilterLock.RLock()
	defer host.FilterLock.RUnlock()
	err := host.Do(ctx, func(l *libvirt.Libvirt) error {
		text, err := definition(l, m.Str("name"))
		if err == nil {
			seen, err = xmlmodel.ReadText(Table.Attrs, text)
		}
		return err
	})
	if seen != nil && seen["priority"] == nil && m["priority"] == int64(0) {
		seen["priority"] = int64(0) // libvirt records no priority of 0
	}
	if own, there := defaultPriority[baseChain(seen.Str("chain"))]; there && m["priority"] == nil && seen["priority"] == any(own) {
		seen["priority"] = nil
	}
	return seen, err
}

func definition(l *libvirt.Libvirt, name string) (string, error) {
	f, err := l.NwfilterLookupByName(name)
	if err != nil {
		return "", err
	}
	return l.NwfilterGetXMLDesc(f, 0)
}

// changeLimit is how long a host may take to apply a change to the guests. libvirt (9.0) updates one interface after
// the other and starts a process for each rule, about 150 of them: for a hundred guests that takes minutes.
const changeLimit = time.Hour

// Create defines the filter with a UUID of its own, by which the journal recognizes it.
func (Resource) Create(ctx context.Context, host *conn.Host, plan table.Model) (begun bool, err error) {
	id := uuid.NewString()
	filter := newFilter(plan.Str("name"), id)
	sent := false
	host.FilterLock.RLock()
	defer host.FilterLock.RUnlock()
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		switch _, err := l.NwfilterLookupByName(plan.Str("name")); {
		case err == nil:
			return conn.ErrExists
		case !conn.IsNotFound(err):
			return err
		}
		if err := journal.Record(ctx, id); err != nil {
			return err
		}
		sent = true
		return define(l, filter, nil, plan)
	})
	return err == nil || (sent && errors.Is(err, conn.ErrLost)), diag.Wrap("define", err)
}

// newFilter writes the XML of a filter without rules.
func newFilter(name, id string) *etree.Element {
	filter := etree.NewElement("filter")
	filter.CreateAttr("name", name)
	filter.CreateElement("uuid").SetText(id)
	return filter
}

// rewrite writes a plan into a filter's XML.
func rewrite(filter *etree.Element, prior, plan table.Model) {
	xmlmodel.Patch(Table.Attrs, filter, prior, plan)
	sortRules(filter)
}

func define(l *libvirt.Libvirt, filter *etree.Element, prior, plan table.Model) error {
	rewrite(filter, prior, plan)
	text, err := xmlmodel.Text(filter)
	if err != nil {
		return err
	}
	_, err = l.NwfilterDefineXML(text)
	return err
}

// Update defines the filter again. libvirt applies the new rules to the guests before it removes the old ones.
// https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/nwfilter/nwfilter_gentech_driver.c, virNWFilterUpdateInstantiateFilter
func (Resource) Update(ctx context.Context, host *conn.Host, prior, plan table.Model) error {
	host.FilterLock.Lock()
	defer host.FilterLock.Unlock()
	err := host.DoOnOwnConnection(ctx, changeLimit, func(l *libvirt.Libvirt) error {
		was, err := definition(l, plan.Str("name"))
		if err != nil {
			return err
		}
		filter, err := xmlmodel.Parse(was)
		if err != nil {
			return err
		}
		return define(l, filter, prior, plan)
	})
	return diag.Wrap("update", err)
}

// Delete removes the filter. libvirt refuses if a running guest uses it, but not if a stopped one does, which could
// then not start.
func (Resource) Delete(ctx context.Context, host *conn.Host, m table.Model) error {
	host.FilterLock.RLock()
	defer host.FilterLock.RUnlock()
	err := host.Do(ctx, func(l *libvirt.Libvirt) error {
		f, err := l.NwfilterLookupByName(m.Str("name"))
		if err != nil {
			return err
		}
		users, err := usage.OfFilter(l, f.Name)
		if err != nil {
			return err
		}
		if len(users) > 0 {
			return diag.New("destroy", "Nothing was changed. Change or remove the filter of their interfaces first.",
				"on %s: it is used by interfaces of %s", host.Name, usage.Names(users))
		}
		return l.NwfilterUndefine(f)
	})
	return diag.IgnoreNotFound("destroy", err)
}
