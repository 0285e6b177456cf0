package volume

import (
	"context"
	"fmt"
	"path"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Preflight holds a new volume against its host: a pool that can't have such a volume is refused, and what is not there yet is a warning.
func (k Resource) Preflight(ctx context.Context, fleet *conn.Fleet, plan table.Model) engine.Advice {
	name, known := plan["host"].(string)
	if !known || fleet.Pending(name) {
		return engine.Advice{}
	}
	host, err := fleet.Host(name)
	if err != nil {
		return engine.Advice{}
	}
	e := exam{ctx: ctx, plan: plan, host: name, id: k.ImportID(plan)}
	if err := host.Do(ctx, e.hold); err != nil {
		return engine.Advice{} // the apply will tell
	}
	return engine.Advice{Problems: e.refuse, Warnings: engine.MissingReferences(e.host, e.plan.Str("name"), "volume is made", e.missing)}
}

// exam is what is found out about a new volume.
type exam struct {
	ctx      context.Context
	plan     table.Model
	host, id string

	refuse  []table.Problem
	missing []string
}

func (e *exam) hold(l *libvirt.Libvirt) error {
	for _, step := range []func(*libvirt.Libvirt) error{e.pool, e.secret, e.below} {
		if err := step(l); err != nil {
			return err
		}
	}
	return nil
}

func (e *exam) lacks(format string, args ...any) {
	e.missing = append(e.missing, fmt.Sprintf(format, args...))
}

// pool looks at the pool, and whether the name is free in it.
func (e *exam) pool(l *libvirt.Libvirt) error {
	pool := e.plan.Str("pool")
	if pool == "" || engine.IsPlanned(e.ctx, "pool", e.host+"/"+pool) {
		return nil
	}
	types, err := hostinfo.PoolTypes(l, hostinfo.Has(pool))
	if err != nil {
		return err
	}
	kind, there := types[pool]
	if !there {
		e.lacks("pool %q (pool), but %s", pool, types.Nearest(pool))
		return nil
	}
	if p := unfit(e.plan, kind); p != nil {
		e.refuse = append(e.refuse, *p)
		return nil
	}
	active, err := hostinfo.Pools(l, func(n hostinfo.Names) bool { return n[pool] == hostinfo.Active })
	if err != nil {
		return err
	}
	if active[pool] != hostinfo.Active {
		e.lacks("an active pool %q (pool)", pool)
		return nil
	}
	return e.free(l, pool)
}

// free: a volume that the state has is about to be replaced.
func (e *exam) free(l *libvirt.Libvirt, pool string) error {
	name := e.plan.Str("name")
	volumes, err := hostinfo.Volumes(l, pool, func(n hostinfo.Names) bool { _, taken := n[name]; return !taken })
	if _, listed := volumes[name]; err != nil || !listed || engine.IsInState(e.ctx, Table.Name, e.id) {
		return err
	}
	taken, begun, err := storage.Occupied(l, e.plan)
	switch {
	case begun:
		e.refuse = append(e.refuse, table.Problem{Path: root.WithAttributeName("name"), Text: fmt.Sprintf(
			"pool %q of %s has a volume %q already, and its upload was not finished. %s", pool, e.host, name, storage.HalfBrought(e.plan))})
	case taken:
		e.refuse = append(e.refuse, table.Problem{Path: root.WithAttributeName("name"), Text: fmt.Sprintf(
			"pool %q of %s has a volume %q already; choose another name, or take that one over: terraform import ADDRESS %s (ADDRESS is what the plan calls it, %s.NAME)",
			pool, e.host, name, e.id, Table.TypeName())})
	}
	return err
}

func (e *exam) secret(l *libvirt.Libvirt) error {
	id := e.plan.Group("encryption").Str("secret_uuid")
	if id == "" || engine.IsPlanned(e.ctx, "secret", e.host+"/"+id) {
		return nil
	}
	secrets, err := hostinfo.Secrets(l, hostinfo.Has(id))
	if _, there := secrets[id]; err == nil && !there {
		e.lacks("secret %q (encryption.secret_uuid)", id)
	}
	return err
}

// below looks for what the volume is made of. Of files outside of pools, libvirt knows nothing.
func (e *exam) below(l *libvirt.Libvirt) error {
	for attribute, file := range map[string]string{"backing_store.path": e.plan.Group("backing_store").Str("path"), "clone_from": e.plan.Str("clone_from")} {
		if file == "" {
			continue
		}
		dir, name := path.Dir(file), path.Base(file)
		pools, err := hostinfo.Directories(l, hostinfo.Has(dir))
		if err != nil {
			return err
		}
		pool, inPool := pools[dir]
		if !inPool || engine.IsPlanned(e.ctx, Table.Name, e.host+"/"+pool+"/"+name) {
			continue
		}
		files, err := hostinfo.Volumes(l, pool, hostinfo.Has(name))
		if err != nil {
			return err
		}
		if _, there := files[name]; !there {
			e.lacks("a volume at %s (%s), in the pool %q as libvirt saw it last, but %s", file, attribute, pool, files.Nearest(name))
		}
	}
	return nil
}
