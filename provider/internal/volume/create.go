package volume

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// writeLimit is how long a host may take to write a volume by itself: to copy it, or to allocate it.
const writeLimit = 7 * 24 * time.Hour

// Create makes the volume, with what is to be in it.
func (Resource) Create(ctx context.Context, host *conn.Host, plan table.Model) (begun bool, err error) {
	switch {
	case plan.Str("source") != "":
		return uploaded(ctx, host, plan)
	case plan.Str("clone_from") != "":
		return cloned(ctx, host, plan)
	}
	_, begun, err = storage.MakeBy(ctx, patient(host, plan), plan, create(plan))
	return begun, err
}

// patient is the host for calls that write a whole volume, or hash a passphrase: a second of a processor's time, and on a busy host many.
func patient(host *conn.Host, plan table.Model) storage.Caller {
	if plan["preallocation"] == "full" || plan.Str("clone_from") != "" || plan["encryption"] != nil {
		return func(ctx context.Context, call func(l *libvirt.Libvirt) error) error {
			return host.DoOnOwnConnection(ctx, writeLimit, call)
		}
	}
	return host.Do
}

// create makes a volume that is empty, or a thin clone.
func create(plan table.Model) storage.Maker {
	return func(l *libvirt.Libvirt, pool libvirt.StoragePool) (v libvirt.StorageVol, err error) {
		xml, err := fitting(l, pool, plan)
		if err != nil {
			return v, err
		}
		err = storage.RetryEncryption(func() error {
			v, err = l.StorageVolCreateXML(pool, xml, flags(plan))
			return err
		})
		return v, err
	}
}

// fitting is the XML of the volume for its pool.
func fitting(l *libvirt.Libvirt, pool libvirt.StoragePool, plan table.Model) (string, error) {
	kind, err := storage.TypeOf(l, pool)
	if err != nil {
		return "", err
	}
	if p := unfit(plan, kind); p != nil {
		return "", errors.New(p.Text)
	}
	return describe(plan, kind)
}

func flags(plan table.Model) libvirt.StorageVolCreateFlags {
	if plan["preallocation"] != nil && plan["format"] != "raw" {
		return libvirt.StorageVolCreatePreallocMetadata // with all of its allocation, libvirt makes it "falloc"
	}
	return 0
}

// uploaded makes the volume and uploads its source. Where that fails, the volume goes again.
func uploaded(ctx context.Context, host *conn.Host, plan table.Model) (begun bool, err error) {
	image, err := storage.Open(ctx, plan.Str("source"), plan.Str("format"))
	if err != nil {
		return false, diag.Wrap("upload", err)
	}
	defer image.Close()
	if err := large(plan, image.Capacity, "the image's own"); err != nil {
		return false, diag.Wrap("upload", err)
	}
	made := plan.Clone()
	made["capacity"] = image.Capacity
	vol, begun, err := storage.MakeBy(ctx, patient(host, plan), made, create(made))
	if err != nil {
		return begun, err
	}
	if err := image.Upload(ctx, host, vol, plan.Str("source_sha256")); err != nil {
		return !image.Discard(ctx, host, vol), diag.Wrap("upload", err)
	}
	return true, diag.Wrap("resize", grow(ctx, host, plan))
}

// large refuses a capacity that is less than what is to be in the volume.
func large(plan table.Model, least int64, whose string) error {
	if is, known := plan["capacity"].(int64); known && is < least {
		return fmt.Errorf("'capacity' must be at least %s %d bytes, got %d; raise it, or leave it out", whose, least, is)
	}
	return nil
}
