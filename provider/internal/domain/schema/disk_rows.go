package schema

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// diskRows are the disks.
var diskRows = []table.Attr{
	{Name: "disks", Type: table.Map, Mode: table.Optional, Running: table.Running{Operation: ChangeDisks, UndoStart: undoSharedCache}, CostOf: plugging, CostDoc: "An entry on `sata` or `ide` comes and goes at the guest's next start; the first on `scsi`, and one with a `boot`, come then.", Check: diskTarget, Entries: diskCodec{},
		Doc: "The disks, by the device name that orders them: `vda`, `vdb`, `sda`. One that is taken away is taken away once the guest has let go of it.",
		Attrs: []table.Attr{
			{Name: "file", Type: table.String, Mode: table.Optional, Running: table.Running{Step: StepMedium, Drifts: mediumDrifts}, OnHost: table.OnHost{Names: table.ImageOnHost}, CostOf: media, CostDoc: "Of a disk that is no cdrom it is in effect after the guest's next start.", Check: table.AbsolutePath, XML: image,
				Doc: "The image's path on the host, for example a volume's `path`. A cdrom without a file or `source` is an empty drive."},
			{Name: "source", Type: table.Object, Mode: table.Optional, Running: table.Running{Step: StepMedium}, Group: sourceGroup{}, Attrs: sourceRows,
				Doc: "What it is in place of a `file`: a block device, or storage on a network. And what opens an encrypted one."},
			{Name: "format", Type: table.String, Mode: table.Optional, Running: table.Running{Step: StepMedium}, Default: "qcow2", Enum: []string{"qcow2", "raw"}, CostOf: mediaFormat,
				CostDoc: "It is in effect after the guest's next start, but for a cdrom whose medium changes with it.", XML: xmlmodel.At("driver@type"), Doc: "The image's format. What is no `file` most often is `raw`."},
			{Name: "device", Type: table.String, Mode: table.Optional, OnHost: table.OnHost{Capability: &table.Capability{What: "disk device", Enum: "diskDevice", Element: []string{"devices", "disk"}}}, Default: "disk", Enum: []string{"disk", "cdrom"}, Change: table.NextBoot, XML: device, Doc: "What the guest sees."},
			{Name: "bus", Type: table.String, Mode: table.Optional, OnHost: table.OnHost{Capability: &table.Capability{What: "disk bus", Enum: "bus", Element: []string{"devices", "disk"}}}, Default: "virtio", Enum: []string{"virtio", "sata", "scsi", "ide", "usb"}, Change: table.NextBoot, XML: bus, Doc: "How it is attached. A cdrom can't be on `virtio`."},
			{Name: "cache", Type: table.String, Mode: table.Optional, Enum: []string{"none", "writethrough", "writeback", "directsync", "unsafe"}, Change: table.NextBoot, XML: xmlmodel.At("driver@cache"),
				Doc: "How the host caches it. Unset: QEMU's own choice, `writeback`."},
			{Name: "boot", Type: table.Int, Mode: table.Optional, Change: table.NextBoot, Check: table.AtLeast(1, ""), XML: bootOrder,
				Doc: "Its place in the order in which the firmware tries to boot. Where no device has one the first disk by name is tried, and nothing else."},
			{Name: "options", Type: table.Object, Mode: table.Optional, Group: ownElementlessGroup{optionRows}, Implied: allUnsetOrFalse, Attrs: optionRows, Doc: "What most disks are without."},
			{Name: "iotune", Type: table.Object, Mode: table.Optional, Running: table.Running{Drifts: always}, Group: xmlmodel.Element{"iotune"}, Attrs: iotuneRows,
				Doc: "How much the guest may read and write. A total goes without its read and write."},
			{Name: "target_pool", Type: table.String, Mode: table.Optional, Check: table.ObjectName,
				Doc: "The pool in which a copy of the disk is made when the guest moves to a host that does not share its storage. Unset: the one of the same name as on the host it leaves."},
		}},
}

// plugging: libvirt hot-plugs on virtio, scsi and usb alone, and on scsi a guest needs its controller. Nor does a running guest's boot order
// change, in which another device may still have the place of the one that comes.
// https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/qemu/qemu_hotplug.c, qemuDomainAttachDeviceDiskLiveInternal
func plugging(c table.ValueChange) table.Cost {
	for _, entry := range []any{c.Was, c.Is} {
		d, there := entry.(table.Model)
		switch bus := d.Str("bus"); {
		case there && (bus == "sata" || bus == "ide"), there && bus == "scsi" && !anyOn(bus, c.From.Group("disks")):
			return table.NextBoot
		}
	}
	return bootCost(c)
}

// bootCost is that of a device that comes with a place in the boot order.
func bootCost(c table.ValueChange) table.Cost {
	if d, _ := c.Is.(table.Model); d["boot"] != nil {
		return table.NextBoot
	}
	return table.Live
}

func anyOn(bus string, disks table.Model) bool {
	for dev := range disks {
		if disks.Group(dev).Str("bus") == bus {
			return true
		}
	}
	return false
}

func media(c table.ValueChange) table.Cost {
	if IsCDROM(c.From) && IsCDROM(c.To) {
		return table.Live
	}
	return table.NextBoot
}

// mediaFormat: libvirt takes a new format with a new medium only. In an empty drive it means nothing.
func mediaFormat(c table.ValueChange) table.Cost {
	if sameMedium(c.From, c.To) {
		return table.NextBoot
	}
	return media(c)
}

// mediumDrifts: of a drive the medium can be changed in the running guest alone. On a disk another file is the overlay of a snapshot.
func mediumDrifts(c table.ValueChange) bool { return IsCDROM(c.From) }

// IsCDROM says whether a disk is a drive whose medium can change.
func IsCDROM(disk table.Model) bool { return disk.Str("device") == "cdrom" }
