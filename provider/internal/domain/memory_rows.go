package domain

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// memoryRows are the guest's memory.
var memoryRows = []table.Attr{
	{Name: "memory", Type: table.Int, Mode: table.Required, Change: table.NextBoot, Check: table.AtLeast(1024, " KiB"), XML: memory, Doc: "The memory, in KiB."},
}
