package storage

import (
	"context"
	"fmt"
	"path"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Directory is the kind of key that a pool of files has: one pool uses a directory.
const Directory = "directory"

// Keys returns the place in the pool, which volumes share with cloud-init disks, and the file, which two pools may have.
func (InPool) Keys(ctx context.Context, m table.Model) []engine.Key {
	pool, name := m.Str("pool"), m.Str("name")
	if pool == "" || name == "" {
		return nil
	}
	keys := []engine.Key{{What: "volume", Row: "name", Value: pool + "/" + name, Names: true}}
	file := m.Str("path")
	if dir := engine.PlannedValue(ctx, "pool", m.Str("host")+"/"+pool, Directory); file == "" && dir != "" {
		file = path.Join(dir, name)
	}
	if path.IsAbs(file) {
		keys = append(keys, engine.Key{What: "file", Row: "name", Value: path.Clean(file), Names: true})
	}
	return keys
}

// Existing returns the volume of the pool that has the name.
func (k InPool) Existing(ctx context.Context, host *conn.Host, plan table.Model) (found []engine.Existing, err error) {
	pool, name := plan.Str("pool"), plan.Str("name")
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		active, err := hostinfo.Pools(l, func(hostinfo.Names) bool { return true })
		if err != nil || active[pool] != hostinfo.Active {
			return err
		}
		volumes, err := hostinfo.Volumes(l, pool, hostinfo.Lacks(name))
		if _, listed := volumes[name]; err != nil || !listed {
			return err
		}
		taken, begun, err := Occupied(l, plan)
		if !taken {
			return err
		}
		x := engine.Existing{ID: k.ImportID(plan), What: fmt.Sprintf("a volume %q in pool %q", name, pool)}
		if begun {
			x.What, x.Remedy = x.What+" whose upload is not finished", UnfinishedRemedy(plan)
		}
		found = append(found, x)
		return err
	})
	return found, err
}
