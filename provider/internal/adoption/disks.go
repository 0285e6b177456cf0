package adoption

import (
	"context"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
)

// disksOf returns the files and devices of the host that a domain has as disks.
func disksOf(config any) (paths []string) {
	domain, _ := config.(map[string]any)
	disks, _ := domain["disks"].(map[string]any)
	for _, v := range disks {
		disk, _ := v.(map[string]any)
		source, _ := disk["source"].(map[string]any)
		for _, path := range []any{disk["file"], source["block"]} {
			if p, set := path.(string); set {
				paths = append(paths, p)
			}
		}
	}
	return paths
}

// volumeAt returns the volume at a path; nil if no active pool has one there.
func volumeAt(ctx context.Context, host *conn.Host, path string) (found *libvirt.StorageVol, err error) {
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		v, err := storage.AtPath(l, path)
		if _, refused := conn.Message(err); refused {
			return nil
		}
		found = &v
		return err
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}
