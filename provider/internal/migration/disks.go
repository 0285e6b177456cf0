package migration

import (
	"fmt"
	"path"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// volume names a volume in a pool.
type volume struct{ pool, name string }

// disk is a disk of the domain and its place on the new host.
type disk struct {
	target string
	format string
	file   string // its path on the old host
	device bool   // a block device: it must be shared, since it is not copied
	to     string // its path on the new host; "" if not known
	shared bool   // both hosts have it, so it is not copied
	media  bool   // read-only for the guest: it is copied, and its source is kept
	source volume // on the old host
	home   volume // on the new host
	size   uint64 // of a copy, in bytes

	encryption *etree.Element // nil if not encrypted
}

// poolInfo describes a pool of one host.
type poolInfo struct {
	name   string
	path   string
	origin string // the same on all hosts that share the storage; "" for storage of one host
	free   uint64
}

func readPool(l *libvirt.Libvirt, name string) (poolInfo, error) {
	pool, err := l.StoragePoolLookupByName(name)
	if err != nil {
		return poolInfo{}, err
	}
	return readPoolInfo(l, pool)
}

func readPoolInfo(l *libvirt.Libvirt, pool libvirt.StoragePool) (poolInfo, error) {
	_, _, _, free, err := l.StoragePoolGetInfo(pool)
	if err != nil {
		return poolInfo{}, err
	}
	text, err := l.StoragePoolGetXMLDesc(pool, 0)
	if err != nil {
		return poolInfo{}, err
	}
	root, err := xmlmodel.Parse(text)
	if err != nil {
		return poolInfo{}, err
	}
	return poolInfo{name: pool.Name, path: xmlmodel.At("target/path").Text(root), origin: storage.Origin(root), free: free}, nil
}

// refreshPool refreshes a pool to learn how much space is free now. A busy pool keeps its earlier values.
func refreshPool(l *libvirt.Libvirt, seen poolInfo) (poolInfo, error) {
	pool, err := l.StoragePoolLookupByName(seen.name)
	if err != nil || l.StoragePoolRefresh(pool, 0) != nil {
		return seen, err
	}
	return readPoolInfo(l, pool)
}

// readDisks finds where each disk is on the old host.
func readDisks(l *libvirt.Libvirt, domain *etree.Element, request *Request) (disks []*disk, pools map[string]poolInfo, findings []string, err error) {
	pools = map[string]poolInfo{}
	for _, el := range xmlmodel.Ensure(domain, "devices").SelectElements("disk") {
		d := &disk{target: xmlmodel.At("target@dev").Text(el), format: xmlmodel.At("driver@type").Text(el), file: xmlmodel.At("source@file").Text(el)}
		if dev := xmlmodel.At("source@dev").Text(el); dev != "" {
			d.file, d.device = dev, true
		}
		if d.encryption = el.FindElement("source/encryption"); d.encryption == nil {
			d.encryption = el.SelectElement("encryption") // libvirt before 3.9 wrote it there
		}
		d.media = el.SelectAttrValue("device", "disk") != "disk" || el.SelectElement("readonly") != nil
		switch {
		case el.SelectElement("source") == nil:
			continue // an empty drive
		case el.SelectAttrValue("type", "") == "network":
			if finding := unreachableStorage(el, request); finding != "" {
				findings = append(findings, finding)
			}
			continue // network storage is reachable from any host
		case request.Options.Storage == StorageShared:
			d.shared, d.to = true, d.file
		case d.file == "":
			findings = append(findings, fmt.Sprintf("disks[%q] is a %s device of %s, which cannot be copied; set migration.storage = \"shared\" if "+
				"%s has the same device under the same path",
				d.target, el.SelectAttrValue("type", ""), request.From.Name, request.To.Name))
			continue
		default:
			if err := d.findSource(l, pools); err != nil {
				return nil, nil, nil, err
			}
		}
		disks = append(disks, d)
	}
	return disks, pools, findings, nil
}

// findSource finds the volume of the disk on the old host.
func (d *disk) findSource(l *libvirt.Libvirt, pools map[string]poolInfo) error {
	vol, err := l.StorageVolLookupByPath(d.file)
	if conn.IsNotFound(err) {
		vol, err = findAfterRefresh(l, d.file)
	}
	if conn.IsNotFound(err) {
		d.source = volume{"", path.Base(d.file)}
		return nil
	}
	if err != nil {
		return err
	}
	d.source = volume{vol.Pool, vol.Name}
	if _, _, d.size, err = l.StorageVolGetInfo(vol); err != nil {
		return err
	}
	if _, seen := pools[vol.Pool]; !seen {
		pools[vol.Pool], err = readPool(l, vol.Pool)
	}
	return err
}

// findAfterRefresh refreshes the pool of a file's directory and then finds the file: another host may have created it on shared storage.
func findAfterRefresh(l *libvirt.Libvirt, file string) (libvirt.StorageVol, error) {
	pool, err := l.StoragePoolLookupByTargetPath(path.Dir(file))
	if err == nil {
		err = storage.Refresh(l, pool)
	}
	if err != nil {
		return libvirt.StorageVol{}, err
	}
	return l.StorageVolLookupByPath(file)
}

// placeDisks decides where each disk goes on the new host.
func placeDisks(l *libvirt.Libvirt, disks []*disk, pools map[string]poolInfo, request *Request,
	ours map[volume]bool) (missing []Missing, findings []string, err error) {
	need := map[string]uint64{}
	homes := map[string]poolInfo{}
	fresh := map[string]bool{}
	for _, d := range disks {
		if d.shared {
			continue
		}
		if d.device {
			finding, err := d.shareDevice(l, pools, request)
			if err != nil {
				return nil, nil, err
			}
			if finding != "" {
				findings = append(findings, finding)
			}
			continue
		}
		name := request.TargetPools[d.target]
		if name == "" {
			name = d.source.pool
		}
		if name == "" {
			findings = append(findings, fmt.Sprintf("disks[%q] (%s) is not in a storage pool of %s; create a pool for its directory, or set "+
				"migration.storage = \"shared\" if %s has the same file",
				d.target, d.file, request.From.Name, request.To.Name))
			continue
		}
		d.home = volume{name, d.source.name}
		home, seen := homes[name]
		if !seen {
			home, err = readPool(l, name)
			if conn.IsNotFound(err) || conn.IsInactive(err) {
				missing = append(missing, Missing{"pool", name, fmt.Sprintf("pool %q for disks[%q]", name, d.target)})
				continue
			}
			if err != nil {
				return nil, nil, err
			}
			homes[name] = home
		}
		d.to = path.Join(home.path, d.source.name)
		if home.origin != "" && home.origin == pools[d.source.pool].origin && request.Options.Storage != StorageCopy {
			d.shared = true
			continue
		}
		// A pool that receives no copy is not refreshed: on network storage, each of many machines would wait for that.
		if !fresh[name] {
			if homes[name], err = refreshPool(l, home); err != nil {
				return nil, nil, err
			}
			fresh[name] = true
		}
		there, err := exists(l, d.home)
		switch {
		case err != nil:
			return nil, nil, err
		case there && !d.media && !ours[d.home]:
			findings = append(findings, fmt.Sprintf("disks[%q]: pool %q of %s already has a volume %q, which is not overwritten; delete it, name "+
				"another pool in 'target_pool', or set migration.storage = \"shared\" if it is the same file",
				d.target, name, request.To.Name, d.source.name))
		case !there:
			need[name] += d.size
		}
	}
	for name, bytes := range need {
		if free := homes[name].free; bytes > free {
			findings = append(findings, fmt.Sprintf("pool %q of %s has %d MiB free, and the copies need %d MiB; free some space, or name "+
				"another pool in 'target_pool'",
				name, request.To.Name, free>>20, bytes>>20))
		}
	}
	return missing, findings, nil
}

func exists(l *libvirt.Libvirt, v volume) (bool, error) {
	pool, err := l.StoragePoolLookupByName(v.pool)
	if err == nil {
		_, err = l.StorageVolLookupByName(pool, v.name)
	}
	if conn.IsNotFound(err) {
		return false, nil
	}
	return err == nil, err
}

// copied returns the disks that QEMU copies while the guest runs.
func copied(disks []*disk) []*disk {
	var out []*disk
	for _, d := range disks {
		if !d.shared && !d.media {
			out = append(out, d)
		}
	}
	return out
}
