package domain

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// runRows say what the domain is to be doing.
var runRows = []table.Attr{
	{Name: "state", Type: table.String, Mode: table.Optional, Default: "running", Enum: []string{"running", "stopped"}, Doc: "What the domain is to be. It reads as `paused`, `saved` or `crashed` where it is that."},
	{Name: "shutdown_timeout", Type: table.Int, Mode: table.Optional, Default: int64(30), Check: table.AtLeast(0, " seconds"),
		Doc: "How many seconds the guest has to shut down, when it is stopped or destroyed, before its power is cut. 0 cuts it at once."},
	table.AutostartRow("domain", false),
}
