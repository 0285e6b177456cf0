package schema

import (
	"fmt"
	"regexp"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// osRows are the machine, the firmware, and how the guest boots.
var osRows = []table.Attr{
	{
		Name: "arch", Type: table.String, Mode: table.OptionalComputed,
		OnHost: table.OnHost{Decides: table.MachineKind}, Change: table.Replace, Check: architecture,
		XML: xmlmodel.At("os/type@arch"),
		Doc: "The CPU architecture. Unset: the host's.",
	},
	{
		Name: "machine", Type: table.String, Mode: table.OptionalComputed,
		OnHost: table.OnHost{Decides: table.MachineKind}, Change: table.NextBoot, Check: notEmpty,
		Same: sameMachine, XML: machine,
		Doc: "The machine type: `q35`, `pc`, or one with a version such as `pc-q35-7.2`. A name without a version stands for " +
			"the newest version of the host when the domain was defined. Unset: `q35` on x86, and `virt` on ARM and RISC-V.",
	},
	{
		Name: "firmware", Type: table.String, Mode: table.Optional,
		Running: table.Running{UndoStart: undoFirmwareSelection}, OnHost: table.OnHost{Decides: table.MachineKind},
		Default: "bios", DefaultIn: defaultFirmware,
		DefaultDoc: "For `aarch64`, which has no BIOS: `efi`; there, `bios` boots `kernel` without firmware.",
		Enum:       []string{"bios", "efi"}, Change: table.NextBoot, XML: firmware,
		Doc: "`efi` is UEFI; libvirt creates and removes its variables.",
	},
	{
		Name: "efi", Type: table.Object, Mode: table.Optional, OnHost: table.OnHost{Decides: table.MachineKind},
		Group: efi{}, Implied: impliedEFI,
		Attrs: efiRows,
		Doc: "Settings of the firmware `efi`. UEFI variables survive every change. Those with secure boot and those without " +
			"are in separate files, and neither contains the other's settings.",
	},
	{
		Name: "kernel", Type: table.String, Mode: table.Optional, OnHost: table.OnHost{Names: table.FileOnHost}, Change: table.NextBoot,
		Check: table.AbsolutePath, XML: xmlmodel.At("os/kernel"),
		Doc: "A kernel on the host that is booted directly.",
	},
	{
		Name: "initrd", Type: table.String, Mode: table.Optional, OnHost: table.OnHost{Names: table.FileOnHost}, Change: table.NextBoot,
		Check: table.AbsolutePath, XML: xmlmodel.At("os/initrd"),
		Doc: "The initial ramdisk of `kernel`, on the host.",
	},
	{
		Name: "cmdline", Type: table.String, Mode: table.Optional, Change: table.NextBoot, Check: notEmpty,
		XML: xmlmodel.At("os/cmdline"),
		Doc: "The command line of `kernel`.",
	},
}

var archForm = regexp.MustCompile(`^[a-z0-9_]+$`)

func architecture(v any) error {
	if s := v.(string); !archForm.MatchString(s) {
		return fmt.Errorf("must be an architecture like x86_64 or aarch64, got %q", s)
	}
	return nil
}

// efiRows are the settings of UEFI. The loader comes first, because the others depend on it.
var efiRows = []table.Attr{
	{
		Name: "loader", Type: table.String, Mode: table.Optional, OnHost: table.OnHost{Names: table.FileOnHost}, CostOf: efiCost,
		CostDoc: nextStart,
		Check:   table.AbsolutePath, XML: loader,
		Doc: "The firmware image on the host. Unset: libvirt chooses one of the host's images. Another image keeps the " +
			"existing variables, unless `nvram` names other ones.",
	},
	{
		Name: "secure_boot", Type: table.Bool, Mode: table.Optional, Default: false, CostOf: efiCost,
		CostDoc: nextStart,
		XML:     secure,
		Doc: "Whether only signed systems start: the vendor's keys are enrolled, and the variables are protected from the " +
			"guest (SMM). It requires a `q35` machine.",
	},
	{
		Name: "nvram_template", Type: table.String, Mode: table.Optional, OnHost: table.OnHost{Names: table.FileOnHost}, CostOf: efiCost,
		CostDoc: nextStart,
		Check:   table.AbsolutePath, XML: nvramTemplate, Implied: impliedTemplate,
		Doc: "The file on the host from which the variables are copied, with `loader`. Unset: the template that libvirt knows for the loader.",
	},
	{
		Name: "nvram", Type: table.String, Mode: table.Optional, CostOf: efiCost,
		CostDoc: nextStart,
		Check:   table.AbsolutePath, XML: nvram,
		Doc: "The file on the host with the domain's variables. It is created if it is missing, and removed with the domain. " +
			"Unset: a file that libvirt manages.",
	},
}

const nextStart = "A change is in effect after the guest's next start."

// efiCost is the cost of a setting of UEFI. If the kind of firmware changes, that change waits, and the setting adds no cost.
func efiCost(c table.ValueChange) table.Cost {
	if c.Above.From["firmware"] != c.Above.To["firmware"] {
		return table.Live
	}
	return falseIsUnset(c)
}
