package volume

import (
	"context"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/journal"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// replaceContent gives a volume other content. Whatever fails, the volume has its old content, or the new content is complete next to it, from
// where the next apply continues.
func replaceContent(ctx context.Context, host *conn.Host, plan table.Model) error {
	const verb = "replace the content of"
	swap := storage.NewSwap(plan, contentID(plan))
	begun, err := swap.IsBegun(ctx, host)
	if err != nil {
		return diag.Wrap(verb, err)
	}
	if !begun {
		if err := stage(ctx, host, swap); err != nil {
			return err
		}
		if err := swap.Begin(ctx, host); err != nil {
			_ = storage.DeleteStaged(context.WithoutCancel(ctx), host, plan) // the error that led here matters more
			return diag.Wrap(verb, err)
		}
	}
	return finishSwap(ctx, host, swap, plan)
}

// stage prepares the new content in the staged volume.
func stage(ctx context.Context, host *conn.Host, swap storage.Swap) error {
	const verb = "prepare the new content of"
	staged := swap.Staged()
	if err := deleteIfThere(ctx, host, staged); err != nil { // an earlier apply may have been interrupted while it prepared it
		return diag.Wrap(verb, err)
	}
	begun, err := createContent(ctx, host, staged)
	if err == nil {
		err = swap.CheckRoom(ctx, host)
	}
	if err != nil && begun {
		_ = deleteIfThere(ctx, host, staged) // the error that led here matters more
	}
	return diag.Wrap(verb, err)
}

// finishSwap puts the staged content into the volume's place.
func finishSwap(ctx context.Context, host *conn.Host, swap storage.Swap, plan table.Model) error {
	err := journal.Replacing(ctx)
	if err == nil {
		err = swap.DeleteOld(ctx, host)
	}
	if err == nil {
		_, err = createFromStaged(ctx, host, swap, plan)
	}
	if err != nil {
		return diag.New("replace the content of", "The new content is complete in volume "+swap.Staged().Str("name")+" of the pool. Run the command "+
			"again to continue from it.", "%w", err)
	}
	swap.End(ctx, host)
	return diag.Wrap("resize", grow(ctx, host, plan))
}

// createFromStaged creates the volume with the content of the staged one. A host copies what it has copied or created itself. An uploaded qcow2
// image is read and uploaded again, since the host would convert it: the volume has the bytes of its source.
func createFromStaged(ctx context.Context, host *conn.Host, swap storage.Swap, plan table.Model) (begun bool, err error) {
	var staged libvirt.StorageVol
	made := plan.Clone()
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		if staged, err = storage.Volume(l, swap.Staged()); err != nil {
			return err
		}
		_, capacity, _, err := l.StorageVolGetInfo(staged)
		made["capacity"] = int64(capacity)
		return err
	})
	if err != nil {
		return false, err
	}
	switch {
	case plan.Str("source") != "" && plan["format"] == "qcow2":
		image, err := storage.FromVolume(ctx, host, staged, plan.Str("format"))
		if err != nil {
			return false, err
		}
		return createFromImage(ctx, host, made, image)
	case plan.Str("source") != "" || plan.Str("clone_from") != "":
		_, begun, err = storage.CreateWith(ctx, copyCaller(host), made, createFrom(made, staged))
	default:
		_, begun, err = storage.CreateWith(ctx, callerFor(host, plan), plan, create(plan))
	}
	return begun, err
}

func deleteIfThere(ctx context.Context, host *conn.Host, m table.Model) error {
	return diag.IgnoreNotFound("delete", host.Do(context.WithoutCancel(ctx), func(l *libvirt.Libvirt) error {
		pool, err := l.StoragePoolLookupByName(m.Str("pool"))
		if err != nil {
			return err
		}
		v, err := l.StorageVolLookupByName(pool, m.Str("name")) // without a refresh, which would wait for uploads to other volumes
		if err == nil {
			err = storage.DeleteWhenIdle(l, v)
		}
		return err
	}))
}
