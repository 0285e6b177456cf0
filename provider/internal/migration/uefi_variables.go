package migration

import (
	"context"
	"path"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// ownVariables is where libvirt keeps the variables of a domain whose firmware it chose itself: the definition does
// not name the file (libvirt 9.0).
const ownVariables = "/var/lib/libvirt/qemu/nvram/"

// copyVariables copies the UEFI variables of a domain that is off. libvirt keeps them in a file outside any pool,
// which a temporary pool makes accessible. (The variables of a running guest move with the migration.)
func (t *targets) copyVariables(ctx context.Context, s *inspection) error {
	domain, err := xmlmodel.Parse(s.inactive)
	if err != nil {
		return err
	}
	file := xmlmodel.At("os/nvram").Text(domain)
	if file == "" && xmlmodel.At("os@firmware").Text(domain) == "efi" {
		file = ownVariables + xmlmodel.At("name").Text(domain) + "_VARS.fd"
	}
	if file == "" {
		return nil
	}
	r, dir, name := t.request, path.Dir(file), path.Base(file)
	return r.From.Do(ctx, func(from *libvirt.Libvirt) error {
		return storage.InDirectory(r.From, from, dir, func(source libvirt.StoragePool) error {
			variables, err := storage.FileIn(from, source, name)
			if conn.IsNotFound(err) {
				return nil // the domain was never started
			}
			if err != nil {
				return err
			}
			_, size, _, err := from.StorageVolGetInfo(variables)
			if err != nil {
				return err
			}
			return r.To.Do(ctx, func(to *libvirt.Libvirt) error {
				return storage.InDirectory(r.To, to, dir, func(target libvirt.StoragePool) error {
					if err := createEmptyFile(to, target, name, size); err != nil {
						return err
					}
					return copyVolume(ctx, r.From, volume{source.Name, name}, r.To, volume{target.Name, name})
				})
			})
		})
	})
}

// createEmptyFile creates an empty file and replaces an existing one.
func createEmptyFile(l *libvirt.Libvirt, pool libvirt.StoragePool, name string, size uint64) error {
	if err := deleteVolume(l, volume{pool.Name, name}); err != nil {
		return err
	}
	xml, err := xmlmodel.Text(storage.RawVolume(name, size))
	if err == nil {
		err = createVolume(l, pool.Name, xml)
	}
	return err
}
