package schema

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// deviceRows are the devices that are neither disks nor interfaces nor consoles.
var deviceRows = []table.Attr{
	{
		Name: "devices", Type: table.Object, Mode: table.Optional, Change: table.NextBoot,
		Group: xmlmodel.Within{"devices"},
		Doc:   "The other devices. Unset devices are not managed.",
		Attrs: []table.Attr{videoRow, tpmRow, rngRow, watchdogRow, vsockRow, panicRow, balloonRow, soundRow, tabletRow, filesystemRow, hostdevRow},
	},
}
