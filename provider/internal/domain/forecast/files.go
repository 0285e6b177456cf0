package forecast

import (
	"path"
	"slices"
	"strings"

	"github.com/beevik/etree"
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
		return p.checkReach(c, host, l, file)
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

// openedByQEMU are the places, other than images of disks, of files that QEMU opens itself. Helpers or libvirt, which run as root, may open
// others.
var openedByQEMU = []string{"os/loader", "os/kernel", "os/initrd", "os/dtb"}

// checkReach checks that the user of QEMU may search the directories above a file. Only what is certain is refused: libvirt gives files to that
// user when the guest starts. A directory of a pool of this configuration may change in the same apply.
func (p *planned) checkReach(c *engine.HostCheck, host *conn.Host, l *libvirt.Libvirt, file schema.HostPath) error {
	at := p.whereIs(file)
	if !file.Image && !slices.Contains(openedByQEMU, file.Where) || !p.summary.takesEffect(at.text) || hasOwnUser(p.is) {
		return nil
	}
	user, err := hostinfo.ReadGuestUser(l)
	if err != nil {
		return err
	}
	closed, err := storage.ClosedTo(host, l, user, file.Path)
	if err != nil || closed == "" {
		return err
	}
	pools, err := hostinfo.Directories(l, hostinfo.Has(closed))
	if pool, there := pools[closed]; err != nil || there && c.IsPlanned("pool", pool) {
		return ignoreUnsupported(err)
	}
	where := at.path
	if where == nil {
		where = c.Path()
	}
	c.AddAt(where, "QEMU on %s runs as user %d, who may not search %s, so the guest cannot open %s (%s); let others search that directory "+
		"(chmod o+x %s), or move the file to /var/lib/libvirt/images or /srv", c.Host, user.User, closed, file.Path, at, closed)
	return nil
}

// hasOwnUser reports whether the definition of a domain says which user its QEMU runs as.
func hasOwnUser(definition *etree.Element) bool {
	return slices.ContainsFunc(definition.SelectElements("seclabel"), func(label *etree.Element) bool {
		return label.SelectAttrValue("model", "") == "dac"
	})
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
