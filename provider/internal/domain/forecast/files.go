package forecast

import (
	"path"
	"slices"
	"strings"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// checkFiles returns a step that checks that the host has the files which the planned definition names and the present one does not. On another
// host all of them are new, except for the images of disks: those move with the domain, and the migration checks them.
func (p *planned) checkFiles(host *conn.Host) engine.HostStep {
	return func(c *engine.HostCheck, l *libvirt.Libvirt) error {
		var known []schema.HostPath
		if p.was != nil {
			known = schema.HostPaths(p.was)
			if p.summary.leavesHost() {
				known = slices.DeleteFunc(known, func(h schema.HostPath) bool { return !h.Image })
			}
		}
		seen := map[string]bool{}
		for _, k := range known {
			seen[k.Path] = true
		}
		for _, file := range schema.HostPaths(p.is) {
			if seen[file.Path] || strings.HasPrefix(file.Path, standIn+"/") {
				continue
			}
			seen[file.Path] = true
			if err := p.checkFile(c, host, l, file); err != nil {
				return err
			}
		}
		return nil
	}
}

func (p *planned) checkFile(c *engine.HostCheck, host *conn.Host, l *libvirt.Libvirt, file schema.HostPath) error {
	wanted, what := file.Path, "the file"
	if file.Need == schema.FolderExists {
		wanted, what = path.Dir(file.Path), "the directory"
	}
	if path.Dir(wanted) == "/dev" { // as /dev/urandom in nearly every domain: no pool lists it, and asking would cost a call for each domain
		return nil
	}
	made, err := isPlannedFile(c, l, wanted)
	if err != nil || made {
		return err
	}
	sight, beside, err := storage.Look(host, l, wanted)
	if err == nil && sight == storage.There && file.Need == schema.PathExists {
		if file.Image || slices.Contains(openedByQEMU, file.Where) {
			return p.checkReach(c, host, l, file.Path, p.whereIs(file))
		}
		return nil
	}
	if err != nil || sight != storage.Absent {
		return err
	}
	at := p.whereIs(file)
	near := ""
	switch {
	case beside == nil:
		near = ", nor its directory"
	case len(beside) > 0:
		near = ", but " + beside.Nearest(path.Base(wanted))
	}
	p.missing(c, at, "volume", "%s %s (%s)%s", what, wanted, at, near)
	return nil
}

func (p *planned) whereIs(file schema.HostPath) place {
	if at := p.whereNamed(table.FileOnHost, file.Path); at.path != nil {
		return at
	}
	return p.whereWritten(file.Path, file.Where)
}

// isPlannedFile reports whether this apply creates a file, or may create it: in a pool that is planned, and whose directory is not known yet.
func isPlannedFile(c *engine.HostCheck, l *libvirt.Libvirt, file string) (bool, error) {
	dir := path.Dir(file)
	pools, err := hostinfo.Directories(l, hostinfo.Has(dir))
	if err != nil {
		return false, ignoreUnsupported(err)
	}
	if pool, there := pools[dir]; there {
		return c.IsPlanned("volume", pool+"/"+path.Base(file)) || c.IsPlanned("seed", pool+"/"+path.Base(file)), nil
	}
	planned := c.Planned("pool")
	if len(planned) == 0 {
		return false, nil
	}
	names, err := hostinfo.Pools(l, hostinfo.Has(planned...))
	if err != nil {
		return false, ignoreUnsupported(err)
	}
	return !active(names, planned), nil
}

func active(names hostinfo.Names, wanted []string) bool {
	return !slices.ContainsFunc(wanted, func(name string) bool { return names[name] != hostinfo.Active })
}
