package table

// Rows that every resource has with the same texts.

// IDRow returns the row of the resource's import ID.
func IDRow(form string) Attr {
	return Attr{Name: "id", Type: String, Mode: Computed, Doc: "The import ID: `" + form + "`."}
}

// HostRow returns the row of the host's name.
func HostRow() Attr {
	return Attr{Name: "host", Type: String, Mode: Required, Change: Replace, Doc: "The host, as named in the provider's `hosts`."}
}

// NameRow returns the row of the object's name on its host.
func NameRow(what string) Attr {
	return Attr{Name: "name", Type: String, Mode: Required, Change: Replace, Check: ObjectName, Doc: "The " + what + "'s name."}
}

// DefinitionNameRow returns the row of the name of an object whose definition libvirt keeps in a file.
func DefinitionNameRow(what string) Attr {
	row := NameRow(what)
	row.Check = DefinitionName
	return row
}

// UUIDRow returns the row of the UUID by which libvirt identifies the object.
func UUIDRow(what string, xml Codec) Attr {
	return Attr{Name: "uuid", Type: String, Mode: Computed, XML: xml, Doc: "The UUID by which libvirt knows the " + what + "."}
}

// Effect is the name of the row that says what an apply means, and nothing of the object.
const Effect = "effect"

// NeedsRepair is the name of the row that NeedsRepairRow returns.
const NeedsRepair = "needs_repair"

// NeedsRepairRow returns the row that says whether an apply has something to do that no other row shows. If it is true, the engine plans an update.
func NeedsRepairRow(when string) Attr {
	return Attr{Name: NeedsRepair, Type: Bool, Mode: Computed, ShowsDrift: true, Doc: "Whether the next apply repairs it: " + when + "."}
}

// ProtectRow returns the row that keeps an object from being destroyed or replaced. The engine enforces it for every resource with this row.
func ProtectRow(what string) Attr {
	return Attr{Name: "protect", Type: Bool, Mode: Optional,
		Doc: "Whether a plan that destroys or replaces the " + what + " is refused, also by `terraform destroy`. To destroy or replace it, set " +
			"this to `false` first, and apply that alone."}
}

// AutostartRow returns the row that says whether the object is started with the host.
func AutostartRow(what string, byDefault bool) Attr {
	return Attr{
		Name: "autostart", Type: Bool, Mode: Optional, Default: byDefault,
		Doc: "Whether libvirt starts the " + what + " when the host starts.",
	}
}

// ActiveRow returns the row that says whether an object is started.
func ActiveRow(what string) Attr {
	return Attr{Name: "active", Type: Bool, Mode: Optional, Default: true, Doc: "Whether the " + what + " is started."}
}
