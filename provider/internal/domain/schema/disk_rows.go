package schema

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// diskRows are the disks.
var diskRows = []table.Attr{
	{
		Name: "disks", Type: table.Map, Mode: table.Optional,
		Running: table.Running{Operation: ChangeDisks, UndoStart: undoSharedCache}, CostOf: plugging,
		CostDoc: "An entry on `sata` or `ide` is attached and detached at the guest's next start, and so are the first entry " +
			"on `scsi` and an entry with `boot` or `address`.",
		Check: diskTarget, Entries: diskCodec{},
		Doc: "The disks, by the device name that orders them: `vda`, `vdb`, `sda`. A removed entry is detached as soon as the guest has released it.",
		Attrs: []table.Attr{
			{
				Name: "file", Type: table.String, Mode: table.Optional,
				Running: table.Running{Step: StepMedium, Drifts: mediumDrifts},
				OnHost:  table.OnHost{Names: table.FileOnHost}, CostOf: media,
				CostDoc: "Unless the disk is a cdrom, it is in effect after the guest's next start.",
				Check:   table.AbsolutePath, XML: image,
				Doc: "The path of the image on the host, for example a volume's `path`. A cdrom without `file` and `source` is an empty drive.",
			},
			{
				Name: "source", Type: table.Object, Mode: table.Optional, Running: table.Running{Step: StepMedium},
				Group: sourceGroup{},
				Attrs: sourceRows,
				Doc:   "A source other than a `file`: a block device, a volume, or storage on the network; and the secret of an encrypted source.",
			},
			{
				Name: "format", Type: table.String, Mode: table.Optional, Running: table.Running{Step: StepMedium},
				Default: "qcow2", Enum: []string{"qcow2", "raw"}, CostOf: mediaFormat,
				CostDoc: "It is in effect after the guest's next start, unless the medium of a cdrom changes with it.",
				XML:     xmlmodel.At("driver@type"),
				Doc:     "The format of the image. A source that is not a `file` is most often `raw`.",
			},
			{
				Name: "device", Type: table.String, Mode: table.Optional,
				OnHost:  table.OnHost{Capability: &table.Capability{What: "disk device", Enum: "diskDevice", Element: []string{"devices", "disk"}}},
				Default: "disk", Enum: []string{"disk", "cdrom"}, Change: table.NextBoot, XML: device,
				Doc: "The type of the device that the guest sees.",
			},
			{
				Name: "bus", Type: table.String, Mode: table.Optional,
				OnHost:  table.OnHost{Capability: &table.Capability{What: "disk bus", Enum: "bus", Element: []string{"devices", "disk"}}},
				Default: "virtio", Enum: []string{"virtio", "sata", "scsi", "ide", "usb"}, Change: table.NextBoot, XML: bus,
				Doc: "The bus to which the disk is attached. A cdrom is not supported on `virtio`.",
			},
			{
				Name: "cache", Type: table.String, Mode: table.Optional,
				Enum: []string{"none", "writethrough", "writeback", "directsync", "unsafe"}, Change: table.NextBoot,
				XML: xmlmodel.At("driver@cache"),
				Doc: "How the host caches the disk. Unset: QEMU's own choice, `writeback`.",
			},
			{Name: "boot", Type: table.Int, Mode: table.Optional, Change: table.NextBoot, Check: table.AtLeast(1, ""), XML: bootOrder,
				Doc: "The position in the boot order of the firmware. If no device has a position, the firmware tries only the first disk by name."},
			{
				Name: "options", Type: table.Object, Mode: table.Optional, Group: ownElementlessGroup{optionRows},
				Implied: allUnsetOrFalse,
				Attrs:   optionRows,
				Doc:     "Less common settings of the disk.",
			},
			{
				Name: "iotune", Type: table.Object, Mode: table.Optional, Running: table.Running{Drifts: always},
				Group: xmlmodel.Element{"iotune"},
				Attrs: iotuneRows,
				Doc:   "Limits of the disk's throughput. A total cannot be combined with its read and write.",
			},
			addressRow(diskAddressForm, "The address of the disk on the guest's bus: of a PCI device like `0000:05:00.0` on `virtio`; the "+
				"controller, bus, target and unit like `0:0:0:1` on `sata`, `scsi` and `ide`. A cdrom on `sata` is most often at `0:0:0:0`."),
			{
				Name: "target_pool", Type: table.String, Mode: table.OptionalComputed, Check: table.ObjectName,
				Doc: "The pool for the copy of the disk when the guest moves to a host that does not share its storage. " +
					"Unset: the pool with the same name as on the source host. An import has the pool that the disk is in.",
			},
		},
	},
}

// plugging is the cost of a disk that is attached or detached. libvirt hot-plugs on virtio, scsi and usb only, and scsi requires a
// controller in the guest. The boot order of a running guest does not change either: another device may still have the position of the new
// one.
// https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/qemu/qemu_hotplug.c, qemuDomainAttachDeviceDiskLiveInternal
func plugging(c table.ValueChange) table.Cost {
	for _, entry := range []any{c.Was, c.Is} {
		d, there := entry.(table.Model)
		switch bus := d.Str("bus"); {
		case there && (bus == "sata" || bus == "ide"), there && bus == "scsi" && !anyOn(bus, c.From.Group("disks")):
			return table.NextBoot
		}
	}
	return placedCost(c)
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

// mediaFormat is the cost of another format. libvirt accepts a new format with a new medium only; in an empty drive the format has no
// effect.
func mediaFormat(c table.ValueChange) table.Cost {
	if sameMedium(c.From, c.To) {
		return table.NextBoot
	}
	return media(c)
}

// mediumDrifts reports whether another file is drift: the medium of a drive can change in the running guest alone. The other file of a disk
// is the overlay of a snapshot.
func mediumDrifts(c table.ValueChange) bool { return IsCDROM(c.From) }

// IsCDROM reports whether a disk is a drive whose medium can change.
func IsCDROM(disk table.Model) bool { return disk.Str("device") == "cdrom" }
