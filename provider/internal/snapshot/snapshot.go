package snapshot

import (
	"context"
	"errors"
	"time"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/confinement"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/runguard"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Resource is libvirt_domain_snapshot.
type Resource struct{}

// The engine looks these interfaces up by a type assertion.
var (
	_ engine.Planner     = Resource{}
	_ engine.Preflighter = Resource{}
	_ engine.Validator   = Resource{}
	_ engine.Exclusive   = Resource{}
	_ engine.MemoryUser  = Resource{}

	_ engine.DestroyPlanner = Resource{}
)

// Table returns the snapshot's table.
func (Resource) Table() *table.Table { return Table }

// ImportID returns host/domain/name.
func (Resource) ImportID(m table.Model) string {
	return m.Str("host") + "/" + m.Str("domain") + "/" + m.Str("name")
}

// ParseImportID takes the domain and the name.
func (Resource) ParseImportID(parts []string) (table.Model, error) {
	return table.Model{"domain": parts[0], "name": parts[1]}, nil
}

// copyLimit is how long the host may take to write a guest's memory, or to merge overlays into the disks.
const copyLimit = 24 * time.Hour

func find(l *libvirt.Libvirt, m table.Model) (d libvirt.Domain, s libvirt.DomainSnapshot, err error) {
	if d, err = l.DomainLookupByName(m.Str("domain")); err == nil {
		s, err = l.DomainSnapshotLookupByName(d, m.Str("name"), 0)
	}
	return d, s, err
}

func fetch(l *libvirt.Libvirt, s libvirt.DomainSnapshot, flags libvirt.DomainSnapshotXMLFlags) (*record, error) {
	xml, err := l.DomainSnapshotGetXMLDesc(s, uint32(flags))
	if err != nil {
		return nil, err
	}
	return parse(xml)
}

// Read reads libvirt's record of the snapshot.
func (Resource) Read(ctx context.Context, host *conn.Host, m table.Model) (table.Model, error) {
	var r *record
	err := host.Do(ctx, func(l *libvirt.Libvirt) error {
		_, s, err := find(l, m)
		if err == nil {
			r, err = fetch(l, s, 0)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if !r.external() {
		return nil, diag.New("read", "This resource manages external snapshots only. Use virsh for this one.",
			"it is an internal snapshot, which is stored inside the disks' own files")
	}
	seen := r.model()
	// libvirt reports 'disk-snapshot' for both a running and a paused guest; the state remembers which it was.
	if r.state == "disk-snapshot" && m.Str("state") == paused {
		seen["state"] = paused
	}
	return seen, nil
}

// Create creates the snapshot. If libvirt cannot complete it, libvirt undoes it.
func (Resource) Create(ctx context.Context, host *conn.Host, plan table.Model) (begun bool, err error) {
	defer lock(host.Name, plan.Str("domain"))()
	sent := false
	err = host.Stream(ctx, copyLimit, func(l *libvirt.Libvirt) error {
		d, err := l.DomainLookupByName(plan.Str("domain"))
		if err != nil {
			return err
		}
		switch _, err := l.DomainSnapshotLookupByName(d, plan.Str("name"), 0); {
		case err == nil:
			return conn.ErrExists
		case !conn.IsNotFound(err):
			return err
		}
		if err := untouched(ctx, host, l, d, "create", "No snapshot was made of it"); err != nil {
			return err
		}
		xml, flags, kept, err := design(l, d, plan)
		if err != nil {
			return err
		}
		f := files{host, l}
		if err := f.keep(kept); err != nil {
			return err
		}
		sent = true
		_, err = l.DomainSnapshotCreateXML(d, xml, uint32(flags))
		if _, answered := conn.Message(err); answered {
			for _, s := range kept {
				_ = f.remove(s.copy) // libvirt's error matters more
			}
		}
		return err
	})
	return err == nil || (sent && errors.Is(err, conn.ErrLost)), err
}

// Update changes the description, and reverts the domain if 'revert' changed.
func (Resource) Update(ctx context.Context, host *conn.Host, prior, plan table.Model) error {
	defer lock(host.Name, plan.Str("domain"))()
	if reverts(prior, plan) {
		if err := revert(ctx, host, plan); err != nil {
			return diag.Wrap("revert to", err)
		}
	}
	if prior["description"] == plan["description"] {
		return nil
	}
	return host.Do(ctx, func(l *libvirt.Libvirt) error {
		d, s, err := find(l, plan)
		if err != nil {
			return err
		}
		r, err := fetch(l, s, libvirt.DomainSnapshotXMLSecure)
		if err != nil {
			return err
		}
		r.describeAs(plan["description"])
		return redefine(l, d, s, r)
	})
}

// redefine updates the record of a snapshot. It does not change the domain.
func redefine(l *libvirt.Libvirt, d libvirt.Domain, s libvirt.DomainSnapshot, r *record) error {
	xml, err := xmlmodel.Text(r.root)
	if err != nil {
		return err
	}
	flags := libvirt.DomainSnapshotCreateRedefine
	current, err := l.DomainSnapshotIsCurrent(s, 0)
	if err != nil {
		return err
	}
	if current == 1 {
		flags |= libvirt.DomainSnapshotCreateCurrent
	}
	_, err = l.DomainSnapshotCreateXML(d, xml, uint32(flags))
	return err
}

// Delete merges what was written after the snapshot into the frozen files, and removes files that are no longer
// needed. libvirt (since 9.0) does it on a running guest, with a QEMU without a guest for a stopped one, and anywhere
// in a chain.
func (Resource) Delete(ctx context.Context, host *conn.Host, m table.Model) error {
	defer lock(host.Name, m.Str("domain"))()
	err := host.Stream(ctx, copyLimit, func(l *libvirt.Libvirt) error {
		d, s, err := find(l, m)
		if err != nil {
			return err
		}
		if err := confinement.Restore(l, d); err != nil {
			return err
		}
		r, err := fetch(l, s, libvirt.DomainSnapshotXMLSecure)
		if err != nil {
			return err
		}
		if err := untouched(ctx, host, l, d, "destroy", "Its overlays were not merged"); err != nil {
			return err
		}
		if err := mergeable(l, d, r); err != nil {
			return err
		}
		if err := writeBackingChain(l, d, r); err != nil {
			return err
		}
		f := files{host, l}
		if err := f.begin(d, s, r); err != nil {
			return err
		}
		if err := merge(l, d, s); err != nil {
			return f.refused(d, s, r, err)
		}
		return f.remove(f.keptFor(r)...)
	})
	return diag.IgnoreNotFound("destroy", err)
}

// merge has libvirt merge the overlays of a snapshot.
func merge(l *libvirt.Libvirt, d libvirt.Domain, s libvirt.DomainSnapshot) error {
	active, err := l.DomainIsActive(d)
	if err != nil {
		return err
	}
	if active == 1 {
		return l.DomainSnapshotDelete(s, 0)
	}
	restore, err := confinement.Lift(l, d)
	if err != nil {
		return err
	}
	return errors.Join(l.DomainSnapshotDelete(s, 0), restore())
}

// mergeable refuses what libvirt (9.0) fails at silently, or what would damage the guest's saved state.
func mergeable(l *libvirt.Libvirt, d libvirt.Domain, r *record) error {
	if err := notSaved(l, d, "destroy"); err != nil {
		return err
	}
	domain, err := describe(l, d, 0)
	if err != nil {
		return err
	}
	disks := disksOf(domain)
	for _, target := range r.targets() {
		if disks[target] == nil {
			return diag.New("destroy", "Attach that overlay to the domain again, under the same name, and run the command again.",
				"disk %q is no longer in the domain, and %s cannot be merged without it", target, r.layers[target].overlay)
		}
	}
	return deniedByAppArmor(domain, r)
}

// untouched refuses to work on the disks of a domain that is stopped here if another host runs it: the hosts may share
// the disks.
func untouched(ctx context.Context, host *conn.Host, l *libvirt.Libvirt, d libvirt.Domain, verb, undone string) error {
	active, err := l.DomainIsActive(d)
	if err != nil || active == 1 {
		return err
	}
	return runguard.EnsureNotRunningElsewhere(ctx, host, d, verb, undone)
}

// notSaved refuses to work on the disks of a guest with a saved state: it would resume with other disks than it knows.
func notSaved(l *libvirt.Libvirt, d libvirt.Domain, verb string) error {
	saved, err := l.DomainHasManagedSaveImage(d, 0)
	if err != nil || saved == 0 {
		return err
	}
	return diag.New(verb, "Start the domain so that it resumes, and run the command again.",
		"the domain has a saved state (managed save), which requires its disks as they are now")
}
