package domain

import (
	"context"
	"slices"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// changeDisk changes the medium of a drive and what a disk may do. The target pool is for the disk's next move alone.
func changeDisk(ctx context.Context, g guest, e entry) error {
	if err := renew(ctx, g, e, []string{"file", "source", "format"}); err != nil {
		return err
	}
	return throttle(ctx, g, e)
}

// throttle sets the limits of a disk, which DomainUpdateDeviceFlags does not. Of a family libvirt takes the three together: the one that is not
// given is no limit.
func throttle(ctx context.Context, g guest, e entry) error {
	var params []libvirt.TypedParam
	for i := range iotuneRows {
		if name := iotuneRows[i].Name; e.throttles(familyOf(name)) {
			value := uint64(e.is.Group("iotune").Int(name))
			params = append(params, libvirt.TypedParam{Field: name, Value: *libvirt.NewTypedParamValueUllong(value)})
		}
	}
	if params == nil {
		return nil
	}
	device, err := runningEntry(ctx, g, e.row, e.key)
	if err != nil || device == nil {
		return err
	}
	return g.host.Do(ctx, func(l *libvirt.Libvirt) error { return l.DomainSetBlockIOTune(g.domain, e.key, params, uint32(both)) })
}

// throttles says whether one of the limits of a family changes.
func (e entry) throttles(family string) bool {
	was, is := e.was.Group("iotune"), e.is.Group("iotune")
	return slices.ContainsFunc(iotuneRows, func(a table.Attr) bool { return familyOf(a.Name) == family && was[a.Name] != is[a.Name] })
}
