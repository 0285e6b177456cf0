package storage

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"
	"github.com/google/uuid"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// ours begins the name of a pool that is there only while a directory is looked at.
const ours = "kvm-fleet-files-"

var directories sync.Map // one look at a directory at a time: libvirt allows one pool to each

// InDirectory has a directory of the host looked at by libvirt: only as volumes of a pool can files be made, read and removed through it. Where
// the directory is no pool, it is one for that moment.
func InDirectory(host *conn.Host, l *libvirt.Libvirt, dir string, do func(pool libvirt.StoragePool) error) error {
	m, _ := directories.LoadOrStore(host.Name+"\n"+dir, &sync.Mutex{})
	m.(*sync.Mutex).Lock()
	defer m.(*sync.Mutex).Unlock()
	pool, err := poolAt(l, dir)
	if strings.HasPrefix(pool.Name, ours) { // or one that was left when a provider was killed
		defer forget(host, l, pool.Name)
	}
	if err != nil {
		return fmt.Errorf("%s can't be looked at; where it is a pool that is stopped, start it: %w", dir, err)
	}
	return do(pool)
}

func poolAt(l *libvirt.Libvirt, dir string) (libvirt.StoragePool, error) {
	pool, err := l.StoragePoolLookupByTargetPath(dir)
	if err == nil {
		return pool, Refresh(l, pool)
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
	pool, err = l.StoragePoolCreateXML(xml, 0)
	if err == nil {
		return pool, nil
	}
	if there, look := l.StoragePoolLookupByTargetPath(dir); look == nil {
		return there, nil // somebody else was faster
	}
	return libvirt.StoragePool{Name: name}, err // nobody knows whether it was made where the connection was lost
}

// forget ends the pool; not its directory. Where the connection was lost, another one is used.
func forget(host *conn.Host, l *libvirt.Libvirt, name string) {
	end := func(l *libvirt.Libvirt) error {
		pool, err := l.StoragePoolLookupByName(name)
		if err != nil {
			return err
		}
		return l.StoragePoolDestroy(pool)
	}
	if err := end(l); err != nil && !conn.IsNotFound(err) {
		_ = host.Do(context.Background(), end) // what is left is found again by whoever looks at the directory next
	}
}
