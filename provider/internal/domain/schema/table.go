package schema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Row returns the row at a path of names. It panics if the table does not have it.
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

// nameRow is the row of the name: libvirt renames a domain that is off.
func nameRow() table.Attr {
	row := table.DefinitionNameRow("domain")
	row.Change = table.NextBoot
	row.CostDoc = "A change renames the domain, which has to be off and without snapshots: if the guest runs, the plan fails, unless " +
		"`on_change` is `restart` or `state` is `stopped`."
	return row
}

// rows are all rows but that of `xml`, which depends on them.
var rows = slices.Concat(definitionRows, runRows, moveRows)

var definitionRows = slices.Concat([]table.Attr{
	table.IDRow("host/name"),
	{
		Name: "host", Type: table.String, Mode: table.Required, Change: table.Migrate,
		Doc: "The host, as named in the provider's `hosts`. Another host moves the domain there: live if it runs.",
	},
	nameRow(),
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
	textRows, processorRows, memoryRows, cpuRows, backingRows, tuningRows, osRows, clockRows, featureRows,
	diskRows, interfaceRows, consoleRows, deviceRows, securityRows)

// Table is the table of libvirt_domain.
var Table = &table.Table{
	Name: "domain",
	Doc: "A virtual machine. A change patches the definition and keeps everything in it that no attribute sets. What a " +
		"running guest cannot take over " +
		"at once waits for its next start, or happens as `on_change` says. Destroying the domain shuts the guest down and " +
		"removes the definition; its volumes stay.",
	See:    "https://libvirt.org/formatdomain.html",
	Import: "host/name",
	Attrs:  slices.Concat(definitionRows, RawXML.Rows(), runRows, moveRows),
}
