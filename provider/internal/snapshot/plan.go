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

// reverts says whether a change takes the domain back.
func reverts(prior, plan table.Model) bool {
	return plan["revert"] != nil && plan["revert"] != "" && plan["revert"] != prior["revert"]
}

// Plan tells what going back costs, and refuses it where it can't be done.
func (Resource) Plan(ctx context.Context, fleet *conn.Fleet, prior, _, plan table.Model) engine.Advice {
	var a engine.Advice
	if !reverts(prior, plan) {
		return a
	}
	plan["disks"] = table.Unknown
	a.Warnings = []string{fmt.Sprintf("%s goes back to snapshot %q of %s: what was written since is lost\n%s", plan.Str("domain"), plan.Str("name"),
		prior.Str("created"), afterwards(prior))}
	host, err := fleet.Host(prior.Str("host"))
	if err != nil {
		return a // the apply says so
	}
	var hinders error
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		_, s, err := find(l, prior)
		if err != nil {
			return err
		}
		r, err := fetch(l, s, 0)
		if err == nil {
			hinders = obstacle(l, s, r)
		}
		return err
	})
	if err == nil && hinders != nil {
		a.Problems = []table.Problem{{Path: tftypes.NewAttributePath().WithAttributeName("revert"), Text: hinders.Error()}}
	}
	return a
}

func afterwards(prior table.Model) string {
	switch {
	case prior.Bool("memory"):
		return "Its power is cut, and it goes on from the memory of that time."
	case prior.Str("state") == stopped:
		return "Its power is cut, and it is stopped, as it was at that time."
	case prior.Str("state") == paused:
		return "Its power is cut, and it is made ready to start, paused as it was at that time."
	default:
		return "Its power is cut, and it starts again from its disks."
	}
}

// obstacle is why a domain can't go back to a snapshot; nil where it can.
func obstacle(l *libvirt.Libvirt, s libvirt.DomainSnapshot, r *record) error {
	if r.spoiled {
		return fmt.Errorf("'revert' can't be of %q: its destruction was begun and cut off, and may have written to what was frozen; take this change back, and destroy the snapshot", r.name)
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
	return fmt.Errorf("'revert' must be of the latest snapshot, and after %q there is %s, whose files build on what was written since; take this change back, or destroy that first", r.name, strings.Join(names, ", "))
}
