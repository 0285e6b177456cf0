package storage

import (
	"path"
	"slices"
	"strings"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
)

// Sight is what a host can tell about a path.
type Sight int

// A path exists, or it does not, or the host cannot tell.
const (
	Unseen Sight = iota
	There
	Absent
)

// unlisted are directories that no pool is made for: libvirt opens each file of a pool, and opening a device may do something.
var unlisted = []string{"/dev", "/proc", "/sys"}

// Look says whether a host has a file or a directory. If it is absent, beside names the files in its directory, nil if that is absent too.
//
// libvirt shows files only as volumes. If the directory belongs to no pool, Look makes a temporary one, which exists for some milliseconds.
func Look(host *conn.Host, l *libvirt.Libvirt, file string) (s Sight, beside hostinfo.Names, err error) {
	if file == "/" {
		return There, nil, nil
	}
	dir := path.Dir(file)
	names, err := listDirectory(host, l, dir, path.Base(file))
	switch {
	case conn.IsNoSuchFile(err):
		return Absent, nil, nil
	case err != nil:
		if _, isLibvirt := conn.Message(err); isLibvirt {
			return Unseen, nil, nil
		}
		return Unseen, nil, err
	case names == nil:
		return Unseen, nil, nil
	}
	if _, there := names[path.Base(file)]; there {
		return There, names, nil
	}
	return Absent, names, nil
}

// IsListed reports whether a pool may be made for a directory in order to list it.
func IsListed(dir string) bool {
	return !slices.ContainsFunc(unlisted, func(d string) bool { return dir == d || strings.HasPrefix(dir, d+"/") })
}

// listDirectory returns the names in a directory; nil if libvirt should not list it.
func listDirectory(host *conn.Host, l *libvirt.Libvirt, dir, wanted string) (hostinfo.Names, error) {
	pool, err := l.StoragePoolLookupByTargetPath(dir)
	if err != nil && !conn.IsNotFound(err) {
		return nil, err
	}
	if err == nil {
		names, err := hostinfo.Volumes(l, pool.Name, hostinfo.Has(wanted))
		if err != nil || hostinfo.Has(wanted)(names) {
			return names, err
		}
	}
	if !IsListed(dir) {
		return nil, nil // a pool of such a directory has only some of its files, and may have other names for them
	}
	return hostinfo.Cached(l, "directory\n"+dir, hostinfo.Has(wanted), func() (hostinfo.Names, error) {
		names := hostinfo.Names{}
		err := InDirectory(host, l, dir, func(pool libvirt.StoragePool) error {
			volumes, _, err := l.StoragePoolListAllVolumes(pool, 1, 0)
			for _, v := range volumes {
				names[v.Name] = ""
			}
			return err
		})
		return names, err
	})
}
