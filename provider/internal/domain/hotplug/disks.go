package hotplug

import (
	"context"
	"slices"
	"strings"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// changeDisk changes the medium of a drive and what a disk may do. The target pool is for the disk's next move alone.
func changeDisk(ctx context.Context, g guest, e entry) error {
	if schema.IsCDROM(e.was) && schema.IsCDROM(e.is) {
		if err := updateDevice(ctx, g, e, []string{"file", "source", "format"}); err != nil {
			return err
		}
	}
	return throttle(ctx, g, e)
}

// limitRows are the limits of a disk.
var limitRows = schema.Row("disks", "iotune").Attrs

// throttle sets the limits of a disk, which DomainUpdateDeviceFlags does not. Those of bytes go together, and those of operations: libvirt (9.0)
// keeps what it is not given, and QEMU refuses what is left of a burst without its rate.
func throttle(ctx context.Context, g guest, e entry) error {
	var params []libvirt.TypedParam
	for _, what := range []string{"_bytes_", "_iops_"} {
		if !e.throttles(what) {
			continue
		}
		for _, row := range limitRows {
			if name := row.Name; strings.Contains(name, what) {
				value := uint64(e.is.Group("iotune").Int(name))
				params = append(params, libvirt.TypedParam{Field: name, Value: *libvirt.NewTypedParamValueUllong(value)})
			}
		}
	}
	if params == nil {
		return nil
	}
	device, err := findRunningEntry(ctx, g, e.row, e.key)
	if err != nil || device == nil {
		return err
	}
	return g.host.Do(ctx, func(l *libvirt.Libvirt) error {
		return l.DomainSetBlockIOTune(g.domain, e.key, params, uint32(liveAndConfig))
	})
}

// throttles says whether one of the limits of bytes, or of operations, changes.
func (e entry) throttles(what string) bool {
	was, is := e.was.Group("iotune"), e.is.Group("iotune")
	return slices.ContainsFunc(limitRows, func(a table.Attr) bool { return strings.Contains(a.Name, what) && was[a.Name] != is[a.Name] })
}
