package domain

import (
	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"
	"github.com/google/uuid"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/snapshot"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// facts are what libvirt says of a domain, as it says it.
type facts struct {
	domain    libvirt.Domain
	xml       string // the inactive definition
	live      string // what runs now; "" where nothing does
	autostart bool
	state     string
	active    bool
}

// survey asks for the facts of all domains of a host.
var survey = &conn.BulkReader[libvirt.Domain, facts]{
	List: func(l *libvirt.Libvirt) (map[string]libvirt.Domain, error) {
		all, _, err := l.ConnectListAllDomains(1, 0)
		domains := make(map[string]libvirt.Domain, len(all))
		for _, d := range all {
			domains[uuid.UUID(d.UUID).String()] = d
		}
		return domains, err
	},
	Read: look,
}

func look(l *libvirt.Libvirt, d libvirt.Domain) (facts, error) {
	f := facts{domain: d}
	err := conn.Parallel(
		func() (err error) {
			f.xml, err = l.DomainGetXMLDesc(d, definition)
			return err
		},
		func() error {
			autostart, err := l.DomainGetAutostart(d)
			f.autostart = autostart == 1
			return err
		},
		func() (err error) {
			f.state, f.active, err = observe(l, d)
			return err
		})
	if err == nil && up(f.state) {
		f.live, err = l.DomainGetXMLDesc(d, libvirt.DomainXMLSecure)
	}
	return f, err
}

// read is what the facts say of the domain that m was.
func (f facts) read(l *libvirt.Libvirt, m table.Model) (table.Model, error) {
	defined, err := xmlmodel.Parse(f.xml)
	if err != nil {
		return nil, err
	}
	asItIs := defined
	if f.live != "" {
		asItIs = defined.Copy()
	}
	if _, err := snapshot.WithoutOverlays(l, f.domain, defined, m.Group("disks")); err != nil {
		return nil, err
	}
	seen := xmlmodel.Read(Table.Attrs, defined)
	statedMaximum(seen, m)
	noPassword(seen, defined)
	seen["autostart"], seen["state"], seen["pending_restart"] = f.autostart, f.state, nil
	if f.state == crashed && !f.active && m.Str("state") == stopped {
		seen["state"] = stopped // it crashed, and is as it is wanted
	}
	var live *etree.Element
	var waiting []string
	if f.live != "" {
		if live, err = xmlmodel.Parse(f.live); err != nil {
			return nil, err
		}
		c := compare(live.Copy(), asItIs)
		waiting = c.waiting()
		seen["pending_restart"] = listed(waiting)
		c.drifted(m, seen)
	}
	seen["undeclared"] = undeclared(m, seen, defined, live, waiting)
	return seen, nil
}
