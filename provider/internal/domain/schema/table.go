package schema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Row is the row at these names, each in the group or map before it. A name that the table does not have is a mistake of the program.
func Row(names ...string) *table.Attr {
	rows := Table.Attrs
	var found *table.Attr
	for _, name := range names {
		at := slices.IndexFunc(rows, func(a table.Attr) bool { return a.Name == name })
		if at < 0 {
			panic(fmt.Sprintf("the table of domains has no row %q", strings.Join(names, ".")))
		}
		found = &rows[at]
		rows = found.Attrs
	}
	return found
}

// Table says what a domain is.
var Table = &table.Table{
	Name: "domain",
	Doc: "A virtual machine. A change patches the definition and keeps everything in it that no attribute sets. What a " +
		"running guest cannot take over " +
		"at once waits for its next start, or happens as `on_change` says. Destroying the domain shuts the guest down and " +
		"removes the definition; its volumes stay.",
	See:    "https://libvirt.org/formatdomain.html",
	Import: "host/name",
	Attrs: slices.Concat([]table.Attr{
		table.IDRow("host/name"),
		{
			Name: "host", Type: table.String, Mode: table.Required, Change: table.Migrate,
			Doc: "The host, as named in the provider's `hosts`. Another host moves the domain there: live if it runs.",
		},
		table.NameRow("domain"),
		{
			Name: "uuid", Type: table.String, Mode: table.OptionalComputed, Change: table.Replace, Check: table.UUID,
			XML: xmlmodel.At("uuid"),
			Doc: "The UUID by which libvirt and the guest know the domain.",
		},
		{
			Name: "type", Type: table.String, Mode: table.Optional, OnHost: table.OnHost{Decides: table.MachineKind},
			Default: "kvm", Enum: []string{"kvm", "qemu"}, Change: table.NextBoot, XML: xmlmodel.At("@type"),
			Doc: "What runs the guest: `kvm`, or software emulation (`qemu`) on a host without usable KVM.",
		},
	},
		textRows, processorRows, memoryRows, backingRows, tuningRows, osRows, clockRows, featureRows,
		diskRows, interfaceRows, consoleRows, deviceRows, rawXMLRows, runRows, moveRows),
}
