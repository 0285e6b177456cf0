package storage

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/usage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// user is a domain that uses a volume, and the domain's host.
type user struct {
	usage.User
	host *conn.Host
}

// usersOf returns the domains that use a volume, on its host and on every host that mounts the same storage.
func usersOf(ctx context.Context, host *conn.Host, m table.Model) ([]user, error) {
	var users []user
	var origin string
	err := host.Do(ctx, func(l *libvirt.Libvirt) error {
		v, err := Volume(l, m)
		if err != nil {
			return err
		}
		file, err := l.StorageVolGetPath(v)
		if err != nil {
			return err
		}
		if origin, err = originOf(l, m.Str("pool")); err != nil {
			return err
		}
		found, err := usage.OfFile(l, file)
		users = withHost(host, found)
		return err
	})
	if err != nil || origin == "" {
		return users, err
	}
	for _, other := range host.Others() {
		err := other.Do(ctx, func(l *libvirt.Libvirt) error {
			files, err := sameVolume(l, origin, m.Str("name"))
			for _, file := range files {
				found, err := usage.OfFile(l, file)
				if err != nil {
					return err
				}
				users = append(users, withHost(other, found)...)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return users, nil
}

func withHost(host *conn.Host, found []usage.User) []user {
	var users []user
	for _, u := range found {
		users = append(users, user{u, host})
	}
	return users
}

// asDisk reports whether the volume is a disk of the domain, rather than a backing image or a kernel.
func (u user) asDisk() bool { return u.Target != "" && !u.Backing }

// sameVolume returns the paths of a volume on a host, in pools with this origin.
func sameVolume(l *libvirt.Libvirt, origin, name string) (files []string, err error) {
	pools, _, err := l.ConnectListAllStoragePools(1, libvirt.ConnectListStoragePoolsActive)
	for _, p := range pools {
		root, err := describe(l, p)
		if err != nil && !conn.IsNotFound(err) {
			return nil, fmt.Errorf("pool %q, which may have the same storage: %w", p.Name, err)
		}
		if err != nil || Origin(root) != origin {
			continue
		}
		if file, err := pathIn(l, p, root, name); err == nil {
			files = append(files, file)
		} else if !conn.IsNotFound(err) {
			return nil, err
		}
	}
	return files, err
}

// pathIn returns the path of a volume on a host. In a directory it follows from the name, since another host may just
// have created the volume; otherwise libvirt reports it.
func pathIn(l *libvirt.Libvirt, pool libvirt.StoragePool, root *etree.Element, name string) (string, error) {
	if xmlmodel.At("@type").Text(root) == "netfs" {
		return path.Join(xmlmodel.At("target/path").Text(root), name), nil
	}
	v, err := Volume(l, table.Model{"pool": pool.Name, "name": name})
	if err != nil {
		return "", err
	}
	return l.StorageVolGetPath(v)
}

// originOf returns the Origin of a pool by name.
func originOf(l *libvirt.Libvirt, pool string) (string, error) {
	p, err := l.StoragePoolLookupByName(pool)
	if err != nil {
		return "", err
	}
	root, err := describe(l, p)
	if err != nil {
		return "", err
	}
	return Origin(root), nil
}

func describe(l *libvirt.Libvirt, pool libvirt.StoragePool) (*etree.Element, error) {
	text, err := l.StoragePoolGetXMLDesc(pool, 0)
	if err != nil {
		return nil, err
	}
	return xmlmodel.Parse(text)
}

// networkTypes are the pool types of network storage. https://libvirt.org/storage.html
var networkTypes = map[string]bool{"netfs": true, "gluster": true, "rbd": true, "iscsi": true, "iscsi-direct": true, "sheepdog": true}

// Origin identifies shared storage: it is the same on all hosts that share a pool, and "" for storage of one host. It
// does not depend on the order in which a host lists the servers.
func Origin(pool *etree.Element) string {
	poolType := xmlmodel.At("@type").Text(pool)
	if !networkTypes[poolType] {
		return ""
	}
	var hosts, parts []string
	for _, h := range pool.FindElements("source/host") {
		hosts = append(hosts, strings.TrimSuffix(h.SelectAttrValue("name", "")+":"+h.SelectAttrValue("port", ""), ":"))
	}
	slices.Sort(hosts)
	for _, at := range []xmlmodel.At{"source/dir@path", "source/name", "source/device@path"} {
		if part := at.Text(pool); part != "" {
			parts = append(parts, part)
		}
	}
	return strings.TrimPrefix(poolType+":", "netfs:") + strings.Join(append([]string{strings.Join(hosts, ",")}, parts...), ":")
}
