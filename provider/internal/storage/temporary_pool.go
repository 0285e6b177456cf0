package storage

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"
	"github.com/google/uuid"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// temporaryPrefix begins the name of a temporary pool.
const temporaryPrefix = "kvm-fleet-files-"

var directories sync.Map // a lock for each directory: libvirt allows one pool for a directory

// errPoolGone is the error of a call in a temporary pool that another process removed.
var errPoolGone = errors.New("another process has removed the pool")

// attempts is how often a pool is created in a directory in which other processes create and remove pools.
const attempts = 10

// InDirectory calls do with a pool for a directory of the host: libvirt creates, reads and removes files only as
// volumes of a pool. If the directory belongs to no pool, InDirectory creates a temporary one. All processes share it, and the first one that
// has finished removes it. The others call do once more, with another pool: do looks files up with FileIn, which does not take a missing pool for
// a missing file.
func InDirectory(host *conn.Host, l *libvirt.Libvirt, dir string, do func(pool libvirt.StoragePool) error) error {
	m, _ := directories.LoadOrStore(host.Name+"\n"+dir, &sync.Mutex{})
	m.(*sync.Mutex).Lock()
	defer m.(*sync.Mutex).Unlock()
	var err error
	for range attempts {
		if err = inDirectory(host, l, dir, do); !errors.Is(err, errPoolGone) {
			break
		}
	}
	return err
}

// FileIn returns a file of the pool that InDirectory provides.
func FileIn(l *libvirt.Libvirt, pool libvirt.StoragePool, name string) (libvirt.StorageVol, error) {
	v, err := l.StorageVolLookupByName(pool, name)
	return v, unlessGone(l, pool, err)
}

// isGone reports whether a pool is a temporary one that does not exist any more.
func isGone(l *libvirt.Libvirt, pool libvirt.StoragePool) bool {
	if !strings.HasPrefix(pool.Name, temporaryPrefix) {
		return false
	}
	active, err := l.StoragePoolIsActive(pool)
	return conn.IsNotFound(err) || err == nil && active == 0
}

func inDirectory(host *conn.Host, l *libvirt.Libvirt, dir string, do func(pool libvirt.StoragePool) error) error {
	pool, err := poolAt(l, dir)
	if strings.HasPrefix(pool.Name, temporaryPrefix) { // this call's own, or one that a killed provider left
		defer removePool(host, l, pool.Name)
	}
	switch {
	case errors.Is(err, errPoolGone):
		return err
	case err != nil:
		return fmt.Errorf("unable to access %s; if it belongs to a stopped pool, start the pool: %w", dir, err)
	}
	return unlessGone(l, pool, do(pool))
}

// unlessGone returns an error of a call in a pool, or errPoolGone if there is no such pool any more. errPoolGone does not wrap the error, which
// may say that something is not found.
func unlessGone(l *libvirt.Libvirt, pool libvirt.StoragePool, err error) error {
	if err == nil || errors.Is(err, errPoolGone) || !isGone(l, pool) {
		return err
	}
	return fmt.Errorf("%w: %s", errPoolGone, err.Error())
}

// MakeDirectory creates a directory of the host, and those above it, unless it exists. It takes a temporary pool with a name that belongs to the
// owner of the directory, so that EndMaking finds the pool if the provider is killed.
func MakeDirectory(host *conn.Host, l *libvirt.Libvirt, owner, dir string) error {
	_, err := l.StoragePoolLookupByTargetPath(dir)
	if !conn.IsNotFound(err) {
		return err
	}
	_, err = createPool(l, makerName(owner), dir, nil, libvirt.StoragePoolCreateWithBuild)
	removePool(host, l, makerName(owner))
	return err
}

// IsMaking reports whether a MakeDirectory for an owner was interrupted.
func IsMaking(l *libvirt.Libvirt, owner string) (bool, error) {
	_, err := l.StoragePoolLookupByName(makerName(owner))
	if conn.IsNotFound(err) {
		return false, nil
	}
	return err == nil, err
}

// EndMaking removes what an interrupted MakeDirectory for an owner has left.
func EndMaking(host *conn.Host, l *libvirt.Libvirt, owner string) error {
	making, err := IsMaking(l, owner)
	if making {
		removePool(host, l, makerName(owner))
	}
	return err
}

func makerName(owner string) string { return temporaryPrefix + "for-" + owner }

func poolAt(l *libvirt.Libvirt, dir string) (libvirt.StoragePool, error) {
	pool, err := l.StoragePoolLookupByTargetPath(dir)
	if err == nil {
		return pool, unlessGone(l, pool, Refresh(l, pool))
	}
	if !conn.IsNotFound(err) {
		return pool, err
	}
	name := temporaryPrefix + uuid.NewString()
	pool, err = createPool(l, name, dir, nil, 0)
	if err == nil {
		return pool, nil
	}
	if other, lookupErr := l.StoragePoolLookupByTargetPath(dir); lookupErr == nil {
		return other, nil // another process created a pool meanwhile
	}
	return libvirt.StoragePool{Name: name}, err // if the connection was lost, the pool may exist
}

func createPool(l *libvirt.Libvirt, name, dir string, permissions table.Model, flags libvirt.StoragePoolCreateFlags) (pool libvirt.StoragePool,
	err error) {
	el := etree.NewElement("pool")
	el.CreateAttr("type", "dir")
	el.CreateElement("name").SetText(name)
	xmlmodel.At("target/path").Write(el, dir)
	xmlmodel.Patch([]table.Attr{PermissionsRow("", "")}, el, nil, table.Model{Permissions: permissions})
	xml, err := xmlmodel.Text(el)
	if err != nil {
		return pool, err
	}
	return l.StoragePoolCreateXML(xml, flags)
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
