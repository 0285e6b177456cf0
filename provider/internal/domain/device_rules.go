package domain

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// deviceRules are what the attributes of one disk or interface demand of each other.
func deviceRules(config table.Model) []table.Problem {
	var out []table.Problem
	for _, dev := range table.Keys(config.Group("disks")) {
		disk := config.Group("disks").Group(dev)
		at := tftypes.NewAttributePath().WithAttributeName("disks").WithElementKeyString(dev)
		problem := func(at *tftypes.AttributePath, name, format string, args ...any) {
			out = append(out, table.Problem{Path: at.WithAttributeName(name), Text: fmt.Sprintf(format, args...)})
		}
		if onVirtio := disk["bus"] == nil || disk["bus"] == "virtio"; isCdrom(disk) && onVirtio {
			problem(at, "bus", "'bus' must not be \"virtio\" for a cdrom; use \"sata\", \"scsi\" or \"ide\"")
		}
		if disk != nil && disk["file"] == nil && !isCdrom(disk) && disk["device"] != table.Unknown {
			problem(at, "file", "'file' must be set for a disk; set it, or make 'device' \"cdrom\", which may be empty")
		}
		tune := disk.Group("iotune")
		if tune != nil && empty(tune) {
			problem(at, "iotune", "'iotune' must limit something; set one of its attributes, or take it out")
		}
		for _, what := range []string{"bytes", "iops"} {
			total, read, write := "total_"+what+"_sec", "read_"+what+"_sec", "write_"+what+"_sec"
			if tune[total] != nil && (tune[read] != nil || tune[write] != nil) {
				problem(at.WithAttributeName("iotune"), total, "'%s' must not stand beside '%s' or '%s'; libvirt takes the one or the others", total, read, write)
			}
		}
	}
	for _, key := range table.Keys(config.Group("interfaces")) {
		bandwidth := config.Group("interfaces").Group(key).Group("bandwidth")
		at := tftypes.NewAttributePath().WithAttributeName("interfaces").WithElementKeyString(key).WithAttributeName("bandwidth")
		if bandwidth != nil && empty(bandwidth) {
			out = append(out, table.Problem{Path: at, Text: "'bandwidth' must limit something; set one of its attributes, or take it out"})
		}
		for _, name := range table.Keys(bandwidth) {
			direction, what, _ := strings.Cut(name, "_")
			if average := direction + "_average"; bandwidth[name] != nil && what != "average" && bandwidth[average] == nil {
				out = append(out, table.Problem{Path: at.WithAttributeName(name), Text: fmt.Sprintf("'%s' needs an '%s'; set it, or take this out", name, average)})
			}
		}
	}
	return out
}

// empty: nothing is set in a group. libvirt would forget it.
func empty(group table.Model) bool {
	for _, v := range group {
		if v != nil {
			return false
		}
	}
	return true
}
