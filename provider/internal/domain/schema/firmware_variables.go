package schema

import (
	"path"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// VariablesDirectory is where libvirt keeps the variables of which nothing is said.
const VariablesDirectory = "/var/lib/libvirt/qemu/nvram"

// VariablesFile is where the variables of a domain are. Those of secure boot hold the keys of what may start: libvirt (9.0) takes a file that
// is there as it is, and with one that was made without them would start anything. So they are in a file of their own, and the other waits.
func VariablesFile(name string, secure bool) string {
	if secure {
		return path.Join(VariablesDirectory, name+"_SECURE_VARS.fd")
	}
	return path.Join(VariablesDirectory, name+"_VARS.fd")
}

// VariablesFileOf is the file that a domain's variables are in; "" where it has none.
func VariablesFileOf(m table.Model) string {
	efi := m.Group("efi")
	switch {
	case m.Str("firmware") != "efi":
		return ""
	case efi["nvram"] != nil:
		return efi.Str("nvram")
	default:
		return VariablesFile(m.Str("name"), efi.Bool("secure_boot"))
	}
}
