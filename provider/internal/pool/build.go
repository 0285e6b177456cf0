package pool

import (
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/usage"
)

// What 'build' may say.
const (
	buildNew       = "new"
	buildOverwrite = "overwrite"
)

// prepare makes the pool's directory, and of a new pool what it is made of, where that was asked for. Without a flag libvirt 9.0 makes no
// file system, but does make a volume group, over whatever is on the devices: it is never asked to without one.
func prepare(l *libvirt.Libvirt, p libvirt.StoragePool, plan table.Model, isNew bool) error {
	if isNew && plan["build"] != nil {
		flags := libvirt.StoragePoolBuildNoOverwrite
		switch {
		case plan["build"] == buildOverwrite:
			flags = libvirt.StoragePoolBuildOverwrite
		case plan["type"] == "zfs": // zpool(8) itself refuses devices that are in use
			flags = libvirt.StoragePoolBuildNew
		}
		err := l.StoragePoolBuild(p, flags)
		if conn.IsBuilt(err) {
			return &diag.Error{Verb: "build", Err: err, Remedy: "Nothing was written there. To use what is on the devices, take 'build' out; to lose it, say \"overwrite\"."}
		}
		return diag.Wrap("build", err)
	}
	if kinds[plan.Str("type")].directory {
		// It stays when the pool is destroyed, or goes to another path.
		return diag.Wrap("make the directory of", l.StoragePoolBuild(p, libvirt.StoragePoolBuildNew))
	}
	return nil
}

// discard has libvirt delete what the pool is made of.
func discard(l *libvirt.Libvirt, p libvirt.StoragePool, m table.Model) error {
	if !m.Bool("delete_data") {
		return nil
	}
	return diag.Wrap("delete what was in", l.StoragePoolDelete(p, libvirt.StoragePoolDeleteNormal))
}

// discardable refuses to delete a pool with volumes that a domain has, and a directory with anything in it. Nothing has changed by then.
func discardable(l *libvirt.Libvirt, m table.Model) error {
	p, err := l.StoragePoolLookupByName(m.Str("name"))
	if err != nil {
		return err
	}
	has, err := users(l, m)
	if err != nil {
		return err
	}
	if len(has) > 0 {
		return diag.New("destroy", "Nothing was changed. Destroy these domains or take the disks out of them first; to keep what is in the pool, apply 'delete_data' = false.",
			"pool %q has disks of %s, and 'delete_data' would delete them", m.Str("name"), usage.Names(has))
	}
	active, err := l.StoragePoolIsActive(p)
	if err != nil {
		return err
	}
	if active == 0 {
		return diag.New("destroy", "Nothing was changed. Start it, so that it can be seen, or apply 'delete_data' = false.",
			"pool %q is stopped, and nobody knows what 'delete_data' would delete", m.Str("name"))
	}
	if !kinds[m.Str("type")].files {
		return nil
	}
	if err := storage.Refresh(l, p); err != nil {
		return err
	}
	n, err := l.StoragePoolNumOfVolumes(p)
	if err == nil && n > 0 {
		err = diag.New("destroy", "Nothing was changed. Delete them first, or keep them: apply 'delete_data' = false.",
			"pool %q still has %d volumes, and libvirt deletes an empty directory only", m.Str("name"), n)
	}
	return err
}
