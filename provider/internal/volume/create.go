package volume

import (
	"context"
	"errors"
	"time"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/unpack"
)

// writeLimit is how long a host may take to write a whole volume: to copy it, or to allocate it.
const writeLimit = 7 * 24 * time.Hour

// Create creates the volume with its content and its permissions. libvirt (9.0) loses the owner of a new volume if another call reads the volume
// while it is being created: it then takes the owner that the unfinished file has.
func (Resource) Create(ctx context.Context, host *conn.Host, plan table.Model) (begun bool, err error) {
	if begun, err = createOrContinue(ctx, host, plan); err != nil {
		return begun, err
	}
	if err := storage.ApplyPermissions(ctx, host, plan, plan); err != nil {
		return true, err
	}
	return true, verifyXML(ctx, host, plan)
}

// createOrContinue creates the volume with its content. If an interrupted apply has left that content next to it, it continues from it.
func createOrContinue(ctx context.Context, host *conn.Host, plan table.Model) (begun bool, err error) {
	swap := storage.NewSwap(plan, contentID(plan))
	begun, err = swap.IsBegun(ctx, host)
	if err != nil {
		return false, diag.Wrap("create", err)
	}
	if begun {
		return true, finishSwap(ctx, host, swap, plan)
	}
	if begun, err = createContent(ctx, host, plan); err != nil {
		return begun, err
	}
	if err := storage.DeleteStaged(ctx, host, plan); err != nil { // of a replacement by other content
		return true, diag.Wrap("clean up after", err)
	}
	return true, diag.Wrap("resize", grow(ctx, host, plan))
}

// createContent creates a volume with its content, in the size of that content.
func createContent(ctx context.Context, host *conn.Host, plan table.Model) (begun bool, err error) {
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
		return copyCaller(host)
	}
	return host.Do
}

// copyCaller returns a Caller for a call that writes a whole volume.
func copyCaller(host *conn.Host) storage.Caller {
	return func(ctx context.Context, call func(l *libvirt.Libvirt) error) error {
		return host.DoOnOwnConnection(ctx, writeLimit, call)
	}
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
	if problems := poolProblems(plan, poolType); len(problems) > 0 {
		return "", errors.New(problems[0].Text)
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
	image, err := storage.Open(ctx, plan)
	if err == nil && image.Capacity == unpack.Unknown {
		err = size(ctx, host, plan, image)
	}
	if err == nil {
		err = storage.CheckCapacity(plan, image.Capacity, "the capacity of the image,")
	}
	if err != nil {
		if image != nil {
			image.Close()
		}
		return false, diag.Wrap("upload", err)
	}
	return createFromImage(ctx, host, plan, image)
}

// size limits a raw image, of which only its end says how large it is, to the capacity of the volume. Without a capacity, a file grows while it
// is written. For any other volume, the source is read once more to measure it.
func size(ctx context.Context, host *conn.Host, plan table.Model, image *storage.Image) error {
	if capacity, known := plan["capacity"].(int64); known {
		image.Limit(capacity)
		return nil
	}
	kind, err := kindOf(ctx, host, plan.Str("pool"))
	if err != nil || kind.files {
		return err
	}
	measured, err := storage.Measure(ctx, plan)
	if err == nil {
		image.Limit(measured)
	}
	return err
}

// createFromImage creates the volume and uploads an image, which it closes. If that fails, it deletes the volume.
func createFromImage(ctx context.Context, host *conn.Host, plan table.Model, image *storage.Image) (begun bool, err error) {
	defer image.Close()
	made := plan.Clone()
	if made["capacity"], err = capacityAtFirst(ctx, host, plan, image.Capacity); err != nil {
		return false, diag.Wrap("upload", err)
	}
	if image.Capacity == unpack.Unknown {
		made["capacity"] = leastCapacity // the file grows
	}
	vol, begun, err := storage.CreateWith(ctx, callerFor(host, plan), made, create(made))
	if err != nil {
		return begun, err
	}
	if err := image.Upload(ctx, host, vol); err != nil {
		return !image.Discard(ctx, host, vol), diag.Wrap("upload", err)
	}
	return true, nil
}

// capacityAtFirst returns the size with which a volume is created for content of a size. A file grows afterwards, as its format allows. libvirt
// cannot resize some other volumes, such as partitions and those of ZFS.
func capacityAtFirst(ctx context.Context, host *conn.Host, plan table.Model, content int64) (int64, error) {
	want, known := plan["capacity"].(int64)
	if !known || want <= content {
		return content, nil
	}
	kind, err := kindOf(ctx, host, plan.Str("pool"))
	if kind.raw {
		return want, err
	}
	return content, err
}
