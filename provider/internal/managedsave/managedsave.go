// Package managedsave saves the memory of a domain to its host's disk and restores it.
package managedsave

import (
	"context"
	"fmt"
	"time"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
)

// Save saves the guest's memory. If it is interrupted, the guest continues to run.
func Save(ctx context.Context, host *conn.Host, d libvirt.Domain, limit time.Duration, flags libvirt.DomainSaveRestoreFlags) error {
	detach := context.AfterFunc(ctx, func() {
		_ = host.Do(context.WithoutCancel(ctx), func(l *libvirt.Libvirt) error { return l.DomainAbortJob(d) })
	})
	defer detach()
	err := host.DoOnOwnConnection(ctx, limit, func(l *libvirt.Libvirt) error { return l.DomainManagedSave(d, uint32(flags)) })
	if err != nil && ctx.Err() != nil {
		return fmt.Errorf("interrupted; the guest continues to run: %w", err)
	}
	return err
}

// Restore starts a domain from its save image. When libvirt (9.0) starts a domain, it silently drops an image that is
// incomplete or shorter than its header, and boots the guest from its disks. When it is asked for the XML in such an
// image, it reports the error. Any other image that it cannot load is an error of the start and is kept.
func Restore(ctx context.Context, host *conn.Host, d libvirt.Domain, limit time.Duration, flags libvirt.DomainCreateFlags) error {
	err := host.Do(ctx, func(l *libvirt.Libvirt) error {
		_, err := l.DomainManagedSaveGetXMLDesc(d, 0)
		return err
	})
	if err == nil {
		err = host.DoOnOwnConnection(ctx, limit, func(l *libvirt.Libvirt) error {
			_, err := l.DomainCreateWithFlags(d, uint32(flags))
			return err
		})
	}
	if err == nil {
		return nil
	}
	return &diag.Error{Verb: "resume", Err: err, Remedy: fmt.Sprintf("The domain was not started, and its save image is kept. If the host's QEMU, "+
		"its CPU or a file that the guest uses has changed since the guest was saved, undo that change and run the command again. To discard the "+
		"saved memory and start the guest from its disks, remove the image on %s (virsh managedsave-remove %s), then run the command again.",
		host.Name, d.Name)}
}
