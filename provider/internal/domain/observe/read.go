package observe

import (
	"context"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"
	"github.com/google/uuid"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/snapshot"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// facts are what libvirt reports about a domain, unprocessed.
type facts struct {
	domain    libvirt.Domain
	xml       string // the inactive definition
	live      string // the definition of the running guest; "" if nothing runs
	autostart bool
	state     string
	active    bool
	confined  string // what confines the running guest; "" for nothing
}

// bulkReader reads the facts of all domains of a host.
var bulkReader = &conn.BulkReader[libvirt.Domain, facts]{
	List: func(l *libvirt.Libvirt) (map[string]libvirt.Domain, error) {
		all, _, err := l.ConnectListAllDomains(1, 0)
		domains := make(map[string]libvirt.Domain, len(all))
		for _, d := range all {
			domains[uuid.UUID(d.UUID).String()] = d
		}
		return domains, err
	},
	Read: readFacts,
}

func readFacts(l *libvirt.Libvirt, d libvirt.Domain) (facts, error) {
	f := facts{domain: d}
	err := conn.Parallel(
		func() (err error) {
			f.xml, err = l.DomainGetXMLDesc(d, DefinitionFlags)
			return err
		},
		func() error {
			autostart, err := l.DomainGetAutostart(d)
			f.autostart = autostart == 1
			return err
		},
		func() (err error) {
			f.state, f.active, err = RunState(l, d)
			return err
		})
	if err == nil && schema.GuestIsUp(f.state) {
		err = conn.Parallel(
			func() (err error) {
				f.live, err = l.DomainGetXMLDesc(d, libvirt.DomainXMLSecure)
				return err
			},
			func() (err error) {
				f.confined, err = confinedBy(l, d)
				return err
			})
	}
	return f, err
}

// DefinitionFlags select the definition that the next start uses, with its passwords: defining it again without them would remove them.
const DefinitionFlags = libvirt.DomainXMLInactive | libvirt.DomainXMLSecure

// Find looks up a domain by its UUID, or by its name if the UUID is not known yet.
func Find(l *libvirt.Libvirt, m table.Model) (libvirt.Domain, error) {
	id, err := uuid.Parse(m.Str("uuid"))
	if err != nil {
		return l.DomainLookupByName(m.Str("name"))
	}
	return l.DomainLookupByUUID(libvirt.UUID(id))
}

// Former is a domain before it is changed: what it has to be put back to if the change fails.
type Former struct {
	Domain   libvirt.Domain
	Inactive string // the inactive definition
	Live     string // the definition of the running guest; "" if nothing runs
	State    string
}

// ReadFormer reads a domain before a change.
func ReadFormer(l *libvirt.Libvirt, d libvirt.Domain) (Former, error) {
	f, err := readFacts(l, d)
	return Former{Domain: d, Inactive: f.xml, Live: f.live, State: f.state}, err
}

// Read reads the inactive definition and the run state of a domain.
func Read(ctx context.Context, host *conn.Host, m table.Model) (table.Model, error) {
	f, ahead := bulkReader.Get(ctx, host, m.Str("uuid"))
	var seen table.Model
	err := host.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		if !ahead {
			var d libvirt.Domain
			if d, err = Find(l, m); err != nil {
				return err
			}
			if f, err = readFacts(l, d); err != nil {
				return err
			}
		}
		seen, err = f.read(ctx, host, l, m)
		return err
	})
	return seen, err
}

// read converts the facts to a model. m is the last known model of the domain.
func (f facts) read(ctx context.Context, host *conn.Host, l *libvirt.Libvirt, m table.Model) (table.Model, error) {
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
	seen := xmlmodel.Read(schema.Table.Attrs, defined)
	for i := range schema.Table.Attrs {
		if correct := schema.Table.Attrs[i].Running.Observed; correct != nil {
			correct(seen, m, defined)
		}
	}
	written := schema.WrittenIn(defined)
	if m["state"] == nil { // an import takes everything
		schema.ForgetAssigned(seen, written)
		written = nil
		if err := notePools(l, seen); err != nil {
			return nil, err
		}
	}
	seen["name"], seen["autostart"], seen["state"], seen["pending_restart"] = f.domain.Name, f.autostart, f.state, nil
	if seen["confined_by"] = nil; f.confined != "" {
		seen["confined_by"] = f.confined
	}
	if f.state == schema.Crashed && !f.active && m.Str("state") == schema.Stopped {
		seen["state"] = schema.Stopped // it crashed, and is stopped as wanted
	}
	var live *etree.Element
	var waiting []string
	var compared comparison
	if f.live != "" {
		if live, err = xmlmodel.Parse(f.live); err != nil {
			return nil, err
		}
		compared = compareDefinitions(live.Copy(), asItIs)
		waiting = compared.pending()
		seen["pending_restart"] = schema.JoinPaths(waiting)
		compared.addDrift(m, seen)
		markCutOff(ctx, host, f.domain, live, m, seen)
	}
	plain := seen.Clone()
	alone := schema.LeaveAlone(seen, m)
	known := knownModel(written.WithImages(m).Find(m, seen), seen.Clone())
	settings := undeclaredSettings(known, plain, defined)
	if live != nil {
		settings = append(settings, compared.settingsOfGuest(known)...)
	}
	seen["undeclared"] = undeclared(undeclaredDevices(known, defined, live, waiting, alone), settings)
	return seen, nil
}
