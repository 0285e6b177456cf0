package snapshot

import (
	"context"
	"fmt"
	"sort"
	"strings"

	"github.com/digitalocean/go-libvirt"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
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
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		_, s, err := find(l, prior)
		if err != nil {
			return err
		}
		r, err := fetch(l, s, 0)
		if err == nil {
			reason = obstacle(l, s, r)
		}
		return err
	})
	if err == nil && reason != nil {
		a.Problems = []table.Problem{{Path: tftypes.NewAttributePath().WithAttributeName("revert"), Text: reason.Error()}}
	}
	return a
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
func obstacle(l *libvirt.Libvirt, s libvirt.DomainSnapshot, r *record) error {
	if r.spoiled {
		return fmt.Errorf("'revert' is not possible for %q: its destruction was interrupted and may have changed the frozen files; undo this "+
			"change, and destroy the snapshot", r.name)
	}
	later, _, err := l.DomainSnapshotListAllChildren(s, 1, uint32(libvirt.DomainSnapshotListDescendants))
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
