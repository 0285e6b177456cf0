package migration

import (
	"context"
	"errors"
	"path"
	"sync"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

var variables sync.Mutex

// ownVariables is where libvirt keeps those of a domain whose firmware it has chosen itself: its definition does not say so (libvirt 9.0).
const ownVariables = "/var/lib/libvirt/qemu/nvram/"

// bringVariables copies the UEFI variables of a domain that is off. libvirt keeps them in a file that is in no pool; a pool that is there
// only meanwhile reaches it. (A running guest's variables are part of its migration.)
func (t *targets) bringVariables(ctx context.Context, s *survey) error {
	variables.Lock() // libvirt allows one pool to a directory
	defer variables.Unlock()
	domain, err := xmlmodel.Parse(s.inactive)
	if err != nil {
		return err
	}
	file := text(domain, "os/nvram")
	if file == "" && text(domain, "os@firmware") == "efi" {
		file = ownVariables + text(domain, "name") + "_VARS.fd"
	}
	if file == "" {
		return nil
	}
	r := t.request
	source, endSource, err := reach(ctx, r.From, file)
	if err != nil {
		return err
	}
	defer endSource()
	target, endTarget, err := reach(ctx, r.To, file)
	if err != nil {
		return err
	}
	defer endTarget()
	var size uint64
	err = r.From.Do(ctx, func(l *libvirt.Libvirt) error {
		vol, err := find(l, source)
		if err == nil {
			_, size, _, err = l.StorageVolGetInfo(vol)
		}
		return err
	})
	if errors.Is(err, conn.ErrNotFound) {
		return nil // it has never been started
	}
	if err != nil {
		return err
	}
	err = r.To.Do(ctx, func(l *libvirt.Libvirt) error {
		if err := remove(l, target); err != nil {
			return err
		}
		pool, err := l.StoragePoolLookupByName(target.pool)
		if err != nil {
			return err
		}
		v := etree.NewElement("volume")
		xmlmodel.At("name").Write(v, target.name)
		xmlmodel.At("capacity").Write(v, size)
		xmlmodel.At("target/format@type").Write(v, "raw")
		xml, err := xmlmodel.Text(v)
		if err == nil {
			_, err = l.StorageVolCreateXML(pool, xml, 0)
		}
		return err
	})
	if err != nil {
		return err
	}
	return carry(ctx, r.From, source, r.To, target)
}

// reach makes a file's directory a pool, where it is none.
func reach(ctx context.Context, host *conn.Host, file string) (v volume, end func(), err error) {
	v, end = volume{"kvm-fleet-variables", path.Base(file)}, func() {}
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		p := etree.NewElement("pool")
		p.CreateAttr("type", "dir")
		xmlmodel.At("name").Write(p, v.pool)
		xmlmodel.At("target/path").Write(p, path.Dir(file))
		xml, err := xmlmodel.Text(p)
		if err != nil {
			return err
		}
		pool, err := l.StoragePoolCreateXML(xml, 0)
		end = func() {
			_ = host.Do(context.WithoutCancel(ctx), func(l *libvirt.Libvirt) error { return l.StoragePoolDestroy(pool) })
		}
		return err
	})
	if err != nil {
		end = func() {}
	}
	return v, end, err
}
