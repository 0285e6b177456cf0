package schema

import (
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// iotuneRows are the limits of a disk. They have libvirt's names, which are the same in its XML and in its calls.
var iotuneRows = limits()

// limitFamilies are the suffixes of groups of three limits: total, read and write. A total cannot be combined with the other two.
var limitFamilies = []string{"_bytes_sec", "_iops_sec", "_bytes_sec_max", "_iops_sec_max", "_bytes_sec_max_length", "_iops_sec_max_length"}

func limits() (rows []table.Attr) {
	verbs := map[string]string{"total": "read and written together", "read": "read", "write": "written"}
	for _, family := range limitFamilies {
		for _, direction := range []string{"total", "read", "write"} {
			what, step := "Bytes", StepByteLimits
			if strings.HasPrefix(family, "_iops") {
				what, step = "Operations", StepOperationLimits
			}
			doc := what + " per second, " + verbs[direction] + "."
			base := direction + strings.TrimSuffix(family, "_length")
			switch {
			case strings.HasSuffix(family, "_max"):
				doc = what + " per second in a burst, if `" + strings.TrimSuffix(base, "_max") + "` was not used up before."
			case strings.HasSuffix(family, "_length"):
				doc = "How long a burst of `" + base + "` may last, in seconds. Unset: 1."
			}
			rows = append(rows, table.Attr{
				Name: direction + family, Type: table.Int, Mode: table.Optional, Running: table.Running{Step: step},
				Check: table.AtLeast(1, ""), XML: xmlmodel.At(direction + family),
				Doc: doc,
			})
		}
	}
	return rows
}
