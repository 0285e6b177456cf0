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

// UUIDRow returns the row of the UUID by which libvirt identifies the object.
func UUIDRow(what string, xml Codec) Attr {
	return Attr{Name: "uuid", Type: String, Mode: Computed, XML: xml, Doc: "The UUID by which libvirt knows the " + what + "."}
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
