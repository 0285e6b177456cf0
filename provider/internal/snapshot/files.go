package snapshot

import (
	"fmt"
	"path"
	"time"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"
	"github.com/google/uuid"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/fault"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

const overlayFormat = "qcow2"

// takenLimit bounds the wait for a directory that another program looks at through a pool of its own just now, or whose pool is busy with a
// volume: libvirt has no event for the end of that.
const (
	takenLimit = 30 * time.Second
	takenPause = 200 * time.Millisecond
)

// inDirectory has a directory of the host looked at by libvirt: only as volumes of a pool can files be made and removed through it. Where
// the directory is no pool, it is one for that moment.
func inDirectory(l *libvirt.Libvirt, dir string, do func(pool libvirt.StoragePool) error) error {
	defer alone("files", dir)()
	for deadline := time.Now().Add(takenLimit); ; time.Sleep(takenPause) {
		pool, done, err := poolAt(l, dir)
		if err == nil {
			defer done()
			return do(pool)
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s can't be looked at; where it is a pool that is stopped, start it: %w", dir, err)
		}
	}
}

func poolAt(l *libvirt.Libvirt, dir string) (pool libvirt.StoragePool, done func(), err error) {
	done = func() {}
	pool, err = l.StoragePoolLookupByTargetPath(dir)
	if err == nil {
		return pool, done, l.StoragePoolRefresh(pool, 0)
	}
	if !conn.IsNotFound(err) {
		return pool, done, err
	}
	el := etree.NewElement("pool")
	el.CreateAttr("type", "dir")
	el.CreateElement("name").SetText("kvm-fleet-" + uuid.NewString())
	xmlmodel.At("target/path").Write(el, dir)
	xml, err := xmlmodel.Text(el)
	if err != nil {
		return pool, done, err
	}
	pool, err = l.StoragePoolCreateXML(xml, 0)
	return pool, func() { _ = l.StoragePoolDestroy(pool) }, err
}

// remove removes files that nothing needs any more; that one is gone already is fine.
func remove(l *libvirt.Libvirt, files ...string) error {
	for _, file := range files {
		err := inDirectory(l, path.Dir(file), func(pool libvirt.StoragePool) error {
			v, err := l.StorageVolLookupByName(pool, path.Base(file))
			if err != nil {
				return err
			}
			return l.StorageVolDelete(v, libvirt.StorageVolDeleteNormal)
		})
		if err != nil && !conn.IsNotFound(err) {
			return fault.New("clean up after", "Nothing uses it any more: remove it on the host.", "%s could not be removed: %w", file, err)
		}
	}
	return nil
}

// freshOverlay makes an empty overlay over a frozen file, named after the snapshot's overlay.
func freshOverlay(l *libvirt.Libvirt, like string, frozen image) (file string, err error) {
	err = inDirectory(l, path.Dir(like), func(pool libvirt.StoragePool) error {
		for n := 1; ; n++ {
			name := numbered(path.Base(like), n)
			_, err := l.StorageVolLookupByName(pool, name)
			if err == nil {
				continue // the one in use, or one that an earlier revert left when it was cut off
			}
			if !conn.IsNotFound(err) {
				return err
			}
			xml, err := overlayXML(name, frozen)
			if err != nil {
				return err
			}
			file = path.Join(path.Dir(like), name)
			_, err = l.StorageVolCreateXML(pool, xml, 0)
			return err
		}
	})
	return file, err
}

// sweep removes the overlays that this and earlier reverts have made unused: those of the snapshot's names over the same frozen file, but
// for the one that is kept.
func sweep(l *libvirt.Libvirt, kept string, frozen image) error {
	return inDirectory(l, path.Dir(kept), func(pool libvirt.StoragePool) error {
		volumes, _, err := l.StoragePoolListAllVolumes(pool, 1, 0)
		if err != nil {
			return err
		}
		for _, v := range volumes {
			if v.Name == path.Base(kept) || numbered(v.Name, 0) != numbered(path.Base(kept), 0) {
				continue
			}
			xml, err := l.StorageVolGetXMLDesc(v, 0)
			if err != nil {
				return err
			}
			root, err := xmlmodel.Parse(xml)
			if err != nil {
				return err
			}
			if text(root, "backingStore/path") != frozen.file {
				continue
			}
			if err := l.StorageVolDelete(v, libvirt.StorageVolDeleteNormal); err != nil {
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

// qcow2Version is the one that QEMU makes by itself; libvirt (9.0) would ask for that of 2010.
const qcow2Version = "1.1"
