package snapshot

import (
	"path"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

const overlayFormat = "qcow2"

// files creates and removes files on a host.
type files struct {
	host *conn.Host
	l    *libvirt.Libvirt
}

// remove removes unused files. A file that is already gone is not an error.
func (f files) remove(names ...string) error {
	for _, file := range names {
		err := storage.InDirectory(f.host, f.l, path.Dir(file), func(pool libvirt.StoragePool) error {
			v, err := storage.FileIn(f.l, pool, path.Base(file))
			if err != nil {
				return err
			}
			return f.l.StorageVolDelete(v, libvirt.StorageVolDeleteNormal)
		})
		if err != nil && !conn.IsNotFound(err) {
			return diag.New("clean up after", "The file is no longer used. Remove it on the host.", "unable to remove %s: %w", file, err)
		}
	}
	return nil
}

// freshOverlay creates an empty overlay over a frozen file, named after the snapshot's overlay.
func (f files) freshOverlay(like string, frozen image) (file string, err error) {
	err = storage.InDirectory(f.host, f.l, path.Dir(like), func(pool libvirt.StoragePool) error {
		for n := 1; ; n++ {
			name := numbered(path.Base(like), n)
			_, err := storage.FileIn(f.l, pool, name)
			if err == nil {
				continue // the one in use, or one that an interrupted revert left
			}
			if !conn.IsNotFound(err) {
				return err
			}
			xml, err := overlayXML(name, frozen)
			if err != nil {
				return err
			}
			file = path.Join(path.Dir(like), name)
			_, err = f.l.StorageVolCreateXML(pool, xml, 0)
			return err
		}
	})
	return file, err
}

// sweep removes the overlays that this and earlier reverts no longer use: those with the snapshot's name over the same
// frozen file, except the kept one.
func (f files) sweep(kept string, frozen image) error {
	return storage.InDirectory(f.host, f.l, path.Dir(kept), func(pool libvirt.StoragePool) error {
		volumes, _, err := f.l.StoragePoolListAllVolumes(pool, 1, 0)
		if err != nil {
			return err
		}
		for _, v := range volumes {
			if v.Name == path.Base(kept) || numbered(v.Name, 0) != numbered(path.Base(kept), 0) {
				continue
			}
			root, err := storage.Describe(f.l, v)
			if err != nil {
				return err
			}
			if xmlmodel.At("backingStore/path").Text(root) != frozen.file {
				continue
			}
			if err := f.l.StorageVolDelete(v, libvirt.StorageVolDeleteNormal); err != nil {
				return err
			}
		}
		return nil
	})
}

// https://libvirt.org/formatstorage.html#storage-volume-xml
func overlayXML(name string, frozen image) (string, error) {
	el := etree.NewElement("volume")
	for at, v := range map[xmlmodel.At]string{"name": name, "target/format@type": overlayFormat, "target/compat": qcow2Version,
		"backingStore/path": frozen.file, "backingStore/format@type": frozen.format} {
		at.Write(el, v)
	}
	return xmlmodel.Text(el)
}

// qcow2Version is QEMU's default; libvirt (9.0) would ask for the version of 2010.
const qcow2Version = "1.1"
