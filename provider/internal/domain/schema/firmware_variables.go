package schema

import (
	"path"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// VariablesDirectory is the directory where libvirt keeps UEFI variables by default.
const VariablesDirectory = "/var/lib/libvirt/qemu/nvram"

// VariablesFile is where the variables of a domain are. Those of secure boot hold the keys of what may start: libvirt (9.0) takes a file that
// is there as it is, and with one that was made without them would start anything. So they are in a file of their own, and the other waits.
func VariablesFile(name string, secure bool) string {
	if secure {
		return path.Join(VariablesDirectory, name+"_SECURE_VARS.fd")
	}
	return path.Join(VariablesDirectory, name+"_VARS.fd")
}

// VariablesFileOf returns the file of a domain's variables, or "" if it has none.
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

// RenameVariables changes a definition that names the file of its variables after its own name to the file of another name, and reports whether it
// did.
func RenameVariables(domain *etree.Element, name string) bool {
	file := xmlmodel.Find(domain, "os", "nvram")
	if file == nil {
		return false
	}
	for _, secure := range []bool{false, true} {
		if file.Text() == variablesOf(domain, secure) {
			file.SetText(VariablesFile(name, secure))
			return true
		}
	}
	return false
}
