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

// temporaryPrefix begins the name of a temporary pool.
const temporaryPrefix = "kvm-fleet-files-"

var directories sync.Map // a lock for each directory: libvirt allows one pool for a directory

// InDirectory calls do with a pool for a directory of the host: libvirt creates, reads and removes files only as
// volumes of a pool. If the directory belongs to no pool, InDirectory creates a temporary one.
func InDirectory(host *conn.Host, l *libvirt.Libvirt, dir string, do func(pool libvirt.StoragePool) error) error {
	m, _ := directories.LoadOrStore(host.Name+"\n"+dir, &sync.Mutex{})
	m.(*sync.Mutex).Lock()
	defer m.(*sync.Mutex).Unlock()
	pool, err := poolAt(l, dir)
	if strings.HasPrefix(pool.Name, temporaryPrefix) { // this call's own, or one that a killed provider left
		defer removePool(host, l, pool.Name)
	}
	if err != nil {
		return fmt.Errorf("unable to access %s; if it belongs to a stopped pool, start the pool: %w", dir, err)
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
	name := temporaryPrefix + uuid.NewString()
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
	if other, lookupErr := l.StoragePoolLookupByTargetPath(dir); lookupErr == nil {
		return other, nil // another process created a pool meanwhile
	}
	return libvirt.StoragePool{Name: name}, err // if the connection was lost, the pool may exist
}

// removePool removes the pool but not its directory. If the connection was lost, it uses another one.
func removePool(host *conn.Host, l *libvirt.Libvirt, name string) {
	end := func(l *libvirt.Libvirt) error {
		pool, err := l.StoragePoolLookupByName(name)
		if err != nil {
			return err
		}
		return l.StoragePoolDestroy(pool)
	}
	if err := end(l); err != nil && !conn.IsNotFound(err) {
		_ = host.Do(context.Background(), end) // the next call for the directory finds a pool that is left
	}
}
