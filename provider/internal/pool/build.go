package pool

import (
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/usage"
)

// The values of 'build'.
const (
	buildNew       = "new"
	buildOverwrite = "overwrite"
)

// makeDirectory creates the new directory of an existing pool before anything refers to it: whatever interrupts the change, the pool can be started.
func makeDirectory(host *conn.Host, l *libvirt.Libvirt, prior, plan table.Model) error {
	if plan["type"] != "dir" || samePath(prior.Str("path"), plan.Str("path")) {
		return nil
	}
	return diag.Wrap("create the directory of", storage.MakeDirectory(host, l, plan.Str("name"), plan.Str("path")))
}

// prepare creates the pool's directory, and the storage of a new pool if 'build' asks for it. Without a flag libvirt
// 9.0 creates no file system, but it does create a volume group and overwrites whatever is on the devices: it is never
// called without a flag.
//
// The directory of an existing pool of type 'dir' has the pool's volumes. If it is missing, a file system is not mounted, and a new directory
// would hide that. The other types mount the file system themselves.
func prepare(l *libvirt.Libvirt, p libvirt.StoragePool, prior, plan table.Model) error {
	if prior != nil && plan["type"] == "dir" {
		return nil
	}
	if prior == nil && plan["build"] != nil {
		flags := libvirt.StoragePoolBuildNoOverwrite
		switch {
		case plan["build"] == buildOverwrite:
			flags = libvirt.StoragePoolBuildOverwrite
		case plan["type"] == "zfs": // zpool(8) refuses devices that are in use
			flags = libvirt.StoragePoolBuildNew
		}
		err := l.StoragePoolBuild(p, flags)
		if conn.IsBuilt(err) {
			return &diag.Error{Verb: "build", Err: err, Remedy: "Nothing was written there. To use what is on the devices, remove 'build'; to " +
				"overwrite it, set 'build' to \"overwrite\"."}
		}
		return diag.Wrap("build", err)
	}
	if poolTypes[plan.Str("type")].directory {
		// The directory is kept when the pool is destroyed or gets another path.
		return diag.Wrap("create the directory of", l.StoragePoolBuild(p, libvirt.StoragePoolBuildNew))
	}
	return nil
}

// discard lets libvirt delete the pool's storage if 'delete_data' is set.
func discard(l *libvirt.Libvirt, p libvirt.StoragePool, m table.Model) error {
	if !m.Bool("delete_data") {
		return nil
	}
	return diag.Wrap("delete the data of", l.StoragePoolDelete(p, libvirt.StoragePoolDeleteNormal))
}

// checkDiscard refuses to delete a pool whose volumes a domain uses, and a directory that is not empty. It changes nothing.
func checkDiscard(l *libvirt.Libvirt, m table.Model) error {
	p, err := l.StoragePoolLookupByName(m.Str("name"))
	if err != nil {
		return err
	}
	inUse, err := users(l, m)
	if err != nil {
		return err
	}
	if len(inUse) > 0 {
		return diag.New("destroy", "Nothing was changed. Destroy these domains or remove the disks from them first; to keep the data of the pool, "+
			"apply 'delete_data' = false.",
			"pool %q has disks of %s, and 'delete_data' would delete them", m.Str("name"), usage.Names(inUse))
	}
	active, err := l.StoragePoolIsActive(p)
	if err != nil {
		return err
	}
	if active == 0 {
		return diag.New("destroy", "Nothing was changed. Start the pool so that its volumes can be listed, or apply 'delete_data' = false.",
			"pool %q is stopped, so it is unknown what 'delete_data' would delete", m.Str("name"))
	}
	if !poolTypes[m.Str("type")].files {
		return nil
	}
	if err := storage.Refresh(l, p); err != nil {
		return err
	}
	n, err := l.StoragePoolNumOfVolumes(p)
	if err == nil && n > 0 {
		err = diag.New("destroy", "Nothing was changed. Delete the volumes first, or apply 'delete_data' = false to keep them.",
			"pool %q still has %d volumes, and libvirt only deletes an empty directory", m.Str("name"), n)
	}
	return err
}
