package hotplug

import (
	"context"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// changeDisk changes the medium of a drive and the limits of a disk. The target pool changes nothing here: it is only for the disk's next
// move.
func changeDisk(ctx context.Context, g guest, e entry) error {
	if schema.IsCDROM(e.was) && schema.IsCDROM(e.is) {
		if err := updateDevice(ctx, g, e, schema.StepMedium); err != nil {
			return err
		}
	}
	return throttle(ctx, g, e)
}

// limitRows are the rows for the limits of a disk.
var limitRows = schema.Row("disks", "iotune").Attrs

// throttle sets the limits of a disk, which DomainUpdateDeviceFlags does not set. It sends all byte limits together, and all operation
// limits together: libvirt (9.0) keeps the limits that it is not given, and QEMU rejects a burst that is left without its rate.
func throttle(ctx context.Context, g guest, e entry) error {
	var params []libvirt.TypedParam
	for _, step := range []table.Step{schema.StepByteLimits, schema.StepOperationLimits} {
		if _, changes := e.liveParts(step); changes == nil {
			continue
		}
		for _, row := range limitRows {
			if row.Running.Step == step {
				value := uint64(e.is.Group("iotune").Int(row.Name))
				params = append(params, libvirt.TypedParam{Field: row.Name, Value: *libvirt.NewTypedParamValueUllong(value)})
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
