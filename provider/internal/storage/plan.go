package storage

import (
	"context"
	"errors"
	"fmt"
	"path"

	"github.com/digitalocean/go-libvirt"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// placing are the rows that say where a volume is, and on what it rests there.
var placing = []string{"host", "pool", "backing_store"}

// Plan knows when another place is not another volume: a machine takes its disks along when it moves, and storage that hosts share is the
// same on each. Only what no machine uses is made anew elsewhere.
func (k InPool) Plan(ctx context.Context, fleet *conn.Fleet, prior, _, plan table.Model) engine.Advice {
	goes := prior["host"] != plan["host"] || prior["pool"] != plan["pool"]
	if !goes && !rebased(prior, plan) {
		return engine.Advice{}
	}
	from, err := fleet.Host(prior.Str("host"))
	if err != nil {
		return engine.Advice{} // not in the fleet any more: nobody can ask it
	}
	if goes {
		here, err := k.alreadyThere(ctx, fleet, from, prior, plan)
		if err != nil {
			return keep(prior, plan, k.unsure(err))
		}
		if here != "" {
			plan["path"] = here
			keepBacking(prior, plan)
			return engine.Advice{InPlace: placing}
		}
	}
	users, err := usersOf(ctx, from, prior)
	switch {
	case errors.Is(err, conn.ErrNotFound):
		return engine.Advice{}
	case err != nil:
		return keep(prior, plan, k.unsure(err))
	}
	for _, u := range users {
		if u.asDisk() && u.host == from {
			advice := engine.Advice{}
			if prior["pool"] != plan["pool"] && prior["host"] == plan["host"] {
				advice.Warnings = []string{"Volumes move with the machines that use them\n" + k.staying(u, prior, plan)}
			}
			return keep(prior, plan, advice) // with another host, the machine's own plan says that its disks go along
		}
	}
	return engine.Advice{}
}

// rebased says that nothing but the place of the backing image is another: a move has flattened the volume, or found the image elsewhere.
// An image of another name is another one.
func rebased(prior, plan table.Model) bool {
	was, is := prior.Group("backing_store"), plan.Group("backing_store")
	return was != nil && is != nil && !table.Equal(was, is) && was["format"] == is["format"] && path.Base(was.Str("path")) == path.Base(is.Str("path"))
}

func keep(prior, plan table.Model, advice engine.Advice) engine.Advice {
	plan["host"], plan["pool"] = prior["host"], prior["pool"]
	keepBacking(prior, plan)
	return advice
}

// keepBacking keeps what Terraform lets a provider keep: it has no word on whether there is a group.
func keepBacking(prior, plan table.Model) {
	if prior["backing_store"] != nil && plan["backing_store"] != nil {
		plan["backing_store"] = prior["backing_store"]
	}
}

func (k InPool) staying(u user, prior, plan table.Model) string {
	return fmt.Sprintf("%s is a disk of %q on %s, and stays in pool %q until that machine moves. To have an empty one made in pool %q instead, take the disk out of the machine first.",
		k.ImportID(prior), u.Name, u.host.Name, prior.Str("pool"), plan.Str("pool"))
}

// unsure refuses a plan that might throw a machine's disk away.
func (k InPool) unsure(err error) engine.Advice {
	return engine.Advice{Problems: []table.Problem{{Path: tftypes.NewAttributePath().WithAttributeName("host"), Text: fmt.Sprintf(
		"'host' or 'pool' is another, and nobody can tell whether a machine uses the volume: %s; bring the host up, then plan again", err)}}}
}

// alreadyThere gives the path under which the plan's host has this very volume: in a pool of the same shared storage, or because a machine
// took it along. "" where it has not.
func (k InPool) alreadyThere(ctx context.Context, fleet *conn.Fleet, from *conn.Host, prior, plan table.Model) (file string, err error) {
	to, err := fleet.Host(plan.Str("host"))
	if err != nil || plan["pool"] == table.Unknown || prior["name"] != plan["name"] {
		return "", nil // not known before the apply
	}
	same, err := k.sameStorage(ctx, from, to, prior, plan)
	if err != nil {
		return "", err
	}
	if !same && from != to {
		place, err := takenTo(ctx, to, k.ImportID(prior))
		if err != nil {
			return "", err
		}
		same = place != nil && place["pool"] == plan["pool"] && place["name"] == plan["name"]
	}
	if !same {
		return "", nil
	}
	err = to.Do(ctx, func(l *libvirt.Libvirt) error {
		v, err := Volume(l, plan)
		if err == nil {
			file, err = l.StorageVolGetPath(v)
		}
		return err
	})
	if errors.Is(err, conn.ErrNotFound) {
		return "", nil
	}
	return file, err
}

// sameStorage says whether two pools are of the same shared storage; one that is not there, or not started, is not.
func (k InPool) sameStorage(ctx context.Context, from, to *conn.Host, one, other table.Model) (bool, error) {
	var origins [2]string
	for i, at := range []struct {
		host *conn.Host
		m    table.Model
	}{{from, one}, {to, other}} {
		err := at.host.Do(ctx, func(l *libvirt.Libvirt) (err error) {
			origins[i], err = originOf(l, at.m.Str("pool"))
			return err
		})
		if errors.Is(err, conn.ErrNotFound) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
	}
	return origins[0] != "" && origins[0] == origins[1], nil
}

// Leave deletes what is left of a volume at its former place after a machine took it along, unless somebody there uses it.
func (k InPool) Leave(ctx context.Context, host *conn.Host, prior, plan table.Model) error {
	if prior["host"] == plan["host"] {
		return nil
	}
	for _, from := range host.Others() {
		if from.Name != prior["host"] {
			continue
		}
		if same, err := k.sameStorage(ctx, from, host, prior, plan); same || err != nil {
			return err
		}
		users, err := usersOf(ctx, from, prior)
		if len(users) > 0 || err != nil {
			return diag.IgnoreNotFound("delete", err)
		}
		return k.Delete(ctx, from, prior)
	}
	return nil
}
