package domain

import (
	"context"
	"path"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
)

// removeVariables removes those of a domain that is gone. libvirt removes the file that the definition names, and not the one that waits. In a
// session there is only the former.
func removeVariables(ctx context.Context, host *conn.Host, name string) error {
	if host.IsSession() {
		return nil
	}
	err := host.Do(ctx, func(l *libvirt.Libvirt) error {
		return storage.InDirectory(host, l, schema.VariablesDirectory, func(pool libvirt.StoragePool) error {
			for _, secure := range []bool{false, true} {
				v, err := storage.FileIn(l, pool, path.Base(schema.VariablesFile(name, secure)))
				if err == nil {
					err = l.StorageVolDelete(v, libvirt.StorageVolDeleteNormal)
				}
				if err != nil && !conn.IsNotFound(err) {
					return err
				}
			}
			return nil
		})
	})
	if err == nil || conn.IsNotFound(err) {
		return nil
	}
	return diag.New("clean up after", "The domain is gone, and nothing uses them any more: remove them on the host.",
		"its UEFI variables in %s could not be looked at: %w", schema.VariablesDirectory, err)
}
