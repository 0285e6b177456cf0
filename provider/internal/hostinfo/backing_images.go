package hostinfo

import (
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// BackingImages lists the volumes in active pools that have a backing image, by path, with the path of that image.
func BackingImages(l *libvirt.Libvirt, satisfied func(Names) bool) (Names, error) {
	return Cached(l, "backing images", satisfied, func() (Names, error) {
		names := Names{}
		pools, _, err := l.ConnectListAllStoragePools(1, libvirt.ConnectListStoragePoolsActive)
		if err != nil {
			return nil, err
		}
		for _, pool := range pools {
			volumes, _, err := l.StoragePoolListAllVolumes(pool, 1, 0)
			if err != nil && !goneMeanwhile(err) {
				return nil, err
			}
			for _, v := range volumes {
				text, err := l.StorageVolGetXMLDesc(v, 0)
				if err != nil {
					continue // deleted meanwhile, or unreadable: it cannot be opened as a disk either
				}
				root, err := xmlmodel.Parse(text)
				if err != nil {
					return nil, err
				}
				if image := xmlmodel.At("backingStore/path").Text(root); image != "" {
					names[xmlmodel.At("target/path").Text(root)] = image
				}
			}
		}
		return names, nil
	})
}

func goneMeanwhile(err error) bool { return conn.IsNotFound(err) || conn.IsInactive(err) }
