package domain

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// osRows say what the guest boots on, and how.
var osRows = []table.Attr{
	{Name: "arch", Type: table.String, Mode: table.OptionalComputed, Change: table.Replace, Check: notEmpty, XML: xmlmodel.At("os/type@arch"), Doc: "The CPU architecture. Unset: the host's."},
	{Name: "machine", Type: table.String, Mode: table.OptionalComputed, Change: table.NextBoot, Check: notEmpty, Same: sameMachine, XML: machine,
		Doc: "The machine type: `q35`, `pc`, or one with its version such as `pc-q35-7.2`. A name without a version is the newest that the host had when the domain was defined. Unset: `q35`."},
	{Name: "firmware", Type: table.String, Mode: table.Optional, Default: "bios", Enum: []string{"bios", "efi"}, Change: table.NextBoot, XML: firmware,
		Doc: "`efi` is UEFI, with variables of the domain's own that libvirt makes and removes."},
	{Name: "kernel", Type: table.String, Mode: table.Optional, Change: table.NextBoot, Check: table.AbsolutePath, XML: xmlmodel.At("os/kernel"), Doc: "A kernel on the host to boot directly."},
	{Name: "initrd", Type: table.String, Mode: table.Optional, Change: table.NextBoot, Check: table.AbsolutePath, XML: xmlmodel.At("os/initrd"), Doc: "Its initial ramdisk, on the host."},
	{Name: "cmdline", Type: table.String, Mode: table.Optional, Change: table.NextBoot, Check: notEmpty, XML: xmlmodel.At("os/cmdline"), Doc: "Its command line."},
}
