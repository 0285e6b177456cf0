package snapshot

import (
	"context"
	"fmt"
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
func (Kind) Plan(ctx context.Context, fleet *conn.Fleet, prior, _, plan table.Model) engine.Advice {
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
	var later []string
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		d, err := l.DomainLookupByName(prior.Str("domain"))
		if err == nil {
			later, err = laterThan(l, d, prior.Str("name"))
		}
		return err
	})
	if err == nil && len(later) > 0 {
		a.Refuse = []table.Problem{{Path: tftypes.NewAttributePath().WithAttributeName("revert"), Text: tooEarly(prior.Str("name"), later).Error()}}
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

func tooEarly(name string, later []string) error {
	return fmt.Errorf("'revert' must be of the latest snapshot, and after %q there is %s, whose files build on what was written since; destroy that first", name, strings.Join(later, ", "))
}

// laterThan are the names of the snapshots that were made after one.
func laterThan(l *libvirt.Libvirt, d libvirt.Domain, name string) ([]string, error) {
	s, err := l.DomainSnapshotLookupByName(d, name, 0)
	if err != nil {
		return nil, err
	}
	children, _, err := l.DomainSnapshotListAllChildren(s, 1, uint32(libvirt.DomainSnapshotListDescendants))
	var names []string
	for _, c := range children {
		names = append(names, c.Name)
	}
	return names, err
}
