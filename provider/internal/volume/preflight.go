package volume

import (
	"context"
	"path"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Preflight checks a new volume against its host: a pool that cannot contain the volume is a problem, and a missing
// pool, secret or image is a warning.
func (Resource) Preflight(ctx context.Context, fleet *conn.Fleet, plan table.Model) engine.Advice {
	c := engine.CheckHost(ctx, fleet, nil, plan, false, checkPool, checkSecret, checkSources)
	return engine.Advice{Problems: c.List(), Warnings: c.Warnings("volume is created")}
}

// checkPool checks the pool, and whether the name is free in it.
func checkPool(c *engine.HostCheck, l *libvirt.Libvirt) error {
	pool := c.Plan.Str("pool")
	if pool == "" || c.IsPlanned("pool", pool) {
		return nil
	}
	types, err := hostinfo.PoolTypes(l, hostinfo.Has(pool))
	if err != nil {
		return err
	}
	poolType, there := types[pool]
	if !there {
		c.Missing("pool %q (pool), but %s", pool, types.Nearest(pool))
		return nil
	}
	if problem := poolProblem(c.Plan, poolType); problem != nil {
		c.AddAt(problem.Path, "%s", problem.Text)
		return nil
	}
	active, err := hostinfo.Pools(l, func(n hostinfo.Names) bool { return n[pool] == hostinfo.Active })
	if err != nil {
		return err
	}
	if active[pool] != hostinfo.Active {
		c.Missing("an active pool %q (pool)", pool)
		return nil
	}
	return checkNameIsFree(c, l, pool)
}

// checkNameIsFree checks that the name is free. A volume of the state is about to be replaced.
func checkNameIsFree(c *engine.HostCheck, l *libvirt.Libvirt, pool string) error {
	name := c.Plan.Str("name")
	volumes, err := hostinfo.Volumes(l, pool, func(n hostinfo.Names) bool { _, taken := n[name]; return !taken })
	if _, listed := volumes[name]; err != nil || !listed || c.IsInState(Table.Name, pool+"/"+name) {
		return err
	}
	taken, begun, err := storage.Occupied(l, c.Plan)
	switch {
	case begun:
		c.Add("name", "pool %q of %s already has a volume %q whose upload is not finished. %s", pool, c.Host, name, storage.UnfinishedRemedy(c.Plan))
	case taken:
		c.Add("name", "pool %q of %s already has a volume %q; choose another name, or import that volume: terraform import ADDRESS %s (ADDRESS is "+
			"the resource's address in the plan, %s.NAME)",
			pool, c.Host, name, Resource{}.ImportID(c.Plan), Table.TypeName())
	}
	return err
}

func checkSecret(c *engine.HostCheck, l *libvirt.Libvirt) error {
	id := c.Plan.Group("encryption").Str("secret_uuid")
	if id == "" || c.IsPlanned("secret", id) {
		return nil
	}
	secrets, err := hostinfo.Secrets(l, hostinfo.Has(id))
	if _, there := secrets[id]; err == nil && !there {
		c.Missing("secret %q (encryption.secret_uuid)", id)
	}
	return err
}

// checkSources looks for the backing image and the copied volume. libvirt knows nothing of files outside its pools.
func checkSources(c *engine.HostCheck, l *libvirt.Libvirt) error {
	for attribute, file := range map[string]string{"backing_store.path": c.Plan.Group("backing_store").Str("path"),
		"clone_from": c.Plan.Str("clone_from")} {
		if file == "" {
			continue
		}
		dir, name := path.Dir(file), path.Base(file)
		pools, err := hostinfo.Directories(l, hostinfo.Has(dir))
		if err != nil {
			return err
		}
		pool, inPool := pools[dir]
		if !inPool || c.IsPlanned(Table.Name, pool+"/"+name) {
			continue
		}
		files, err := hostinfo.Volumes(l, pool, hostinfo.Has(name))
		if err != nil {
			return err
		}
		if _, there := files[name]; !there {
			c.Missing("a volume at %s (%s), in the pool %q as of its last refresh, but %s", file, attribute, pool, files.Nearest(name))
		}
	}
	return nil
}
