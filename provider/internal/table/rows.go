package table

// Rows that every resource has in the same words.

// IDRow is the resource's import id.
func IDRow(form string) Attr {
	return Attr{Name: "id", Type: String, Mode: Computed, Doc: "The import ID: `" + form + "`."}
}

// HostRow names the host.
func HostRow() Attr {
	return Attr{Name: "host", Type: String, Mode: Required, Change: Replace, Doc: "The host, as named in the provider's `hosts`."}
}

// NameRow names the object on its host.
func NameRow(what string) Attr {
	return Attr{Name: "name", Type: String, Mode: Required, Change: Replace, Check: ObjectName, Doc: "The " + what + "'s name."}
}

// UUIDRow is libvirt's own identity of the object.
func UUIDRow(what string, xml Codec) Attr {
	return Attr{Name: "uuid", Type: String, Mode: Computed, XML: xml, Doc: "The UUID by which libvirt knows the " + what + "."}
}

// AutostartRow says what happens when the host starts.
func AutostartRow(what string, byDefault bool) Attr {
	return Attr{
		Name: "autostart", Type: Bool, Mode: Optional, Default: byDefault,
		Doc: "Whether libvirt starts the " + what + " when the host starts.",
	}
}

// ActiveRow says whether an object is to be up.
func ActiveRow(what string) Attr {
	return Attr{Name: "active", Type: Bool, Mode: Optional, Default: true, Doc: "Whether the " + what + " is started."}
}
