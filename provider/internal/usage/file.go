package usage

import (
	"path"
	"strings"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
)

// OfFile finds the domains that use a file or a device: as a disk, in the backing chain of a running guest's disk, as
// a kernel or as firmware.
func OfFile(l *libvirt.Libvirt, file string) ([]User, error) {
	return allUsers(l, func(definition *etree.Element) ([]User, error) {
		files, err := filesOf(l, definition)
		return matching(files, func(f fileUse) bool {
			return f.path != "" && location(f.path) == location(file) || f.network != "" && f.network == location(file)
		}), err
	}, path.Base(file))
}

// OfPool finds the domains that use a file in a pool's directory, or that name the pool. Subdirectories count only if
// the pool is a mounted file system: otherwise they belong to other pools.
func OfPool(l *libvirt.Libvirt, name, directory string, mounted bool) ([]User, error) {
	return allUsers(l, func(definition *etree.Element) ([]User, error) {
		files, err := filesOf(l, definition)
		return matching(files, func(f fileUse) bool { return f.pool == name || inside(f.path, directory, mounted) }), err
	}, name, directory)
}

func inside(file, directory string, deep bool) bool {
	if file == "" || directory == "" {
		return false
	}
	if deep {
		return strings.HasPrefix(file, strings.TrimSuffix(path.Clean(directory), "/")+"/")
	}
	return path.Dir(file) == path.Clean(directory)
}

// fileUse is one place in a definition that names a file or a volume in a pool.
type fileUse struct {
	path, pool, target string
	network            string // the location of a disk that QEMU opens over the network
	backing            bool
}

func matching(files []fileUse, is func(fileUse) bool) []User {
	var users []User
	for _, f := range files {
		if is(f) {
			users = append(users, User{Target: f.target, Backing: f.backing})
		}
	}
	return users
}

// filesOf lists the files of a definition. libvirt reports the backing chain of a disk while the guest runs.
func filesOf(l *libvirt.Libvirt, definition *etree.Element) ([]fileUse, error) {
	var files []fileUse
	add := func(el *etree.Element, target string, backing bool) error {
		f, err := source(l, el.SelectElement("source"))
		if f.path != "" || f.pool != "" || f.network != "" {
			f.target, f.backing = target, backing
			files = append(files, f)
		}
		return err
	}
	for _, disk := range definition.FindElements("devices/disk") {
		target := ""
		if t := disk.SelectElement("target"); t != nil {
			target = t.SelectAttrValue("dev", "")
		}
		if err := add(disk, target, false); err != nil {
			return nil, err
		}
		for _, below := range []string{"backingStore", "mirror"} {
			for el := disk.SelectElement(below); el != nil; el = el.SelectElement("backingStore") {
				if err := add(el, target, true); err != nil {
					return nil, err
				}
			}
		}
	}
	for _, element := range []string{"kernel", "initrd", "dtb", "loader", "nvram"} {
		if el := definition.FindElement("os/" + element); el != nil && el.Text() != "" {
			files = append(files, fileUse{path: path.Clean(el.Text())})
		}
	}
	return files, nil
}

func source(l *libvirt.Libvirt, el *etree.Element) (fileUse, error) {
	if el == nil {
		return fileUse{}, nil
	}
	for _, attr := range []string{"file", "dev"} {
		if p := el.SelectAttrValue(attr, ""); p != "" {
			return fileUse{path: path.Clean(p)}, nil
		}
	}
	if el.SelectAttrValue("protocol", "") != "" {
		return fileUse{network: networkLocation(el)}, nil
	}
	pool, volume := el.SelectAttrValue("pool", ""), el.SelectAttrValue("volume", "")
	if pool == "" {
		return fileUse{}, nil
	}
	file, err := volumePath(l, pool, volume)
	if conn.IsNotFound(err) || conn.IsInactive(err) { // the domain could not start either
		err = nil
	}
	return fileUse{path: file, pool: pool}, err
}

func volumePath(l *libvirt.Libvirt, pool, volume string) (string, error) {
	p, err := l.StoragePoolLookupByName(pool)
	if err != nil {
		return "", err
	}
	v, err := l.StorageVolLookupByName(p, volume)
	if err != nil {
		return "", err
	}
	return l.StorageVolGetPath(v)
}
