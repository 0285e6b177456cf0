package schema

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// textRows are the texts for people: title, description, metadata.
var textRows = []table.Attr{
	{
		Name: "title", Type: table.String, Mode: table.Optional,
		Running: table.Running{Operation: ChangeTitle, Drifts: always}, Check: title, XML: xmlmodel.At("title"),
		Doc: "A short title, for display.",
	},
	{
		Name: "description", Type: table.String, Mode: table.Optional,
		Running: table.Running{Operation: ChangeDescription, Drifts: always}, Text: table.Lines,
		XML: xmlmodel.At("description"),
		Doc: "A description, for display.",
	},
	metadataRow,
}
