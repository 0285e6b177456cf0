package volume

import (
	"context"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
)

// poolKind is what a type of pools means for its volumes.
type poolKind struct {
	files      bool   // the volumes are files in a directory, in which their content can be replaced in place
	raw        bool   // the volumes are not files, and have no format
	fixed      bool   // libvirt cannot create volumes
	encrypted  bool   // libvirt can encrypt volumes although they are not files
	allocated  bool   // with less allocation than capacity, libvirt creates a snapshot volume, which becomes invalid when it is full
	copies     string // what to do where libvirt cannot copy a volume of another pool; "" if it can
	partitions bool   // the formats of volumes are partition types
	owned      bool   // libvirt gives a new volume an owner and a mode
}

// poolKinds are the types with anything special. https://libvirt.org/storage.html
var poolKinds = map[string]poolKind{
	"dir":          {files: true, owned: true},
	"fs":           {files: true, owned: true},
	"netfs":        {files: true, owned: true},
	"logical":      {raw: true, allocated: true, owned: true},
	"vstorage":     {owned: true},
	"disk":         {raw: true, partitions: true},
	"rbd":          {raw: true, encrypted: true, copies: "attach an image that exists there to the domain as a disk with a 'source'"},
	"zfs":          {raw: true, copies: "upload a raw image with 'source'"},
	"sheepdog":     {raw: true},
	"iscsi":        {raw: true, fixed: true},
	"iscsi-direct": {raw: true, fixed: true},
	"scsi":         {raw: true, fixed: true},
	"mpath":        {raw: true, fixed: true},
}

// kindOf asks a host what a pool means for its volumes.
func kindOf(ctx context.Context, host *conn.Host, pool string) (kind poolKind, err error) {
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		p, err := l.StoragePoolLookupByName(pool)
		if err != nil {
			return err
		}
		poolType, err := storage.TypeOf(l, p)
		kind = poolKinds[poolType]
		return err
	})
	return kind, err
}
