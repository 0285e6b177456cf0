package migration

import (
	"context"
	"errors"
	"fmt"
	"path"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/usage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// targets are the volumes on the new host that the disks are copied into.
type targets struct {
	request *Request
	made    []volume
	thin    bool // each has the same backing image as its source, so that only what lies above it is copied
}

// create creates the volumes with the size and format of their sources, and with the same backing image if the new host has it.
func (t *targets) create(ctx context.Context, disks []*disk, ours map[volume]bool) error {
	t.thin = true
	type plan struct {
		home volume
		xml  string
	}
	var plans []plan
	for _, d := range disks {
		xml, thin, err := t.volumeXML(ctx, d)
		if err != nil {
			return fmt.Errorf("disks[%q]: %w", d.target, err)
		}
		t.thin = t.thin && thin
		plans = append(plans, plan{d.home, xml})
	}
	return t.request.To.Do(ctx, func(l *libvirt.Libvirt) error {
		for _, p := range plans {
			if ours[p.home] {
				if err := deleteVolume(l, p.home); err != nil {
					return err
				}
			}
			if err := createVolume(l, p.home.pool, p.xml); err != nil {
				return err
			}
			t.made = append(t.made, p.home)
		}
		return nil
	})
}

// volumeXML returns the XML of a disk's target volume. thin is false if the source has a backing image that the new host does not have.
func (t *targets) volumeXML(ctx context.Context, d *disk) (xml string, thin bool, err error) {
	var capacity uint64
	var backing, backingFormat string
	var layout []*etree.Element
	err = t.request.From.Do(ctx, func(l *libvirt.Libvirt) error {
		root, err := describeVolume(l, d.source)
		if err != nil {
			return err
		}
		layout = layoutOf(root)
		backing = xmlmodel.At("backingStore/path").Text(root)
		backingFormat = xmlmodel.At("backingStore/format@type").Text(root)
		capacity, err = blockCapacity(l, d)
		return err
	})
	if err != nil {
		return "", false, err
	}
	out, err := xmlmodel.Parse("<volume/>")
	if err != nil {
		return "", false, err
	}
	xmlmodel.At("name").Write(out, d.home.name)
	xmlmodel.At("capacity@unit").Write(out, "bytes")
	xmlmodel.At("capacity").Write(out, capacity)
	xmlmodel.At("allocation").Write(out, 0)
	xmlmodel.At("target/format@type").Write(out, d.format)
	for _, el := range layout {
		xmlmodel.Ensure(out, "target").AddChild(el)
	}
	if d.encryption != nil {
		setEncryption(xmlmodel.Ensure(out, "target"), d.encryption)
	}
	thin = true
	if backing != "" {
		var file string
		if file, thin, err = t.sameImage(ctx, backing); err != nil {
			return "", false, err
		}
		if thin {
			xmlmodel.At("backingStore/path").Write(out, file)
			xmlmodel.At("backingStore/format@type").Write(out, backingFormat)
		}
	}
	xml, err = xmlmodel.Text(out)
	return xml, thin, err
}

// layoutOf returns what a volume's XML says about the layout of an image, except its format. Without it, libvirt (9.0) creates an image of version
// 2 of qcow2, which cannot hold the bitmaps of checkpoints.
func layoutOf(volume *etree.Element) []*etree.Element {
	var found []*etree.Element
	for _, tag := range []string{"compat", "clusterSize", "features"} {
		if el := xmlmodel.Find(volume, "target", tag); el != nil {
			found = append(found, el.Copy())
		}
	}
	return found
}

// setEncryption gives a volume the format and the secret of the disk's encryption: QEMU encrypts what it writes there.
func setEncryption(target, source *etree.Element) {
	encryption := target.CreateElement("encryption")
	encryption.CreateAttr("format", source.SelectAttrValue("format", ""))
	for _, s := range source.SelectElements("secret") {
		encryption.AddChild(s.Copy())
	}
}

func describeVolume(l *libvirt.Libvirt, v volume) (*etree.Element, error) {
	vol, err := find(l, v)
	if err != nil {
		return nil, err
	}
	return storage.Describe(l, vol)
}

// createVolume creates a volume in a pool.
func createVolume(l *libvirt.Libvirt, pool, xml string) error {
	p, err := l.StoragePoolLookupByName(pool)
	if err != nil {
		return err
	}
	return storage.RetryEncryption(func() error {
		_, err := l.StorageVolCreateXML(p, xml, 0)
		return err
	})
}

func find(l *libvirt.Libvirt, v volume) (libvirt.StorageVol, error) {
	pool, err := l.StoragePoolLookupByName(v.pool)
	if err != nil {
		return libvirt.StorageVol{}, err
	}
	return l.StorageVolLookupByName(pool, v.name)
}

// blockCapacity returns the size of the disk as its guest sees it. A pool that was refreshed before the disk grew does
// not know it.
func blockCapacity(l *libvirt.Libvirt, d *disk) (uint64, error) {
	pool, err := l.StoragePoolLookupByName(d.source.pool)
	if err != nil {
		return 0, err
	}
	_ = l.StoragePoolRefresh(pool, 0) // a busy pool keeps its earlier values
	vol, err := l.StorageVolLookupByName(pool, d.source.name)
	if err != nil {
		return 0, err
	}
	_, capacity, _, err := l.StorageVolGetInfo(vol)
	return capacity, err
}

// sameImage finds the image at a path of the old host on the new host: in the pool of the same name, with the same
// content.
func (t *targets) sameImage(ctx context.Context, file string) (targetFile string, same bool, err error) {
	var source libvirt.StorageVol
	err = t.request.From.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		source, err = l.StorageVolLookupByPath(file)
		return err
	})
	if errors.Is(err, conn.ErrNotFound) {
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	v := volume{source.Pool, source.Name}
	err = t.request.To.Do(ctx, func(l *libvirt.Libvirt) error {
		home, err := readPool(l, v.pool)
		targetFile = path.Join(home.path, v.name)
		return err
	})
	if err == nil {
		same, err = sameContent(ctx, t.request.From, t.request.To, v)
	}
	if errors.Is(err, conn.ErrNotFound) || errors.Is(err, conn.ErrInactive) {
		return "", false, nil
	}
	return targetFile, same, err
}

