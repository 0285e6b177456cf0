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

// placeRows are the rows that say where a volume and its backing image are.
var placeRows = []string{"host", "pool", "backing_store"}

// Plan decides whether another place means another volume. A machine takes its disks along when it moves, and shared
// storage is the same on each host. Only a volume that no machine uses is created again in another place.
func (k InPool) Plan(ctx context.Context, fleet *conn.Fleet, prior, _, plan table.Model) engine.Advice {
	moves := prior["host"] != plan["host"] || prior["pool"] != plan["pool"]
	if !moves && !rebased(prior, plan) {
		return engine.Advice{}
	}
	from, err := fleet.Host(prior.Str("host"))
	if err != nil {
		return engine.Advice{} // no longer in the fleet, so it cannot be asked
	}
	if moves {
		path, err := k.alreadyThere(ctx, fleet, from, prior, plan)
		if err != nil {
			return keep(prior, plan, k.unsure(err))
		}
		if path != "" {
			plan["path"] = path
			keepBacking(prior, plan)
			return engine.Advice{InPlace: placeRows}
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
				advice.Warnings = []string{"Volumes move with the machines that use them\n" + k.stayingNotice(u, prior, plan)}
			}
			return keep(prior, plan, advice) // if the host changes, the machine's plan reports that its disks move
		}
	}
	return engine.Advice{}
}

// rebased reports whether only the path of the backing image differs: a move flattened the volume, or found the image at another path. An
// image with another name is another image.
func rebased(prior, plan table.Model) bool {
	was, is := prior.Group("backing_store"), plan.Group("backing_store")
	return was != nil && is != nil && !table.Equal(was, is) && was["format"] == is["format"] &&
		path.Base(was.Str("path")) == path.Base(is.Str("path"))
}

// keep plans no change of the place.
func keep(prior, plan table.Model, advice engine.Advice) engine.Advice {
	plan["host"], plan["pool"] = prior["host"], prior["pool"]
	keepBacking(prior, plan)
	return advice
}

// keepBacking keeps the prior backing image, if Terraform allows that: a provider must not plan a group that is not
// configured, or the reverse.
func keepBacking(prior, plan table.Model) {
	if prior["backing_store"] != nil && plan["backing_store"] != nil {
		plan["backing_store"] = prior["backing_store"]
	}
}

// stayingNotice says that a volume stays in its pool while a machine uses it.
func (k InPool) stayingNotice(u user, prior, plan table.Model) string {
	return fmt.Sprintf("%s is a disk of %q on %s, and stays in pool %q until that machine moves. To create an empty volume in pool %q instead, "+
		"remove the disk from the machine first.",
		k.ImportID(prior), u.Name, u.host.Name, prior.Str("pool"), plan.Str("pool"))
}

// unsure refuses a plan that might delete a machine's disk.
func (k InPool) unsure(err error) engine.Advice {
	return engine.Advice{Problems: []table.Problem{{Path: tftypes.NewAttributePath().WithAttributeName("host"), Text: fmt.Sprintf(
		"'host' or 'pool' changed, and it is unknown whether a machine uses the volume: %s; bring the host up, then plan again", err)}}}
}

// alreadyThere returns the path at which the plan's host has this volume: in a pool of the same shared storage, or
// because a machine took it along. It returns "" if the host does not have it.
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
		place, err := movedTo(ctx, to, k.ImportID(prior))
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

// sameStorage reports whether two pools use the same shared storage. A pool that does not exist does not.
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

// DeleteLeftover deletes the volume on its former host after a machine took it along, unless a domain there uses it.
func (k InPool) DeleteLeftover(ctx context.Context, host *conn.Host, prior, plan table.Model) error {
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
