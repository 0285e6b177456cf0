package observe

import (
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// notePools notes for each disk the pool that it is in. No definition has it: a domain that is imported moves as one that was created with it.
func notePools(l *libvirt.Libvirt, seen table.Model) error {
	for _, v := range seen.Group("disks") {
		disk := v.(table.Model)
		path := disk.Str("file")
		if path == "" {
			path = disk.Group("source").Str("block")
		}
		if path == "" {
			continue
		}
		volume, err := l.StorageVolLookupByPath(path)
		if _, refused := conn.Message(err); refused {
			continue
		}
		if err != nil {
			return err
		}
		disk["target_pool"] = volume.Pool
	}
	return nil
}
