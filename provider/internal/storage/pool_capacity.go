package storage

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// A directory shows other files if the file system that was mounted there is not mounted any more. Nothing in libvirt's reports says so, except
// the size of the file system. The state keeps that size, and a volume that is missing from a file system of another size was not deleted.

// PoolCapacityRow returns the row of the size of the file system that a volume is in.
func PoolCapacityRow(what string) table.Attr {
	return table.Attr{Name: "pool_capacity", Type: table.Int, Mode: table.Computed,
		Doc: "The size of the pool's file system, in bytes, when the " + what + " was last read. Null if the pool is no directory. If the " + what +
			" is missing from a file system of another size, the plan fails and does not create it again."}
}

// AssumeGone is the environment variable that lists, separated by commas, pools whose missing volumes no longer exist: host/pool.
const AssumeGone = "KVM_FLEET_ASSUME_GONE"

func assumedGone(m table.Model) bool {
	place := m.Str("host") + "/" + m.Str("pool")
	return slices.ContainsFunc(strings.Split(os.Getenv(AssumeGone), ","), func(p string) bool { return strings.TrimSpace(p) == place })
}

// directoryTypes are the pool types whose volumes are files in a directory.
var directoryTypes = []string{"dir", "fs", "netfs", "vstorage"}

// capacities are the sizes of the file systems of a host's active pools, by pool.
var capacities = &conn.Listing[map[string]int64]{Read: func(l *libvirt.Libvirt) (map[string]int64, error) {
	pools, _, err := l.ConnectListAllStoragePools(1, libvirt.ConnectListStoragePoolsActive)
	if err != nil {
		return nil, err
	}
	all := map[string]int64{}
	for _, p := range pools {
		size, err := capacityOf(l, p)
		if err != nil && !conn.IsNotFound(err) {
			return nil, err
		}
		if size != 0 {
			all[p.Name] = size
		}
	}
	return all, nil
}}

// capacityOf returns the size of a pool's file system as libvirt saw it last, 0 for a pool that is no directory.
func capacityOf(l *libvirt.Libvirt, pool libvirt.StoragePool) (int64, error) {
	root, err := describe(l, pool)
	if err != nil || !slices.Contains(directoryTypes, xmlmodel.At("@type").Text(root)) {
		return 0, err
	}
	size, err := strconv.ParseInt(xmlmodel.At("capacity").Text(root), 10, 64)
	return size, err
}

// NotePoolCapacity adds the size of the file system to what was read of a volume.
func NotePoolCapacity(ctx context.Context, host *conn.Host, m, seen table.Model) error {
	seen["pool_capacity"] = nil
	if all, listed := capacities.Get(ctx, host); listed {
		if size := all[m.Str("pool")]; size != 0 {
			seen["pool_capacity"] = size
		}
		return nil
	}
	return host.Do(ctx, func(l *libvirt.Libvirt) error {
		pool, err := l.StoragePoolLookupByName(m.Str("pool"))
		if err != nil {
			return err
		}
		size, err := capacityOf(l, pool)
		if size != 0 {
			seen["pool_capacity"] = size
		}
		return err
	})
}

// checkCapacityOf returns an error if the pool of a missing volume is another file system than the one in which the volume was.
func checkCapacityOf(l *libvirt.Libvirt, m table.Model, pool libvirt.StoragePool) error {
	was, known := m["pool_capacity"].(int64)
	if !known || assumedGone(m) {
		return nil
	}
	if err := Refresh(l, pool); err != nil {
		return err
	}
	root, err := describe(l, pool)
	if err != nil {
		return err
	}
	is, err := capacityOf(l, pool)
	if err != nil || is == was {
		return err
	}
	return diag.New("find", fmt.Sprintf("The state is unchanged, and nothing is created in its place. Mount the file system, then run this "+
		"again. If the volume no longer exists, say so for this one run: %s=%s/%s", AssumeGone, m.Str("host"), m.Str("pool")),
		"it is not in pool %q, and %s is another file system than before: of %s now, and of %s when the volume was last read; a file "+
			"system may not be mounted there", pool.Name, xmlmodel.At("target/path").Text(root), mebibytes(is), mebibytes(was))
}

func mebibytes(n int64) string { return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20)) }