// remove deletes the volumes that were created.
func (t *targets) remove(ctx context.Context) error {
	return t.request.To.Do(ctx, func(l *libvirt.Libvirt) error {
		var all error
		for _, v := range t.made {
			all = errors.Join(all, deleteVolume(l, v))
		}
		return all
	})
}

// deleteVolume deletes a volume. A volume that is already gone is not an error.
func deleteVolume(l *libvirt.Libvirt, v volume) error {
	vol, err := find(l, v)
	if err == nil {
		err = l.StorageVolDelete(vol, libvirt.StorageVolDeleteNormal)
	}
	if conn.IsNotFound(err) {
		return nil
	}
	return err
}

// copyDisks copies the disks of a domain that is off.
func (t *targets) copyDisks(ctx context.Context, disks []*disk) error {
	for _, d := range disks {
		if err := copyVolume(ctx, t.request.From, d.source, t.request.To, d.home); err != nil {
			return fmt.Errorf("disks[%q]: %w", d.target, err)
		}
	}
	return nil
}

// copyMedia copies read-only media that the new host does not have. A medium with the same name there must have the same content.
func (t *targets) copyMedia(ctx context.Context, disks []*disk) error {
	for _, d := range disks {
		if !d.media || d.shared {
			continue
		}
		made, err := t.copyMedium(ctx, d)
		if made {
			t.made = append(t.made, d.home)
		}
		if err != nil {
			return fmt.Errorf("disks[%q]: %w", d.target, err)
		}
	}
	return nil
}

// copyMedium copies one medium; made is true if it created a volume.
func (t *targets) copyMedium(ctx context.Context, d *disk) (made bool, err error) {
	var there bool
	err = t.request.To.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		there, err = exists(l, d.home)
		return err
	})
	if err != nil {
		return false, err
	}
	if there && d.source.name == d.home.name && d.source.pool == d.home.pool {
		same, err := sameContent(ctx, t.request.From, t.request.To, d.home)
		if err == nil && !same {
			err = fmt.Errorf("pool %q of %s already has another %q; delete or rename it", d.home.pool, t.request.To.Name, d.home.name)
		}
		return false, err
	}
	xml, _, err := t.volumeXML(ctx, d)
	if err != nil {
		return false, err
	}
	err = t.request.To.Do(ctx, func(l *libvirt.Libvirt) error { return createVolume(l, d.home.pool, xml) })
	if err != nil {
		return false, err
	}
	return true, copyVolume(ctx, t.request.From, d.source, t.request.To, d.home)
}

// removeSources deletes the copied volumes from the old host, unless another domain uses them.
func removeSources(ctx context.Context, r *Request) error {
	var left []volume
	err := r.To.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		left, err = copiedSources(l, r.UUID, r.From.Name)
		return err
	})
	if err != nil || len(left) == 0 {
		return err
	}
	return r.From.Do(ctx, func(l *libvirt.Libvirt) error {
		var all error
		for _, v := range left {
			all = errors.Join(all, removeUnused(l, v))
		}
		return all
	})
}

func removeUnused(l *libvirt.Libvirt, v volume) error {
	vol, err := find(l, v)
	if err != nil {
		return ignoreGone(err)
	}
	file, err := l.StorageVolGetPath(vol)
	if err != nil {
		return ignoreGone(err)
	}
	users, err := usage.OfFile(l, file)
	if err != nil || len(users) > 0 {
		return err
	}
	return deleteVolume(l, v)
}
