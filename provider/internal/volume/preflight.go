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

// Preflight checks a new volume against its host: a pool that cannot contain the volume is a problem, and a missing
// pool, secret or image is a warning.
func (k Resource) Preflight(ctx context.Context, fleet *conn.Fleet, plan table.Model) engine.Advice {
	name, known := plan["host"].(string)
	if !known || fleet.Pending(name) {
		return engine.Advice{}
	}
	host, err := fleet.Host(name)
	if err != nil {
		return engine.Advice{}
	}
	p := preflight{ctx: ctx, plan: plan, host: name, id: k.ImportID(plan)}
	if err := host.Do(ctx, p.run); err != nil {
		return engine.Advice{} // the apply reports the error
	}
	return engine.Advice{Problems: p.problems, Warnings: engine.MissingReferences(p.host, p.plan.Str("name"), "volume is created", p.missing)}
}

// preflight collects what is found about a new volume.
type preflight struct {
	ctx      context.Context
	plan     table.Model
	host, id string

	problems []table.Problem
	missing  []string
}

func (p *preflight) run(l *libvirt.Libvirt) error {
	for _, step := range []func(*libvirt.Libvirt) error{p.pool, p.secret, p.sources} {
		if err := step(l); err != nil {
			return err
		}
	}
	return nil
}

func (p *preflight) addMissing(format string, args ...any) {
	p.missing = append(p.missing, fmt.Sprintf(format, args...))
}

// pool checks the pool, and whether the name is free in it.
func (p *preflight) pool(l *libvirt.Libvirt) error {
	pool := p.plan.Str("pool")
	if pool == "" || engine.IsPlanned(p.ctx, "pool", p.host+"/"+pool) {
		return nil
	}
	types, err := hostinfo.PoolTypes(l, hostinfo.Has(pool))
	if err != nil {
		return err
	}
	poolType, there := types[pool]
	if !there {
		p.addMissing("pool %q (pool), but %s", pool, types.Nearest(pool))
		return nil
	}
	if problem := poolProblem(p.plan, poolType); problem != nil {
		p.problems = append(p.problems, *problem)
		return nil
	}
	active, err := hostinfo.Pools(l, func(n hostinfo.Names) bool { return n[pool] == hostinfo.Active })
	if err != nil {
		return err
	}
	if active[pool] != hostinfo.Active {
		p.addMissing("an active pool %q (pool)", pool)
		return nil
	}
	return p.free(l, pool)
}

// free checks that the name is free. A volume of the state is about to be replaced.
func (p *preflight) free(l *libvirt.Libvirt, pool string) error {
	name := p.plan.Str("name")
	volumes, err := hostinfo.Volumes(l, pool, func(n hostinfo.Names) bool { _, taken := n[name]; return !taken })
	if _, listed := volumes[name]; err != nil || !listed || engine.IsInState(p.ctx, Table.Name, p.id) {
		return err
	}
	taken, begun, err := storage.Occupied(l, p.plan)
	switch {
	case begun:
		p.problems = append(p.problems, table.Problem{Path: root.WithAttributeName("name"), Text: fmt.Sprintf(
			"pool %q of %s already has a volume %q whose upload is not finished. %s", pool, p.host, name, storage.UnfinishedRemedy(p.plan))})
	case taken:
		p.problems = append(p.problems, table.Problem{Path: root.WithAttributeName("name"), Text: fmt.Sprintf(
			"pool %q of %s already has a volume %q; choose another name, or import that volume: terraform import ADDRESS %s (ADDRESS is the resource's address in the plan, %s.NAME)",
			pool, p.host, name, p.id, Table.TypeName())})
	}
	return err
}

func (p *preflight) secret(l *libvirt.Libvirt) error {
	id := p.plan.Group("encryption").Str("secret_uuid")
	if id == "" || engine.IsPlanned(p.ctx, "secret", p.host+"/"+id) {
		return nil
	}
	secrets, err := hostinfo.Secrets(l, hostinfo.Has(id))
	if _, there := secrets[id]; err == nil && !there {
		p.addMissing("secret %q (encryption.secret_uuid)", id)
	}
	return err
}

// sources looks for the backing image and the copied volume. libvirt knows nothing of files outside its pools.
func (p *preflight) sources(l *libvirt.Libvirt) error {
	for attribute, file := range map[string]string{"backing_store.path": p.plan.Group("backing_store").Str("path"), "clone_from": p.plan.Str("clone_from")} {
		if file == "" {
			continue
		}
		dir, name := path.Dir(file), path.Base(file)
		pools, err := hostinfo.Directories(l, hostinfo.Has(dir))
		if err != nil {
			return err
		}
		pool, inPool := pools[dir]
		if !inPool || engine.IsPlanned(p.ctx, Table.Name, p.host+"/"+pool+"/"+name) {
			continue
		}
		files, err := hostinfo.Volumes(l, pool, hostinfo.Has(name))
		if err != nil {
			return err
		}
		if _, there := files[name]; !there {
			p.addMissing("a volume at %s (%s), in the pool %q as of its last refresh, but %s", file, attribute, pool, files.Nearest(name))
		}
	}
	return nil
}
