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

// writeLimit is how long a host may take to write a whole volume: to copy it, or to allocate it.
const writeLimit = 7 * 24 * time.Hour

// Create creates the volume with its content.
func (Resource) Create(ctx context.Context, host *conn.Host, plan table.Model) (begun bool, err error) {
	switch {
	case plan.Str("source") != "":
		return createUploaded(ctx, host, plan)
	case plan.Str("clone_from") != "":
		return createCopy(ctx, host, plan)
	}
	_, begun, err = storage.CreateWith(ctx, callerFor(host, plan), plan, create(plan))
	return begun, err
}

// callerFor returns a Caller with a long limit for calls that write a whole volume or hash a passphrase, which takes a second of CPU time and
// on a busy host much longer.
func callerFor(host *conn.Host, plan table.Model) storage.Caller {
	if plan["preallocation"] == "full" || plan.Str("clone_from") != "" || plan["encryption"] != nil {
		return func(ctx context.Context, call func(l *libvirt.Libvirt) error) error {
			return host.DoOnOwnConnection(ctx, writeLimit, call)
		}
	}
	return host.Do
}

// create returns a Creator of an empty volume or a thin clone.
func create(plan table.Model) storage.Creator {
	return func(l *libvirt.Libvirt, pool libvirt.StoragePool) (v libvirt.StorageVol, err error) {
		xml, err := xmlFor(l, pool, plan)
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

// xmlFor returns the XML of the volume for its pool.
func xmlFor(l *libvirt.Libvirt, pool libvirt.StoragePool, plan table.Model) (string, error) {
	poolType, err := storage.TypeOf(l, pool)
	if err != nil {
		return "", err
	}
	if p := poolProblem(plan, poolType); p != nil {
		return "", errors.New(p.Text)
	}
	return volumeXML(plan, poolType)
}

func flags(plan table.Model) libvirt.StorageVolCreateFlags {
	if plan["preallocation"] != nil && plan["format"] != "raw" {
		return libvirt.StorageVolCreatePreallocMetadata // if the allocation is the capacity, libvirt uses "falloc"
	}
	return 0
}

// createUploaded creates the volume and uploads its source. If that fails, it deletes the volume.
func createUploaded(ctx context.Context, host *conn.Host, plan table.Model) (begun bool, err error) {
	image, err := storage.Open(ctx, plan.Str("source"), plan.Str("format"))
	if err != nil {
		return false, diag.Wrap("upload", err)
	}
	defer image.Close()
	if err := checkCapacity(plan, image.Capacity, "the capacity of the image,"); err != nil {
		return false, diag.Wrap("upload", err)
	}
	made := plan.Clone()
	made["capacity"] = image.Capacity
	vol, begun, err := storage.CreateWith(ctx, callerFor(host, plan), made, create(made))
	if err != nil {
		return begun, err
	}
	if err := image.Upload(ctx, host, vol, plan.Str("source_sha256")); err != nil {
		return !image.Discard(ctx, host, vol), diag.Wrap("upload", err)
	}
	return true, diag.Wrap("resize", grow(ctx, host, plan))
}

// checkCapacity returns an error if the capacity is smaller than the content.
func checkCapacity(plan table.Model, least int64, whose string) error {
	if is, known := plan["capacity"].(int64); known && is < least {
		return fmt.Errorf("'capacity' must be at least %s %d bytes, got %d; raise it, or remove it", whose, least, is)
	}
	return nil
}
