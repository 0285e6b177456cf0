package storage

import (
	"path"
	"slices"
	"strings"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// BackingFiles returns the files that an image depends on, the nearest first. The images themselves say so: a definition lists the chain of
// a running guest only.
func BackingFiles(host *conn.Host, l *libvirt.Libvirt, file string) ([]string, error) {
	var found []string
	for at := file; path.IsAbs(at); {
		next, err := backingFile(host, l, at)
		if err != nil || next == "" || slices.Contains(found, next) || next == file {
			return found, err
		}
		found = append(found, next)
		at = next
	}
	return found, nil
}

// backingFile returns the file that an image is an overlay of; "" if it is none, or does not exist.
func backingFile(host *conn.Host, l *libvirt.Libvirt, file string) (below string, err error) {
	read := func(v libvirt.StorageVol) error {
		root, err := Describe(l, v)
		if err == nil {
			below = xmlmodel.At("backingStore/path").Text(root)
		}
		return err
	}
	if strings.HasPrefix(file, "/dev/") { // a pool for this directory would open every device
		v, err := l.StorageVolLookupByPath(file)
		if err == nil {
			err = read(v)
		}
		return below, ignoreMissing(err)
	}
	// This refreshes the pool: libvirt (9.0) otherwise reports the backing file that the image had at the last refresh.
	err = InDirectory(host, l, path.Dir(file), func(pool libvirt.StoragePool) error {
		v, err := FileIn(l, pool, path.Base(file))
		if err == nil {
			err = read(v)
		}
		return err
	})
	return below, ignoreMissing(err)
}

func ignoreMissing(err error) error {
	if conn.IsNotFound(err) || conn.IsMissingFile(err) {
		return nil
	}
	return err
}
