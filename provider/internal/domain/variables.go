package domain

import (
	"context"
	"path"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// ownVariables is where libvirt keeps the variables of which nothing is said.
const ownVariables = "/var/lib/libvirt/qemu/nvram"

// variablesFile is where the variables of a domain are. Those of secure boot hold the keys of what may start: libvirt (9.0) takes a file that
// is there as it is, and with one that was made without them would start anything. So they are in a file of their own, and the other waits.
func variablesFile(name string, secure bool) string {
	if secure {
		return path.Join(ownVariables, name+"_SECURE_VARS.fd")
	}
	return path.Join(ownVariables, name+"_VARS.fd")
}

// forgetVariables removes those of a domain that is gone. libvirt removes the file that the definition names, and not the one that waits.
func forgetVariables(ctx context.Context, host *conn.Host, name string) error {
	err := host.Do(ctx, func(l *libvirt.Libvirt) error {
		return storage.InDirectory(host, l, ownVariables, func(pool libvirt.StoragePool) error {
			for _, secure := range []bool{false, true} {
				v, err := l.StorageVolLookupByName(pool, path.Base(variablesFile(name, secure)))
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
	return diag.New("clean up after", "The domain is gone, and nothing uses them any more: remove them on the host.", "its UEFI variables in %s could not be looked at: %w", ownVariables, err)
}

// variablesIn is the file that a domain's variables are in; "" where it has none.
func variablesIn(m table.Model) string {
	efi := m.Group("efi")
	switch {
	case m.Str("firmware") != "efi":
		return ""
	case efi["nvram"] != nil:
		return efi.Str("nvram")
	default:
		return variablesFile(m.Str("name"), efi.Bool("secure_boot"))
	}
}

// variables says what becomes of those that the guest has.
func (o outlook) variables() (notice, bool) {
	was, is := variablesIn(o.prior), variablesIn(o.plan)
	switch {
	case was == "" || was == is || o.plan["firmware"] == table.Unknown || o.plan["efi"] == table.Unknown || o.plan.Group("efi")["nvram"] == table.Unknown:
		return notice{}, false
	case is == "":
		return notice{"leaves its UEFI variables behind", "They stay in " + was + ", for when it goes back to \"efi\"."}, true
	default:
		return notice{"gets other UEFI variables", "What it boots is decided anew, in " + is + "; those that it has now stay in " + was + ", for when it goes back."}, true
	}
}
