package schema

import "github.com/kvm-fleet/kvm-fleet/provider/internal/table"

// firmwareRules checks which attributes require UEFI.
func firmwareRules(p table.Problems, config table.Model) {
	efi := config.Group("efi")
	if efi != nil && config["firmware"] != "efi" && config["firmware"] != table.Unknown {
		p.RequiresValue("efi", "firmware", config["firmware"], "efi")
	}
	const most = 240
	if name := config.Str("name"); efi["secure_boot"] == true && efi["nvram"] == nil && len(name) > most {
		p.Add("name", "'name' must have at most %d bytes with 'secure_boot', since the file of its UEFI variables is named after it, got %d; "+
			"shorten it, or set 'nvram'", most, len(name))
	}
	if efi["nvram_template"] != nil && efi["loader"] == nil {
		p.Add("efi.nvram_template", "'nvram_template' requires 'loader', since libvirt knows the template of a loader that it "+
			"chooses; set it, or remove 'nvram_template'")
	}
	if kind := family(config.Str("machine")); efi["secure_boot"] == true && kind != "" && kind != "q35" {
		p.RequiresValue("efi.secure_boot", "machine", config.Str("machine"), "q35")
	}
}
