package forecast

import (
	"path"
	"slices"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// openedByQEMU are the places, other than images of disks, of files that QEMU opens itself. Helpers or libvirt, which run as root, may open
// others.
var openedByQEMU = []string{"os/loader", "os/kernel", "os/initrd", "os/dtb"}

// checkReach checks that the user of QEMU may search the directories above a file. Only what is certain is refused: libvirt gives files to that
// user when the guest starts. A directory of a pool of this configuration may change in the same apply.
func (p *planned) checkReach(c *engine.HostCheck, host *conn.Host, l *libvirt.Libvirt, file string, at place) error {
	if !p.summary.takesEffect(at.text) || hasOwnUser(p.is) {
		return nil
	}
	user, err := hostinfo.ReadGuestUser(l)
	if err != nil {
		return err
	}
	closed, err := storage.ClosedTo(host, l, user, file)
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
		"(chmod o+x %s), or move the file to /var/lib/libvirt/images or /srv", c.Host, user.User, closed, file, at, closed)
	return nil
}

// hasOwnUser reports whether the definition of a domain says which user its QEMU runs as.
func hasOwnUser(definition *etree.Element) bool {
	return slices.ContainsFunc(definition.SelectElements("seclabel"), func(label *etree.Element) bool {
		return label.SelectAttrValue("model", "") == "dac"
	})
}

// checkVolumes returns a step that checks that the user of QEMU can open the volumes which the planned definition has as disks and the present one
// does not.
func (p *planned) checkVolumes(host *conn.Host) engine.HostStep {
	return func(c *engine.HostCheck, l *libvirt.Libvirt) error {
		user, err := hostinfo.ReadGuestUser(l)
		if err != nil || !user.IsOrdinary() || hasOwnUser(p.is) {
			return err
		}
		var known []diskVolume
		if p.was != nil && !p.summary.leavesHost() {
			known = diskVolumes(p.was)
		}
		for _, disk := range diskVolumes(p.is) {
			if slices.Contains(known, disk) {
				continue
			}
			if err := p.checkVolume(c, host, l, user, disk); err != nil {
				return err
			}
		}
		return nil
	}
}

// diskVolume is the image of a disk: a file of the host, or a volume of a pool.
type diskVolume struct {
	file       string
	pool, name string
	written    bool // by the guest
}

// diskVolumes returns the images of disks that are files or volumes.
func diskVolumes(domain *etree.Element) (found []diskVolume) {
	for _, disk := range domain.FindElements("devices/disk") {
		source := disk.SelectElement("source")
		if source == nil {
			continue
		}
		v := diskVolume{
			file: source.SelectAttrValue("file", ""), pool: source.SelectAttrValue("pool", ""), name: source.SelectAttrValue("volume", ""),
			written: disk.SelectElement("readonly") == nil && disk.SelectAttrValue("device", "") != "cdrom",
		}
		if v.file != "" || v.pool != "" {
			found = append(found, v)
		}
	}
	return found
}

// checkVolume refuses a volume below a directory that the user of QEMU may not search, and warns about one on NFS that this user may be unable to
// open.
func (p *planned) checkVolume(c *engine.HostCheck, host *conn.Host, l *libvirt.Libvirt, user hostinfo.GuestUser, disk diskVolume) error {
	pool, name, at := disk.pool, disk.name, p.whereNamed(table.VolumeOnHost, disk.pool+"/"+disk.name)
	if disk.file != "" { // checkFiles checks its directory
		pools, err := hostinfo.Directories(l, hostinfo.Has(path.Dir(disk.file)))
		if err != nil {
			return ignoreUnsupported(err)
		}
		pool, name, at = pools[path.Dir(disk.file)], path.Base(disk.file), p.whereNamed(table.FileOnHost, disk.file)
	}
	if pool == "" || c.IsPlanned("volume", pool+"/"+name) || c.IsPlanned("seed", pool+"/"+name) || !p.summary.takesEffect(at.text) {
		return nil
	}
	may, err := storage.MaySquash(l, pool)
	if err != nil || !may && disk.file != "" {
		return ignoreUnsupported(err)
	}
	v, err := storage.Volume(l, table.Model{"pool": pool, "name": name})
	if conn.IsNotFound(err) || conn.IsInactive(err) {
		return nil // other checks say so
	}
	if err == nil && disk.file == "" {
		var file string
		if file, err = l.StorageVolGetPath(v); err == nil {
			err = p.checkReach(c, host, l, file, at)
		}
	}
	if err != nil || !may {
		return err
	}
	denied, err := storage.DeniesGuest(l, v, user, disk.written)
	if denied {
		c.Warn("%s", storage.SquashText(pool, c.Host, user))
	}
	return err
}
