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
	c := engine.CheckHost(ctx, fleet, nil, plan, false, checkPool, checkSecret, checkSources, storage.WarnSquashed)
	problems, warnings := storage.Examine(ctx, plan)
	if len(problems)+len(warnings) > 0 && hasContent(ctx, fleet, plan) {
		problems, warnings = nil, nil
	}
	return engine.Advice{Problems: append(c.List(), problems...), Warnings: append(c.Warnings("volume is created"), warnings...)}
}

// hasContent reports whether an interrupted replacement has left the content of the volume, so that its source is not needed again.
func hasContent(ctx context.Context, fleet *conn.Fleet, plan table.Model) bool {
	host, err := fleet.Host(plan.Str("host"))
	if err != nil {
		return false
	}
	begun, err := storage.NewSwap(plan, contentID(plan)).IsBegun(ctx, host)
	return err == nil && begun
}

// checkPool checks the pool.
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
	if problems := poolProblems(c.Plan, poolType); len(problems) > 0 {
		c.Concat(problems)
		return nil
	}
	active, err := hostinfo.Pools(l, func(n hostinfo.Names) bool { return n[pool] == hostinfo.Active })
	if err != nil {
		return err
	}
	if active[pool] != hostinfo.Active {
		c.Missing("an active pool %q (pool)", pool)
	}
	return nil
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
			if c.Prior != nil { // there is data to lose
				c.Add(attribute, "%s does not have a volume at %s (%s), in the pool %q as of its last refresh, but %s", c.Host, file, attribute, pool,
					files.Nearest(name))
				continue
			}
			c.Missing("a volume at %s (%s), in the pool %q as of its last refresh, but %s", file, attribute, pool, files.Nearest(name))
		} else if attribute == "backing_store.path" {
			if err := checkBackingFormat(c, l, pool, file); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkBackingFormat compares the planned format of the backing image with its content: the guest would see a file of another format.
func checkBackingFormat(c *engine.HostCheck, l *libvirt.Libvirt, pool, file string) error {
	want := c.Plan.Group("backing_store").Str("format")
	if want == "" {
		return nil
	}
	formats, err := hostinfo.Cached(l, "format\n"+file, hostinfo.Has(file), func() (hostinfo.Names, error) {
		v, err := storage.Volume(l, table.Model{"pool": pool, "name": path.Base(file)})
		if err != nil {
			return nil, err
		}
		is, err := storage.Format(l, v, want)
		return hostinfo.Names{file: is}, err
	})
	if conn.IsNotFound(err) {
		return nil // deleted meanwhile
	}
	if is := formats[file]; err == nil && is != "" && is != want {
		c.Must("backing_store.format", "be the format of %s, which is %q on host %q, got %q", file, is, c.Host, want)
	}
	return err
}
