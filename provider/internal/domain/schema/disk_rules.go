package schema

import (
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// diskRules checks each disk.
func diskRules(p table.Problems, config table.Model) {
	for _, dev := range table.Keys(config.Group("disks")) {
		disk, p := config.Group("disks").Group(dev), p.Entry("disks", dev)
		if disk == nil {
			continue
		}
		if onVirtio := disk["bus"] == nil || disk["bus"] == "virtio"; IsCDROM(disk) && onVirtio {
			p.Must("bus", "not be \"virtio\" for a cdrom; use \"sata\", \"scsi\" or \"ide\"")
		}
		diskSourceRules(p, disk)
		networkSourceRules(p.In("source"), disk)
		diskOptionRules(p, disk)
		diskLabelRules(p, disk)
		diskAddressRule(p, disk)
		limitRules(p, disk.Group("iotune"))
	}
}

// diskAddressRule checks that the address is of the kind that the bus has.
func diskAddressRule(p table.Problems, disk table.Model) {
	text := disk.Str("address")
	bus, known := disk["bus"].(string)
	if disk["bus"] == nil {
		bus, known = "virtio", true
	}
	switch {
	case text == "" || !known:
	case bus == "usb":
		p.ConflictsWithValue("address", "bus", bus, "libvirt chooses its port")
	case bus == "virtio" && !guestPCI.MatchString(text):
		p.Must("address", "be a PCI address like 0000:05:00.0 on bus \"virtio\", got %q", text)
	case bus != "virtio" && !guestDrive.MatchString(text):
		p.Must("address", "be the controller, bus, target and unit like 0:0:0:1 on bus %q, got %q", bus, text)
	}
}

// diskOptionRules checks options that libvirt (9.0) refuses only when it defines or starts the guest.
func diskOptionRules(p table.Problems, disk table.Model) {
	o := disk.Group("options")
	if o != nil && o.IsEmpty() {
		p.Empty("options")
	}
	bus, cache := disk["bus"], disk["cache"]
	if bus == nil {
		bus = "virtio"
	}
	if o["io"] == "native" && cache != "none" && cache != "directsync" && cache != table.Unknown {
		p.Must("options.io", "not be \"native\" with the host's cache; set 'cache' to \"none\" or \"directsync\"")
	}
	if o["detect_zeroes"] == "unmap" && o["discard"] != "unmap" && o["discard"] != table.Unknown {
		p.Must("options.detect_zeroes", "not be \"unmap\" unless 'discard' is \"unmap\"; set that too, or use \"on\"")
	}
	if o["queues"] != nil && bus != "virtio" && bus != table.Unknown {
		p.RequiresValue("options.queues", "bus", bus, "virtio")
	}
	if o["read_only"] == true && !IsCDROM(disk) && (bus == "ide" || bus == "sata") {
		p.Add("options.read_only", "'read_only' is not supported on bus %q; use another bus, or set 'device' to \"cdrom\"", bus)
	}
	if o["shareable"] == true && disk["format"] != "raw" && disk["format"] != table.Unknown {
		p.Add("options.shareable", "'shareable' requires 'format' to be \"raw\": several guests cannot write to an image of "+
			"another format; change that, or remove 'shareable'")
	}
}

// limitRules checks that a total is not combined with its read and write, and that a burst has its rate.
func limitRules(p table.Problems, tune table.Model) {
	if tune == nil {
		return
	}
	if tune.IsEmpty() {
		p.Empty("iotune")
	}
	p = p.In("iotune")
	for _, family := range limitFamilies {
		total := "total" + family
		for _, part := range []string{"read" + family, "write" + family} {
			if tune[total] != nil && tune[part] != nil {
				p.Conflicts(total, part, "a total stands for both directions")
				break
			}
		}
	}
	for _, name := range table.Keys(tune) {
		base, isLength := strings.CutSuffix(name, "_length")
		if !isLength {
			base, _ = strings.CutSuffix(name, "_max")
		}
		switch {
		case tune[name] == nil || base == name:
		case tune[base] == nil:
			p.Requires(name, base)
		case !isLength && tune.Int(base) > tune.Int(name) && tune[name] != table.Unknown:
			p.Must(name, "be at least '%s', %d, got %d; raise it", base, tune.Int(base), tune.Int(name))
		}
	}
}

// bootOrderRules checks that each place in the boot order belongs to one device.
func bootOrderRules(p table.Problems, config table.Model) {
	first := map[int64]string{}
	for _, kind := range []string{"disks", "interfaces"} {
		for _, key := range table.Keys(config.Group(kind)) {
			p := p.Entry(kind, key)
			switch order := config.Group(kind).Group(key).Int("boot"); {
			case order <= 0:
			case first[order] != "":
				p.Unique("boot", order, first[order])
			default:
				first[order] = table.PathString(p.Path())
			}
		}
	}
}
