package snapshot

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"strings"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/room"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// reverts reports whether a change reverts the domain to the snapshot.
func reverts(prior, plan table.Model) bool {
	return plan["revert"] != nil && plan["revert"] != "" && plan["revert"] != prior["revert"]
}

// Plan warns about the effect of a revert, and refuses it if it is not possible.
func (Resource) Plan(ctx context.Context, fleet *conn.Fleet, prior, _, plan table.Model) engine.Advice {
	var a engine.Advice
	if !reverts(prior, plan) {
		return a
	}
	plan["disks"] = table.Unknown
	a.Warnings = []string{fmt.Sprintf("%s reverts to snapshot %q of %s: data written since then is lost\n%s", plan.Str("domain"), plan.Str("name"),
		prior.Str("created"), afterwards(prior))}
	host, err := fleet.Host(prior.Str("host"))
	if err != nil {
		return a // the apply says so
	}
	var reason error
	var stays []stateFile
	var claim room.Claim
	var leaves bool
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		d, s, err := find(l, prior)
		if err != nil {
			return err
		}
		r, err := fetch(l, s, 0)
		if err != nil {
			return err
		}
		f := files{host, l}
		if reason = f.obstacle(s, r); reason != nil {
			return nil
		}
		if stays, err = f.staying(d, r); err != nil {
			return err
		}
		claim, leaves, err = claimOf(l, d, r, prior.Str("state"))
		return err
	})
	if err != nil {
		return a
	}
	problems := table.NewProblems()
	if reason != nil {
		problems.Add("revert", "%s", reason)
	}
	refusal, warning := planRoom(ctx, host, claim, leaves)
	if refusal != "" {
		problems.Add("revert", "%s", refusal)
	}
	if warning != "" {
		a.Warnings = append(a.Warnings, warning)
	}
	a.Problems = problems.List()
	for _, s := range stays {
		a.Warnings = append(a.Warnings, fmt.Sprintf("%s keeps the %s that it has now\nSnapshot %q has no copy of them from that time: it "+
			"was created by another tool or an earlier version, or libvirt could not read %s. Everything else of the machine "+
			"reverts.", plan.Str("domain"), s.what,
			plan.Str("name"), s.file))
	}
	return a
}

// staying returns the state files that a revert leaves as they are now.
func (f files) staying(d libvirt.Domain, r *record) ([]stateFile, error) {
	if r.memory != "" {
		return nil, nil
	}
	domain, err := describe(f.l, d, libvirt.DomainXMLInactive)
	if err != nil {
		return nil, err
	}
	return f.missing(stateOf(domain, r.directoryOf(), d.Name, r.name))
}

// Preflight says what a new snapshot of a domain that exists will not contain.
func (Resource) Preflight(ctx context.Context, fleet *conn.Fleet, plan table.Model) engine.Advice {
	c := engine.CheckHost(ctx, fleet, nil, plan, false, checkNameIsFree)
	a := engine.Advice{Problems: c.List()}
	host, err := fleet.Host(plan.Str("host"))
	if err != nil || plan["memory"] != false || plan.Str("domain") == "" {
		return a
	}
	var unreadable []stateFile
	// A host that cannot be asked adds no warning.
	_ = host.Do(ctx, func(l *libvirt.Libvirt) error {
		d, err := l.DomainLookupByName(plan.Str("domain"))
		if err != nil {
			return err
		}
		domain, err := describe(l, d, libvirt.DomainXMLInactive)
		if err != nil {
			return err
		}
		unreadable = files{host, l}.unreadable(stateOf(domain, "", d.Name, plan.Str("name")))
		return nil
	})
	for _, s := range unreadable {
		a.Warnings = append(a.Warnings, fmt.Sprintf("Snapshot %q of %s will not contain the %s\nlibvirt cannot read %s on %s. A revert leaves "+
			"it as it is at that time. A snapshot with 'memory' contains it.", plan.Str("name"), plan.Str("domain"), s.what, s.file, host.Name))
	}
	return a
}

// PlanDestroy refuses what the destruction would refuse: a merge that is not possible now.
func (Resource) PlanDestroy(ctx context.Context, fleet *conn.Fleet, prior table.Model) engine.Advice {
	host, err := fleet.Host(prior.Str("host"))
	if err != nil {
		return engine.Advice{}
	}
	problems := table.NewProblems()
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		d, s, err := find(l, prior)
		if err != nil {
			return err
		}
		r, err := fetch(l, s, 0)
		if err != nil {
			return err
		}
		err = untouched(ctx, host, l, d, "destroy", "Its overlays were not merged")
		if err == nil {
			err = mergeable(l, d, r)
		}
		var refusal *diag.Error
		if errors.As(err, &refusal) && !errors.Is(err, conn.ErrUnreachable) {
			problems.Add("", "%s. %s", refusal, refusal.Remedy)
			return nil
		}
		return err
	})
	if err != nil {
		return engine.Advice{}
	}
	return engine.Advice{Problems: problems.List()}
}

// checkNameIsFree refuses the name of a snapshot that the domain has.
func checkNameIsFree(c *engine.HostCheck, l *libvirt.Libvirt) error {
	d, _, err := find(l, c.Plan)
	if conn.IsNotFound(err) {
		return nil
	}
	if err == nil && !c.IsInState(Table.Name, d.Name+"/"+c.Plan.Str("name")) {
		c.Add("name", "%s on %s already has a snapshot %q; choose another name, or import that snapshot: terraform import ADDRESS %s (ADDRESS "+
			"is the resource's address in the plan, %s.NAME)", d.Name, c.Host, c.Plan.Str("name"), Resource{}.ImportID(c.Plan), Table.TypeName())
	}
	return err
}

func afterwards(prior table.Model) string {
	switch {
	case prior.Bool("memory"):
		return "The domain is powered off and continues from the saved memory."
	case prior.Str("state") == stopped:
		return "The domain is powered off and stays stopped, as it was at that time."
	case prior.Str("state") == paused:
		return "The domain is powered off and starts paused, as it was at that time."
	default:
		return "The domain is powered off and starts again from its disks."
	}
}

// obstacle returns why a domain cannot revert to a snapshot; nil if it can.
func (f files) obstacle(s libvirt.DomainSnapshot, r *record) error {
	if r.begun != nil && !f.unwritten(r) {
		return fmt.Errorf("'revert' is not possible for %q: its destruction was begun, and its frozen files may have changed since; undo this "+
			"change, and destroy the snapshot", r.name)
	}
	later, _, err := f.l.DomainSnapshotListAllChildren(s, 1, uint32(libvirt.DomainSnapshotListDescendants))
	if err != nil || len(later) == 0 {
		return err
	}
	names := make([]string, 0, len(later))
	for _, s := range later {
		names = append(names, s.Name)
	}
	sort.Strings(names)
	return fmt.Errorf("'revert' requires the latest snapshot, and after %q there is %s, whose files depend on data written since; undo this "+
		"change, or destroy that snapshot first", r.name, strings.Join(names, ", "))
}
