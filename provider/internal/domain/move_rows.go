package domain

import "github.com/kvm-fleet/kvm-fleet/provider/internal/table"

// moveRows say how the domain goes to another host.
var moveRows = []table.Attr{}
