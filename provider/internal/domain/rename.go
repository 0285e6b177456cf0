package domain

import (
	"context"
	"fmt"
	"path"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/observe"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// rename renames a domain that is off. libvirt (9.0) keeps its UUID, devices, metadata, autostart and TPM state, but not the UEFI variables: it looks
// for them in a file with the new name, and would create that from the template. So the variables are copied first; the former files stay
// until the change is complete.
func rename(ctx context.Context, host *conn.Host, d libvirt.Domain, prior table.Model, name string) error {
	if d.Name == name {
		return nil
	}
	err := host.Do(ctx, func(l *libvirt.Libvirt) error {
		_, err := l.DomainLookupByName(name)
		switch {
		case err == nil:
			return fmt.Errorf("on %s: a domain %q %w", host.Name, name, conn.ErrExists)
		case !conn.IsNotFound(err):
			return err
		}
		if err := copyVariables(host, l, d.Name, name); err != nil && prior.Str("firmware") == "efi" {
			return fmt.Errorf("its UEFI variables could not be copied: %w", err)
		}
		if err := nameVariables(l, d, name); err != nil {
			return err
		}
		return renameDomain(l, d, name)
	})
	return diag.Wrap("rename", err)
}

func renameDomain(l *libvirt.Libvirt, d libvirt.Domain, name string) error {
	_, err := l.DomainRename(d, libvirt.OptString{name}, 0)
	return err
}

// copyVariables copies the UEFI variables of a domain to where a domain with another name has them. Files that are there already belong to no
// domain: no domain has that name.
func copyVariables(host *conn.Host, l *libvirt.Libvirt, from, to string) error {
	if host.IsSession() {
		return nil // the plan refuses to rename a domain that would lose its variables
	}
	return storage.InDirectory(host, l, schema.VariablesDirectory, func(pool libvirt.StoragePool) error {
		for _, secure := range []bool{false, true} {
			source, err := storage.FileIn(l, pool, path.Base(schema.VariablesFile(from, secure)))
			if conn.IsNotFound(err) {
				continue
			}
			if err == nil {
				err = copyFile(l, pool, source, path.Base(schema.VariablesFile(to, secure)))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func copyFile(l *libvirt.Libvirt, pool libvirt.StoragePool, source libvirt.StorageVol, name string) error {
	old, err := storage.FileIn(l, pool, name)
	if err == nil {
		err = l.StorageVolDelete(old, libvirt.StorageVolDeleteNormal)
	}
	if err != nil && !conn.IsNotFound(err) {
		return err
	}
	_, size, _, err := l.StorageVolGetInfo(source)
	if err != nil {
		return err
	}
	xml, err := xmlmodel.Text(storage.RawVolume(name, size))
	if err == nil {
		_, err = l.StorageVolCreateXMLFrom(pool, xml, source, 0)
	}
	return err
}

// nameVariables changes a definition that names the file of its variables, after its own name, to the file of the new name.
func nameVariables(l *libvirt.Libvirt, d libvirt.Domain, name string) error {
	xml, err := l.DomainGetXMLDesc(d, observe.DefinitionFlags)
	if err != nil {
		return err
	}
	root, err := xmlmodel.Parse(xml)
	if err != nil {
		return err
	}
	if !schema.RenameVariables(root, name) {
		return nil
	}
	if xml, err = xmlmodel.Text(root); err == nil {
		_, err = l.DomainDefineXMLFlags(xml, 0)
	}
	return err
}
