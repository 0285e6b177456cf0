package storage

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// PlanDestroy refuses to destroy a volume that a domain of others uses. A domain or a volume of the state may be destroyed, or may move away, before
// this volume is destroyed, which the apply checks. Terraform may plan it later than this volume, so a domain with a record of this provider counts
// as one of the state, and a volume that depends on this one is only a warning.
func (k InPool) PlanDestroy(ctx context.Context, fleet *conn.Fleet, prior table.Model) engine.Advice {
	problems := table.NewProblems()
	var warnings []string
	host, err := fleet.Host(prior.Str("host"))
	if err != nil {
		return engine.Advice{}
	}
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		users, err := hostinfo.DiskUsers(l)
		if err != nil {
			return err
		}
		file := prior.Str("path")
		foreign := slices.DeleteFunc(usersIn(users, file, hostinfo.VolumeKey(prior.Str("pool"), prior.Str("name"))), func(domain string) bool {
			return users[hostinfo.ManagedKey(domain)] != "" || engine.IsInState(ctx, "domain", host.Name+"/"+domain)
		})
		if len(foreign) > 0 {
			problems.Add("", "%s is used by %s on %s; destroy these domains or remove the disk from them first", k.ImportID(prior), quoted(foreign),
				host.Name)
			return nil
		}
		backing, err := hostinfo.BackingImages(l, func(hostinfo.Names) bool { return true })
		if err != nil {
			return err
		}
		above, managed := imagesAbove(ctx, host, l, backing, users, file)
		if len(above) > 0 && !managed {
			warnings = append(warnings, fmt.Sprintf("Volume %q is a backing image\nThese images cannot be read without it: %s. The apply fails if "+
				"it "+
				"does not delete them first.", k.ImportID(prior), strings.Join(above, ", ")))
		}
		return nil
	})
	if err != nil {
		return engine.Advice{}
	}
	return engine.Advice{Problems: problems.List(), Warnings: warnings}
}

// imagesAbove returns the images that depend on a file. managed is true if each is a volume of the state, or a domain of the state uses one of
// them: overlays of a snapshot are merged before the domain is destroyed.
func imagesAbove(ctx context.Context, host *conn.Host, l *libvirt.Libvirt, backing, users hostinfo.Names, file string) (above []string,
	managed bool) {
	managed = true
	for next := []string{file}; len(next) > 0; {
		at := next[0]
		next = next[1:]
		for _, image := range slices.Sorted(maps.Keys(backing)) {
			if backing[image] != at || slices.Contains(above, image) {
				continue
			}
			above, next = append(above, image), append(next, image)
			v, err := l.StorageVolLookupByPath(image)
			inState := err == nil && engine.IsInState(ctx, "volume", host.Name+"/"+v.Pool+"/"+v.Name)
			managed = managed && inState
			for _, domain := range usersIn(users, image) {
				if users[hostinfo.ManagedKey(domain)] != "" || engine.IsInState(ctx, "domain", host.Name+"/"+domain) {
					return above, true
				}
			}
		}
	}
	return above, managed
}

func usersIn(users hostinfo.Names, keys ...string) []string {
	var found []string
	for _, key := range keys {
		for _, name := range strings.Split(users[key], "\n") {
			if name != "" && !slices.Contains(found, name) {
				found = append(found, name)
			}
		}
	}
	return found
}

func quoted(names []string) string {
	var all []string
	for _, name := range names {
		all = append(all, fmt.Sprintf("%q", name))
	}
	return strings.Join(all, ", ")
}
