package snapshot

import (
	"context"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"
	"github.com/google/uuid"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/fault"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

const overlayFormat = "qcow2"

// busyLimit bounds the wait for a pool that is busy: libvirt refuses to list it again while a volume in it is being made or uploaded, and
// has no event for the end of that.
const (
	busyLimit = 50 * time.Second
	busyPause = 200 * time.Millisecond
)

// files makes and removes files on a host.
type files struct {
	host *conn.Host
	l    *libvirt.Libvirt
}

// ours begins the name of a pool that is there only while a directory is looked at.
const ours = "kvm-fleet-files-"

// in has a directory of the host looked at by libvirt: only as volumes of a pool can files be made and removed through it. Where the
// directory is no pool, it is one for that moment.
func (f files) in(dir string, do func(pool libvirt.StoragePool) error) error {
	defer alone("files", f.host.Name+dir)()
	for deadline := time.Now().Add(busyLimit); ; time.Sleep(busyPause) {
		pool, err := f.poolAt(dir)
		if strings.HasPrefix(pool.Name, ours) { // or one that was left when a provider was killed
			defer f.forget(pool.Name)
		}
		if err == nil {
			return do(pool)
		}
		if !conn.IsInactive(err) || time.Now().After(deadline) {
			return fmt.Errorf("%s can't be looked at; where it is a pool that is stopped, start it: %w", dir, err)
		}
	}
}

func (f files) poolAt(dir string) (libvirt.StoragePool, error) {
	pool, err := f.l.StoragePoolLookupByTargetPath(dir)
	if err == nil {
		return pool, f.l.StoragePoolRefresh(pool, 0)
	}
	if !conn.IsNotFound(err) {
		return pool, err
	}
	name := ours + uuid.NewString()
	el := etree.NewElement("pool")
	el.CreateAttr("type", "dir")
	el.CreateElement("name").SetText(name)
	xmlmodel.At("target/path").Write(el, dir)
	xml, err := xmlmodel.Text(el)
	if err != nil {
		return pool, err
	}
	pool, err = f.l.StoragePoolCreateXML(xml, 0)
	if err == nil {
		return pool, nil
	}
	if there, look := f.l.StoragePoolLookupByTargetPath(dir); look == nil {
		return there, nil // somebody else was faster
	}
	return libvirt.StoragePool{Name: name}, err // nobody knows whether it was made where the connection was lost
}

// forget ends the pool; not its directory. Where the connection was lost, another one is used.
func (f files) forget(name string) {
	end := func(l *libvirt.Libvirt) error {
		pool, err := l.StoragePoolLookupByName(name)
		if err != nil {
			return err
		}
		return l.StoragePoolDestroy(pool)
	}
	if err := end(f.l); err != nil && !conn.IsNotFound(err) {
		_ = f.host.Do(context.Background(), end) // what is left is found again by whoever looks at the directory next
	}
}

// remove removes files that nothing needs any more; that one is gone already is fine.
func (f files) remove(names ...string) error {
	for _, file := range names {
		err := f.in(path.Dir(file), func(pool libvirt.StoragePool) error {
			v, err := f.l.StorageVolLookupByName(pool, path.Base(file))
			if err != nil {
				return err
			}
			return f.l.StorageVolDelete(v, libvirt.StorageVolDeleteNormal)
		})
		if err != nil && !conn.IsNotFound(err) {
			return fault.New("clean up after", "Nothing uses it any more: remove it on the host.", "%s could not be removed: %w", file, err)
		}
	}
	return nil
}

// freshOverlay makes an empty overlay over a frozen file, named after the snapshot's overlay.
func (f files) freshOverlay(like string, frozen image) (file string, err error) {
	err = f.in(path.Dir(like), func(pool libvirt.StoragePool) error {
		for n := 1; ; n++ {
			name := numbered(path.Base(like), n)
			_, err := f.l.StorageVolLookupByName(pool, name)
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
			_, err = f.l.StorageVolCreateXML(pool, xml, 0)
			return err
		}
	})
	return file, err
}

// sweep removes the overlays that this and earlier reverts have made unused: those of the snapshot's names over the same frozen file, but
// for the one that is kept.
func (f files) sweep(kept string, frozen image) error {
	return f.in(path.Dir(kept), func(pool libvirt.StoragePool) error {
		volumes, _, err := f.l.StoragePoolListAllVolumes(pool, 1, 0)
		if err != nil {
			return err
		}
		for _, v := range volumes {
			if v.Name == path.Base(kept) || numbered(v.Name, 0) != numbered(path.Base(kept), 0) {
				continue
			}
			xml, err := f.l.StorageVolGetXMLDesc(v, 0)
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

// qcow2Version is the one that QEMU makes by itself; libvirt (9.0) would ask for that of 2010.
const qcow2Version = "1.1"
