// Package managedsave keeps the memory of a domain on its host's disk, and brings it back.
package managedsave

import (
	"context"
	"fmt"
	"time"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
)

// Save saves the guest's memory. Interrupted, the guest goes on as it was.
func Save(ctx context.Context, host *conn.Host, d libvirt.Domain, limit time.Duration, flags libvirt.DomainSaveRestoreFlags) error {
	detach := context.AfterFunc(ctx, func() {
		_ = host.Do(context.WithoutCancel(ctx), func(l *libvirt.Libvirt) error { return l.DomainAbortJob(d) })
	})
	defer detach()
	err := host.DoOnOwnConnection(ctx, limit, func(l *libvirt.Libvirt) error { return l.DomainManagedSave(d, uint32(flags)) })
	if err != nil && ctx.Err() != nil {
		return fmt.Errorf("interrupted; the guest goes on as it was: %w", err)
	}
	return err
}

// Restore starts a domain from its save image. libvirt (9.0) drops an image that is not complete, or shorter than its header, without a
// word when it starts the domain, and boots the guest anew; asked for what is in such an image it says so. Any other that it can't load is
// an error of the start, and stays.
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
	return &diag.Error{Verb: "resume", Err: err, Remedy: fmt.Sprintf("It did not start, and its save image is kept. If the host's QEMU, its CPU or a file that the guest uses is not "+
		"what it was when the guest was saved, put that right and run this again. To give up what the guest had in memory and start it from its disks, remove the image on %s "+
		"(virsh managedsave-remove %s), then run this again.", host.Name, d.Name)}
}
