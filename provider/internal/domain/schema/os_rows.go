package schema

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// osRows say what the guest boots on, and how.
var osRows = []table.Attr{
	{Name: "arch", Type: table.String, Mode: table.OptionalComputed, OnHost: table.OnHost{Decides: table.MachineKind}, Change: table.Replace, Check: notEmpty, XML: xmlmodel.At("os/type@arch"), Doc: "The CPU architecture. Unset: the host's."},
	{Name: "machine", Type: table.String, Mode: table.OptionalComputed, OnHost: table.OnHost{Decides: table.MachineKind}, Change: table.NextBoot, Check: notEmpty, Same: sameMachine, XML: machine,
		Doc: "The machine type: `q35`, `pc`, or one with its version such as `pc-q35-7.2`. A name without a version is the newest that the host had when the domain was defined. Unset: `q35`."},
	{Name: "firmware", Type: table.String, Mode: table.Optional, Running: table.Running{UndoStart: undoFirmwareSelection}, OnHost: table.OnHost{Decides: table.MachineKind}, Default: "bios", Enum: []string{"bios", "efi"}, Change: table.NextBoot, XML: firmware,
		Doc: "`efi` is UEFI, with variables of the domain's own that libvirt makes and removes."},
	{Name: "efi", Type: table.Object, Mode: table.Optional, OnHost: table.OnHost{Decides: table.MachineKind}, Group: efi{}, Implied: impliedEFI, Attrs: efiRows,
		Doc: "What is special of the firmware `efi`. Variables are kept through every change, each kind in a file of its own: those with secure boot and those without know nothing of each other."},
	{Name: "kernel", Type: table.String, Mode: table.Optional, Change: table.NextBoot, Check: table.AbsolutePath, XML: xmlmodel.At("os/kernel"), Doc: "A kernel on the host to boot directly."},
	{Name: "initrd", Type: table.String, Mode: table.Optional, Change: table.NextBoot, Check: table.AbsolutePath, XML: xmlmodel.At("os/initrd"), Doc: "Its initial ramdisk, on the host."},
	{Name: "cmdline", Type: table.String, Mode: table.Optional, Change: table.NextBoot, Check: notEmpty, XML: xmlmodel.At("os/cmdline"), Doc: "Its command line."},
}

// efiRows: the loader comes first, since the others belong to it.
var efiRows = []table.Attr{
	{Name: "loader", Type: table.String, Mode: table.Optional, CostOf: efiCost, CostDoc: nextStart, Check: table.AbsolutePath, XML: loader,
		Doc: "The firmware image on the host. Unset: libvirt chooses one from what the host has. Another one goes on with the variables that there are, or with `nvram` has some of its own."},
	{Name: "secure_boot", Type: table.Bool, Mode: table.Optional, Default: false, CostOf: efiCost, CostDoc: nextStart, XML: secure,
		Doc: "Whether only signed systems start: with the keys of the firmware's maker enrolled, and protected from the guest (SMM). It needs a `q35` machine."},
	{Name: "nvram_template", Type: table.String, Mode: table.Optional, CostOf: efiCost, CostDoc: nextStart, Check: table.AbsolutePath, XML: nvramTemplate,
		Doc: "With a `loader`: the file on the host that its variables are a copy of. Unset: what libvirt knows of that loader."},
	{Name: "nvram", Type: table.String, Mode: table.Optional, CostOf: efiCost, CostDoc: nextStart, Check: table.AbsolutePath, XML: nvram,
		Doc: "The file on the host that holds the domain's variables, made where it is missing and removed with the domain. Unset: one that libvirt keeps."},
}

const nextStart = "A change is in effect after the guest's next start."

// efiCost: with another kind of firmware this is nothing that waits by itself.
func efiCost(c table.ValueChange) table.Cost {
	if c.Above.From["firmware"] != c.Above.To["firmware"] {
		return table.Live
	}
	return falseIsUnset(c)
}
