package domain

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// diskRows are the disks.
var diskRows = []table.Attr{
	{Name: "disks", Type: table.Map, Mode: table.Optional, Change: table.NextBoot, Check: diskTarget, Entries: disks{}, Doc: "The disks, by the device name that orders them: `vda`, `vdb`, `sda`.",
		Attrs: []table.Attr{
			{Name: "file", Type: table.String, Mode: table.Required, Change: table.NextBoot, Check: table.AbsolutePath, XML: source("file"), Doc: "The image's path on the host, for example a volume's `path`."},
			{Name: "format", Type: table.String, Mode: table.Optional, Default: "qcow2", Enum: []string{"qcow2", "raw"}, Change: table.NextBoot, XML: xmlmodel.At("driver@type"), Doc: "The image's format."},
			{Name: "device", Type: table.String, Mode: table.Optional, Default: "disk", Enum: []string{"disk", "cdrom"}, Change: table.NextBoot, XML: device, Doc: "What the guest sees."},
			{Name: "bus", Type: table.String, Mode: table.Optional, Default: "virtio", Enum: []string{"virtio", "sata", "scsi", "ide", "usb"}, Change: table.NextBoot, XML: bus, Doc: "How it is attached. A cdrom can't be on `virtio`."},
		}},
}
