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

// volume is one in a pool.
type volume struct{ pool, name string }

// disk is what becomes of one.
type disk struct {
	target string
	format string
	file   string // where it is
	device bool   // that is a block device: it is shared, or can't go along
	to     string // where it will be; "" where that is not known
	shared bool   // both hosts see it: it stays
	media  bool   // a medium that the guest can't write to: it is copied, and stays where it was too
	source volume
	home   volume
	size   uint64 // bytes that a copy of it takes

	encryption *etree.Element // nil where it is in the clear
}

// place is a pool as one host has it.
type place struct {
	name   string
	path   string
	origin string // what hosts that share it have alike; "" where it is one host's own
	free   uint64
}

func lookAtPool(l *libvirt.Libvirt, name string) (place, error) {
	pool, err := l.StoragePoolLookupByName(name)
	if err != nil {
		return place{}, err
	}
	return describe(l, pool)
}

func describe(l *libvirt.Libvirt, pool libvirt.StoragePool) (place, error) {
	_, _, _, free, err := l.StoragePoolGetInfo(pool)
	if err != nil {
		return place{}, err
	}
	text, err := l.StoragePoolGetXMLDesc(pool, 0)
	if err != nil {
		return place{}, err
	}
	root, err := xmlmodel.Parse(text)
	if err != nil {
		return place{}, err
	}
	return place{name: pool.Name, path: xmlmodel.At("target/path").Text(root), origin: storage.Origin(root), free: free}, nil
}

// lookAgain has the host look how much is free now. A pool that is busy is believed as it was seen last.
func lookAgain(l *libvirt.Libvirt, seen place) (place, error) {
	pool, err := l.StoragePoolLookupByName(seen.name)
	if err != nil || l.StoragePoolRefresh(pool, 0) != nil {
		return seen, err
	}
	return describe(l, pool)
}

// lookAtDisks finds where each disk is on the host that the domain leaves.
func lookAtDisks(l *libvirt.Libvirt, domain *etree.Element, request *Request) (disks []*disk, pools map[string]place, findings []string, err error) {
	pools = map[string]place{}
	for _, el := range xmlmodel.Ensure(domain, "devices").SelectElements("disk") {
		d := &disk{target: xmlmodel.At("target@dev").Text(el), format: xmlmodel.At("driver@type").Text(el), file: xmlmodel.At("source@file").Text(el)}
		if dev := xmlmodel.At("source@dev").Text(el); dev != "" {
			d.file, d.device = dev, true
		}
		if d.encryption = el.FindElement("source/encryption"); d.encryption == nil {
			d.encryption = el.SelectElement("encryption") // as it was written before libvirt 3.9
		}
		d.media = el.SelectAttrValue("device", "disk") != "disk" || el.SelectElement("readonly") != nil
		switch {
		case el.SelectElement("source") == nil:
			continue // an empty drive
		case el.SelectAttrValue("type", "") == "network":
			if finding := confined(el, request); finding != "" {
				findings = append(findings, finding)
			}
			continue // otherwise it is reached from anywhere
		case request.Options.Storage == StorageShared:
			d.shared, d.to = true, d.file
		case d.file == "":
			findings = append(findings, fmt.Sprintf("disks[%q] is a %s device of %s, which can't be copied; say migration.storage = \"shared\" if %s has the same device under the same path",
				d.target, el.SelectAttrValue("type", ""), request.From.Name, request.To.Name))
			continue
		default:
			if err := d.find(l, pools); err != nil {
				return nil, nil, nil, err
			}
		}
		disks = append(disks, d)
	}
	return disks, pools, findings, nil
}

// find asks in which pool the disk is.
func (d *disk) find(l *libvirt.Libvirt, pools map[string]place) error {
	vol, err := l.StorageVolLookupByPath(d.file)
	if conn.IsNotFound(err) {
		vol, err = findAnew(l, d.file)
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
		pools[vol.Pool], err = lookAtPool(l, vol.Pool)
	}
	return err
}

// findAnew lists the pool again that a file would be in: what another host has made on storage that they share is not in the list yet.
func findAnew(l *libvirt.Libvirt, file string) (libvirt.StorageVol, error) {
	pool, err := l.StoragePoolLookupByTargetPath(path.Dir(file))
	if err == nil {
		err = storage.Refresh(l, pool)
	}
	if err != nil {
		return libvirt.StorageVol{}, err
	}
	return l.StorageVolLookupByPath(file)
}

// settle finds where each disk goes, on the host that the domain goes to.
func settle(l *libvirt.Libvirt, disks []*disk, pools map[string]place, request *Request, ours map[volume]bool) (missing, findings []string, err error) {
	need := map[string]uint64{}
	homes := map[string]place{}
	fresh := map[string]bool{}
	for _, d := range disks {
		if d.shared {
			continue
		}
		if d.device {
			finding, err := d.stays(l, pools, request)
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
			findings = append(findings, fmt.Sprintf("disks[%q] (%s) is in no storage pool of %s; make a pool of its directory, or say migration.storage = \"shared\" if %s sees the same file",
				d.target, d.file, request.From.Name, request.To.Name))
			continue
		}
		d.home = volume{name, d.source.name}
		home, seen := homes[name]
		if !seen {
			home, err = lookAtPool(l, name)
			if conn.IsNotFound(err) || conn.IsInactive(err) {
				missing = append(missing, fmt.Sprintf("pool %q for disks[%q]", name, d.target))
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
		// One that gets no copy is not listed again: on network storage each of many machines would wait for that.
		if !fresh[name] {
			if homes[name], err = lookAgain(l, home); err != nil {
				return nil, nil, err
			}
			fresh[name] = true
		}
		there, err := exists(l, d.home)
		switch {
		case err != nil:
			return nil, nil, err
		case there && !d.media && !ours[d.home]:
			findings = append(findings, fmt.Sprintf("disks[%q]: pool %q of %s has a volume %q already, which is not overwritten; delete it, name another pool in 'target_pool', "+
				"or say migration.storage = \"shared\" if it is the same file", d.target, name, request.To.Name, d.source.name))
		case !there:
			need[name] += d.size
		}
	}
	for name, bytes := range need {
		if free := homes[name].free; bytes > free {
			findings = append(findings, fmt.Sprintf("pool %q of %s has %d MiB free, and the copies need %d MiB; make room, or name another pool in 'target_pool'",
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

// copied are the disks that QEMU copies while the guest runs.
func copied(disks []*disk) []*disk {
	var out []*disk
	for _, d := range disks {
		if !d.shared && !d.media {
			out = append(out, d)
		}
	}
	return out
}
